import { recorder, sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { PatientSummary } from '../http/patient.views.js';
import type { DuplicatePairView, DuplicateView, MergeView } from './http/merge.dto.js';

const KEEP = sql(`
  INSERT INTO patient_merge (clinic_id, id, from_id, into_id, reason, merged_at, merged_by, from_before, took_refusal)
  SELECT $1, $2, $3, $4, $5, $6, $7, jsonb_build_object('status', status, 'statusOn', status_on, 'statusRecordedAt', status_recorded_at), $8
    FROM patient WHERE clinic_id = $1 AND id = $3`);
const OPEN = sql(`
  SELECT id, into_id AS "intoId", from_before AS "fromBefore", took_refusal AS "tookRefusal"
    FROM patient_merge WHERE clinic_id = $1 AND from_id = $2 AND undone_at IS NULL FOR UPDATE`);
const UNDO = sql(
  'UPDATE patient_merge SET undone_at = $3, undone_by = $4, undone_reason = $5 WHERE clinic_id = $1 AND id = $2',
);
const HISTORY = sql(`
  SELECT m.id, m.from_id AS "fromId", f.number AS "fromNumber", m.into_id AS "intoId", i.number AS "intoNumber", m.reason,
         m.merged_at AS "mergedAt", m.merged_by AS "mergedById", m.undone_at AS "undoneAt", m.undone_by AS "undoneById",
         m.undone_reason AS "undoneReason"
    FROM patient_merge m
    JOIN patient f ON f.clinic_id = m.clinic_id AND f.id = m.from_id
    JOIN patient i ON i.clinic_id = m.clinic_id AND i.id = m.into_id
   WHERE m.clinic_id = $1 AND (m.from_id = ANY ($2::uuid[]) OR m.into_id = ANY ($2::uuid[]))
   ORDER BY m.merged_at DESC, m.id DESC LIMIT 200`);

// Whoever was merged into the record follows it to another survivor; each moved record gets its own line of history.
const moving = (which: string): string => `
  moved AS (
    UPDATE patient p SET merged_into_id = $4, version = p.version + 1, updated_at = $5
      FROM (SELECT id, merged_into_id FROM patient q WHERE q.clinic_id = $1 AND ${which} ORDER BY id FOR NO KEY UPDATE) was
     WHERE p.clinic_id = $1 AND p.id = was.id RETURNING p.id, p.version, was.merged_into_id AS was)
  INSERT INTO patient_change (clinic_id, patient_id, version, verb, at, staff_id, reason, before, after)
  SELECT $1, id, version, $3, $5, $6, $7, jsonb_build_object('mergedIntoId', was), jsonb_build_object('mergedIntoId', $4::uuid)
    FROM moved`;
const FOLLOW = sql(`WITH ${moving('q.merged_into_id = $2')}`);
const RETURN = sql(`
  WITH RECURSIVE below AS (
    SELECT from_id FROM patient_merge WHERE clinic_id = $1 AND into_id = $2 AND undone_at IS NULL
    UNION ALL
    SELECT m.from_id FROM below b JOIN patient_merge m ON m.clinic_id = $1 AND m.into_id = b.from_id AND m.undone_at IS NULL),
  ${moving('q.id IN (SELECT from_id FROM below)')}`);

const SUMMARY = (
  p: string,
): string => `json_build_object('id', ${p}.id, 'number', ${p}.number, 'givenName', ${p}.given_name,
  'familyName', ${p}.family_name, 'preferredName', ${p}.preferred_name, 'birthDate', ${p}.birth_date, 'phone', ${p}.phone,
  'email', ${p}.email, 'status', ${p}.status)`;
const ALIKE = sql(`
  SELECT ${SUMMARY('s')} AS summary, a.because
    FROM patient p
    CROSS JOIN LATERAL similar_patients(p.given_name, p.family_name, p.birth_date, p.phone, p.email, $3, $4) a
    JOIN patient s ON s.clinic_id = $1 AND s.id = a.similar_id
   WHERE p.clinic_id = $1 AND p.id = $2 AND s.id <> p.id ORDER BY s.number`);
// Of somebody with more look-alikes than this the others are found in pairs among themselves.
const MOST_PAIRS = 20;
// A page looks at so many records of the register, not for so many pairs: most pages of a tidy register are empty.
const PAIRS = sql(`
  WITH looked AS MATERIALIZED (
    SELECT * FROM patient WHERE clinic_id = $1 AND status <> 'merged' AND number > $2 ORDER BY number LIMIT $3),
  pairs AS (
    SELECT ${SUMMARY('p')} AS patient, ${SUMMARY('s')} AS duplicate, a.because, p.number AS a, s.number AS b
      FROM looked p
      CROSS JOIN LATERAL similar_patients(p.given_name, p.family_name, p.birth_date, p.phone, p.email, p.number, ${MOST_PAIRS}) a
      JOIN patient s ON s.clinic_id = $1 AND s.id = a.similar_id)
  SELECT (SELECT max(number) FROM looked) AS last, (SELECT count(*)::int FROM looked) AS looked,
         coalesce((SELECT json_agg(json_build_object('patient', patient, 'duplicate', duplicate, 'because', because) ORDER BY a, b)
                     FROM pairs), '[]') AS pairs`);

/** A merge that holds, with what undoing it gives back. */
export interface OpenMerge {
  readonly id: string;
  readonly intoId: string;
  readonly fromBefore: {
    readonly status: string;
    readonly statusOn: string | null;
    readonly statusRecordedAt: string | null;
  };
  readonly tookRefusal: boolean;
}

interface Moving {
  readonly verb: string;
  readonly of: string;
  readonly to: string;
  readonly reason: string;
}

@Injectable()
export class MergesRepository {
  /** Keeps what the duplicate was, before it is changed. */
  async keep(tx: Tx, { of, to, reason }: Omit<Moving, 'verb'>, tookRefusal: boolean): Promise<void> {
    await tx.run(KEEP, [tx.clinicId, newId(), of, to, reason, tx.now, recorder(tx), tookRefusal]);
  }

  open(tx: Tx, fromId: string): Promise<OpenMerge | null> {
    return tx.maybe<OpenMerge>(OPEN, [tx.clinicId, fromId]);
  }

  async undo(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.run(UNDO, [tx.clinicId, id, tx.now, recorder(tx), reason]);
  }

  /** Whoever was merged into `of` goes with it to `to`. */
  async follow(tx: Tx, { verb, of, to, reason }: Moving): Promise<void> {
    await tx.run(FOLLOW, [tx.clinicId, of, verb, to, tx.now, recorder(tx), reason]);
  }

  /** Whoever was merged into `of`, at however many removes, comes back to it. */
  async return(tx: Tx, { verb, of, reason }: Omit<Moving, 'to'>): Promise<void> {
    await tx.run(RETURN, [tx.clinicId, of, verb, of, tx.now, recorder(tx), reason]);
  }

  history(tx: Tx, patientIds: readonly string[]): Promise<MergeView[]> {
    return tx.rows<MergeView>(HISTORY, [tx.clinicId, patientIds]);
  }

  /** In the order of their numbers, those beyond one, more than `limit` where there are more. */
  async alike(tx: Tx, id: string, beyond: number, limit: number): Promise<DuplicateView[]> {
    // One more says that there is a next page, and one may be the record itself.
    const values = [tx.clinicId, id, beyond, limit + 2];
    const rows = await tx.rows<{ summary: PatientSummary; because: string[] }>(ALIKE, values);
    return rows.map(({ summary, because }) => ({ ...summary, because }));
  }

  pairs(
    tx: Tx,
    afterNumber: number,
    limit: number,
  ): Promise<{ last: number | null; looked: number; pairs: DuplicatePairView[] }> {
    return tx.one(PAIRS, [tx.clinicId, afterNumber, limit]);
  }
}
