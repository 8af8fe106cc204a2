import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { EmergencyView } from './http/emergency.dto.js';

const VIEW = `e.id, e.patient_id AS "patientId", e.staff_id AS "staffId", s.display_name AS "staffName", e.reason,
  e.opened_at AS "openedAt", e.ends_at AS "endsAt", e.reviewed_by AS "reviewedBy", e.reviewed_at AS "reviewedAt"`;
const FROM = 'emergency_access e JOIN staff s ON s.clinic_id = e.clinic_id AND s.id = e.staff_id';

const OPEN = sql(`
  INSERT INTO emergency_access (clinic_id, id, patient_id, staff_id, reason, opened_at, ends_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const READ = sql(`SELECT ${VIEW} FROM ${FROM} WHERE e.clinic_id = $1 AND e.id = $2`);
const STANDING = sql(`
  SELECT id FROM emergency_access WHERE clinic_id = $1 AND patient_id = $2 AND staff_id = $3 AND ends_at > $4 LIMIT 1`);
const REVIEW = sql(`
  UPDATE emergency_access SET reviewed_by = $3, reviewed_at = $4 WHERE clinic_id = $1 AND id = $2 AND reviewed_at IS NULL`);
const LIST = sql(`
  SELECT ${VIEW} FROM ${FROM}
   WHERE e.clinic_id = $1 AND e.id < $2 AND (e.reviewed_at IS NULL OR NOT $3) ORDER BY e.id DESC LIMIT $4`);

@Injectable()
export class EmergenciesRepository {
  async open(
    tx: Tx,
    patientId: string,
    staffId: string,
    reason: string,
    endsAt: Date,
  ): Promise<EmergencyView> {
    const id = newId(tx.now.getTime());
    await tx.run(OPEN, [tx.clinicId, id, patientId, staffId, reason, tx.now, endsAt]);
    return tx.one<EmergencyView>(READ, [tx.clinicId, id]);
  }

  /** The id of an opening that still stands, or null. */
  async standing(tx: Tx, patientId: string, staffId: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(STANDING, [tx.clinicId, patientId, staffId, tx.now]))?.id ?? null;
  }

  read(tx: Tx, id: string): Promise<EmergencyView | null> {
    return tx.maybe<EmergencyView>(READ, [tx.clinicId, id]);
  }

  async review(tx: Tx, id: string, by: string): Promise<void> {
    await tx.run(REVIEW, [tx.clinicId, id, by, tx.now]);
  }

  /** Newest first. */
  list(tx: Tx, after: string | null, unreviewed: boolean, limit: number): Promise<EmergencyView[]> {
    return tx.rows(LIST, [
      tx.clinicId,
      after ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      unreviewed,
      limit + 1,
    ]);
  }
}
