import { sql, type Tx } from '#database';

/** What was done to or seen of which record. `detail` holds nothing of a patient's: names of changed fields, ids, and of the clinic's own affairs what was set. */
export interface AuditEntry {
  /** `<entity>.<verb>`, e.g. `patient.read`, `appointment.cancel`. */
  readonly action: `${string}.${string}`;
  readonly entityId: string | null;
  readonly patientId: string | null;
  readonly outcome?: 'done' | 'refused';
  readonly detail?: Readonly<Record<string, unknown>>;
}

const RECORD = sql(`
  INSERT INTO audit_event (clinic_id, at, staff_id, session_id, request_id, address, action, entity, entity_id, patient_id, outcome, detail)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`);

/**
 * Leaves one audit row in the transaction that does the work: both come to be, or neither. It is sent at once and
 * answered before the commit counts, so that no request waits a round trip for it.
 */
export function record(tx: Tx, entry: AuditEntry): Promise<void> {
  const { clinicId, staffId, sessionId, requestId, address } = tx.actor;
  const entity = entry.action.slice(0, entry.action.lastIndexOf('.'));
  tx.later(RECORD, [
    clinicId,
    tx.now,
    staffId,
    sessionId ?? null,
    requestId ?? null,
    address ?? null,
    entry.action,
    entity,
    entry.entityId,
    entry.patientId,
    entry.outcome ?? 'done',
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  ]);
  return Promise.resolve();
}
