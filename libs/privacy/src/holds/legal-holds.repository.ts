import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { LegalHoldView } from './http/legal-hold.dto.js';

const VIEW = `h.id, h.patient_id AS "patientId", h.reason, h.placed_by AS "placedBy", h.placed_at AS "placedAt",
  h.lifted_by AS "liftedBy", h.lifted_at AS "liftedAt", h.lift_reason AS "liftReason"`;

// An erasure waits for a hold being placed at this moment on any record of the person, and the other way round; in one
// order, so that none deadlock.
const LOCK_PERSON = sql(`
  SELECT id FROM patient WHERE clinic_id = $1 AND id = ANY ((SELECT person_records($2))::uuid[]) ORDER BY id FOR NO KEY UPDATE`);
const PLACE = sql(`
  INSERT INTO legal_hold AS h (clinic_id, id, patient_id, reason, placed_by, placed_at)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${VIEW}`);
const READ = sql(`SELECT ${VIEW} FROM legal_hold h WHERE clinic_id = $1 AND id = $2`);
const LIFT = sql(`
  UPDATE legal_hold h SET lifted_by = $3, lifted_at = $4, lift_reason = $5
   WHERE clinic_id = $1 AND id = $2 AND lifted_at IS NULL RETURNING ${VIEW}`);
const OF_PERSON = `FROM legal_hold h JOIN patient p ON p.clinic_id = h.clinic_id AND p.id = h.patient_id
   WHERE h.clinic_id = $1 AND coalesce(p.merged_into_id, p.id) =
         (SELECT coalesce(merged_into_id, id) FROM patient WHERE clinic_id = $1 AND id = $2)`;
const LIST = sql(`SELECT ${VIEW} ${OF_PERSON} ORDER BY h.id DESC LIMIT 200`);
const STANDS = sql(`SELECT h.id ${OF_PERSON} AND h.lifted_at IS NULL LIMIT 1`);

@Injectable()
export class LegalHoldsRepository {
  /** Until this transaction ends nobody else holds, merges or erases this person. @returns whether there is one. */
  async lockPerson(tx: Tx, patientId: string): Promise<boolean> {
    for (let before = ''; ;) {
      const rows = await tx.rows<{ id: string }>(LOCK_PERSON, [tx.clinicId, patientId]);
      const locked = rows.map(({ id }) => id).join(' ');
      // While it was waited for, a merge may have brought one record more.
      if (locked === before) return rows.length > 0;
      before = locked;
    }
  }

  place(tx: Tx, patientId: string, reason: string, staffId: string): Promise<LegalHoldView> {
    return tx.one<LegalHoldView>(PLACE, [
      tx.clinicId,
      newId(tx.now.getTime()),
      patientId,
      reason,
      staffId,
      tx.now,
    ]);
  }

  read(tx: Tx, id: string): Promise<LegalHoldView | null> {
    return tx.maybe<LegalHoldView>(READ, [tx.clinicId, id]);
  }

  /** null when it was lifted before. */
  lift(tx: Tx, id: string, reason: string, staffId: string): Promise<LegalHoldView | null> {
    return tx.maybe<LegalHoldView>(LIFT, [tx.clinicId, id, staffId, tx.now, reason]);
  }

  /** Of all records of the person, newest first. */
  list(tx: Tx, patientId: string): Promise<LegalHoldView[]> {
    return tx.rows(LIST, [tx.clinicId, patientId]);
  }

  async stands(tx: Tx, patientId: string): Promise<boolean> {
    return (await tx.maybe(STANDS, [tx.clinicId, patientId])) !== null;
  }
}
