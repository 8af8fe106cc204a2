import { sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { TOLD, type RecallState } from './domain/recall-progress.js';
import type {
  ContactRecallPatient,
  LotRecallSummary,
  OpenLotRecall,
  RecallPatient,
} from './http/lot-recall.dto.js';
import { LAST_CONTACTS, PATIENT_NAME, WHO_HAD_THE_LOT } from './lot-trace.queries.js';

const COLUMNS = `r.id, r.lot_id AS "lotId", l.number AS "lotNumber", l.product_id AS product, r.reason, r.reference,
  r.opened_at AS "openedAt", r.opened_by AS "openedBy", r.closed_at AS "closedAt", r.closed_by AS "closedBy",
  r.closed_reason AS "closedReason", r.version`;
const FROM = 'FROM recall_case r JOIN lot l ON l.clinic_id = r.clinic_id AND l.id = r.lot_id';
const READ = sql(`SELECT ${COLUMNS} ${FROM} WHERE r.clinic_id = $1 AND r.id = $2`);
const LOCK = sql(`SELECT ${COLUMNS} ${FROM} WHERE r.clinic_id = $1 AND r.id = $2 FOR UPDATE OF r`);
const OF_LOT = sql('SELECT id FROM recall_case WHERE clinic_id = $1 AND lot_id = $2 LIMIT 1');
const LIST = sql(`
  SELECT ${COLUMNS} ${FROM}
   WHERE r.clinic_id = $1 AND r.id < $2 AND ($3::text IS NULL OR (r.closed_at IS NULL) = ($3 = 'open'))
   ORDER BY r.id DESC LIMIT $4`);
const OPEN = sql(`
  INSERT INTO recall_case (clinic_id, id, lot_id, reason, reference, opened_at, opened_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const CLOSE = sql(`
  UPDATE recall_case SET closed_at = $3, closed_by = $4, closed_reason = $5, version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const CONTACT = sql(`
  INSERT INTO recall_contact (clinic_id, id, case_id, patient_id, channel, outcome, note, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
// The newest contact says how a patient stands.
const STANDING = `WITH ${WHO_HAD_THE_LOT},
  ${LAST_CONTACTS},
  standing AS (
    SELECT h.patient_id, k.at, k.channel, k.outcome, coalesce(k.contacts, 0) AS contacts,
           CASE WHEN k.outcome IS NULL THEN 'outstanding' WHEN k.outcome IN ('${TOLD.join("', '")}') THEN 'told' ELSE 'tried' END AS state
      FROM (SELECT DISTINCT patient_id FROM had) h LEFT JOIN contact k ON k.patient_id = h.patient_id)`;
const COUNT = sql(`${STANDING} SELECT state, count(*)::int AS patients FROM standing GROUP BY state`);
const PATIENTS = sql(`${STANDING}
  SELECT p.id AS "patientId", p.number AS "patientNumber", ${PATIENT_NAME} AS "patientName", p.birth_date AS "birthDate", p.phone,
         p.email, p.contact_channels AS "contactChannels", p.do_not_contact AS "doNotContact", p.status AS "patientStatus", s.state,
         s.contacts, s.at AS "lastContactAt", s.channel AS "lastChannel", s.outcome AS "lastOutcome"
    FROM standing s JOIN patient p ON p.clinic_id = $1 AND p.id = s.patient_id
   WHERE p.number > $4 AND ($5::text IS NULL OR s.state = $5) ORDER BY p.number LIMIT $6`);
const HAD = sql(
  `WITH ${WHO_HAD_THE_LOT} SELECT patient_id FROM had WHERE patient_id = $3 OR as_recorded = $3 LIMIT 1`,
);

@Injectable()
export class LotRecallsRepository {
  read(tx: Tx, id: string): Promise<LotRecallSummary | null> {
    return tx.maybe<LotRecallSummary>(READ, [tx.clinicId, id]);
  }

  lock(tx: Tx, id: string): Promise<LotRecallSummary | null> {
    return tx.maybe<LotRecallSummary>(LOCK, [tx.clinicId, id]);
  }

  async isKnown(tx: Tx, lotId: string): Promise<boolean> {
    return (await tx.maybe(OF_LOT, [tx.clinicId, lotId])) !== null;
  }

  /** Newest first. */
  list(tx: Tx, status: string | undefined, before: string, limit: number): Promise<LotRecallSummary[]> {
    return tx.rows<LotRecallSummary>(LIST, [tx.clinicId, before, status ?? null, limit + 1]);
  }

  async open(tx: Tx, lotId: string, { reason, reference }: OpenLotRecall): Promise<string> {
    const id = newId();
    await tx.run(OPEN, [tx.clinicId, id, lotId, reason, reference ?? null, tx.now, tx.actor.staffId]);
    return id;
  }

  async close(tx: Tx, id: string, reason: string): Promise<void> {
    await tx.run(CLOSE, [tx.clinicId, id, tx.now, tx.actor.staffId, reason]);
  }

  async contact(
    tx: Tx,
    caseId: string,
    { patientId, channel, outcome, note }: ContactRecallPatient,
  ): Promise<void> {
    const what = [patientId, channel, outcome, note ?? null, tx.now, tx.actor.staffId];
    await tx.run(CONTACT, [tx.clinicId, newId(), caseId, ...what]);
  }

  counts(
    tx: Tx,
    { id, lotId }: Pick<LotRecallSummary, 'id' | 'lotId'>,
  ): Promise<{ state: RecallState; patients: number }[]> {
    return tx.rows(COUNT, [tx.clinicId, lotId, id]);
  }

  /** By patient number, from the one after. */
  patients(
    tx: Tx,
    { id, lotId }: Pick<LotRecallSummary, 'id' | 'lotId'>,
    state: RecallState | undefined,
    after: number,
    limit: number,
  ): Promise<RecallPatient[]> {
    return tx.rows<RecallPatient>(PATIENTS, [tx.clinicId, lotId, id, after, state ?? null, limit + 1]);
  }

  /** Whether the patient had the lot, under whichever of their numbers. */
  async had(tx: Tx, lotId: string, patientId: string): Promise<boolean> {
    return (await tx.maybe(HAD, [tx.clinicId, lotId, patientId])) !== null;
  }
}
