import { sql, type Tx } from '#database';

import type { AuditEntry } from './audit.js';

const RECORD = sql(`
  INSERT INTO audit_event (clinic_id, at, staff_id, session_id, request_id, address, action, entity, entity_id, patient_id, outcome, detail)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`);

/** Sent at once and answered before the commit counts. */
export function keepEntry(tx: Tx, entry: AuditEntry & { readonly entity: string }): void {
  const { clinicId, staffId, sessionId, requestId, address } = tx.actor;
  tx.later(RECORD, [
    clinicId,
    tx.now,
    staffId,
    sessionId ?? null,
    requestId ?? null,
    address ?? null,
    entry.action,
    entry.entity,
    entry.entityId,
    entry.patientId,
    entry.outcome ?? 'done',
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  ]);
}
