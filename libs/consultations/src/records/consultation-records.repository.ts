import type { PresentRecord, SignedSource } from '#audit';
import { isoText, sql, type Tx } from '#database';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

const parts = (table: string, order: string, members: string): string => `
  (SELECT coalesce(json_agg(json_build_object(${members}) ORDER BY ${order}), '[]') FROM ${table} p
    WHERE p.clinic_id = c.clinic_id AND p.consultation_id = c.id)`;

/** Everything a signature stands for, read from the rows themselves, for signing and for verifying alike. */
const CONTENT = `json_build_object(
  'id', c.id, 'patientId', c.patient_id, 'practitionerId', c.practitioner_id, 'locationId', c.location_id,
  'appointmentId', c.appointment_id, 'heldOn', c.held_on, 'catalogueVersion', c.catalogue_version, 'amendsId', c.amends_id,
  'amendReason', c.amend_reason, 'signedAt', ${isoText('c.signed_at')}, 'signedBy', c.signed_by, 'signedName', c.signed_name,
  'signedMeaning', c.signed_meaning,
  'answers', ${parts(
    'screening_answer',
    'p.id',
    `'id', p.id, 'questionId', p.question_id, 'edition', p.questionnaire_version,
    'answer', p.answer, 'answeredOn', p.answered_on, 'recordedBy', p.recorded_by, 'at', ${isoText('p.created_at')}`,
  )},
  'plan', ${parts('plan_item', 'p.area_id, p.product_id', `'id', p.area_id || ' ' || p.product_id, 'units', p.units`)},
  'severity', ${parts(
    'severity_score',
    'p.area_id, p.scale',
    `'id', p.area_id || ' ' || p.scale, 'atRest', p.at_rest,
    'atContraction', p.at_contraction`,
  )},
  'findings', ${parts(
    'safety_finding',
    'p.id',
    `'id', p.id, 'ruleCode', p.rule_code, 'ruleVersion', p.rule_version,
    'severity', p.severity, 'product', p.product_id, 'because', p.because, 'evidence', p.evidence, 'decision', p.decision,
    'reason', p.decision_reason, 'decidedBy', p.decided_by, 'decidedAt', ${isoText('p.decided_at')}`,
  )},
  'consents', ${parts(
    'consent',
    'p.id',
    `'id', p.id, 'kind', p.kind, 'area', p.area_id, 'textVersion', p.text_version,
    'textHash', p.text_hash, 'textId', p.text_id, 'covers', p.covers, 'costAmount', p.cost_amount,
    'costCurrency', p.cost_currency, 'signedName', p.signed_name, 'signedAt', ${isoText('p.signed_at')}, 'takenBy', p.taken_by`,
  )},
  'clearance', ${parts(
    'clearance',
    'p.id',
    `'id', p.id, 'outcome', p.outcome, 'reason', p.reason, 'decidedOn', p.decided_on,
    'expiresOn', p.expires_on, 'decidedBy', p.decided_by, 'prescriberId', p.prescriber_id, 'faceToFaceOn', p.face_to_face_on,
    'at', ${isoText('p.created_at')}`,
  )})`;

const CONTENTS = sql(
  `SELECT c.id, ${CONTENT} AS content FROM consultation c WHERE c.clinic_id = $1 AND c.id = ANY ($2::uuid[])`,
);
const PAGE = sql(`
  SELECT c.id, c.content_hash AS "contentHash", ${CONTENT} AS content FROM consultation c
   WHERE c.clinic_id = $1 AND c.id > $2 AND c.status = 'signed' ORDER BY c.id LIMIT $3`);
const READ = sql(`
  SELECT c.id, c.content_hash AS "contentHash", ${CONTENT} AS content FROM consultation c
   WHERE c.clinic_id = $1 AND c.id = ANY ($2::uuid[]) AND c.status = 'signed' ORDER BY c.id`);
const AMONG = sql(
  `SELECT id FROM consultation WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) AND status = 'signed'`,
);

const SIGN = sql(`
  UPDATE consultation SET signed_at = $3, signed_by = $4, signed_name = $5, signed_meaning = $6 WHERE clinic_id = $1 AND id = $2`);
const LOCK_CONTENT = sql('UPDATE consultation SET content_hash = $3 WHERE clinic_id = $1 AND id = $2');
const WITHDRAW = sql(`
  INSERT INTO consultation_withdrawal (clinic_id, consultation_id, cause, reason, replaced_by_id, at, staff_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`);
const AMENDED_BY = sql(`
  SELECT c.id FROM consultation c
    LEFT JOIN consultation_withdrawal w ON w.clinic_id = c.clinic_id AND w.consultation_id = c.id
   WHERE c.clinic_id = $1 AND c.amends_id = $2 AND w.consultation_id IS NULL LIMIT 1`);

const COPY = sql(`
  INSERT INTO consultation (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, held_on, catalogue_version,
                            amends_id, amend_reason, created_at)
  SELECT clinic_id, $3, patient_id, practitioner_id, location_id, appointment_id, held_on, $6, id, $4, $5
    FROM consultation WHERE clinic_id = $1 AND id = $2`);
const copyOf = (table: string, columns: string) =>
  sql(`INSERT INTO ${table} (clinic_id, consultation_id, ${columns})
       SELECT clinic_id, $3, ${columns} FROM ${table} WHERE clinic_id = $1 AND consultation_id = $2`);
const COPIES = [
  copyOf('plan_item', 'area_id, product_id, units'),
  copyOf('severity_score', 'area_id, scale, at_rest, at_contraction'),
];
// Rows with ids of their own get new ones in the same order, which is the order in which they were said.
const renamedCopyOf = (table: string, columns: string) => ({
  ids: sql(`SELECT id FROM ${table} WHERE clinic_id = $1 AND consultation_id = $2 ORDER BY id`),
  copy: sql(`INSERT INTO ${table} (clinic_id, consultation_id, id, ${columns})
             SELECT o.clinic_id, $2, n.new_id, ${columns} FROM ${table} o
               JOIN unnest($3::uuid[], $4::uuid[]) AS n (old_id, new_id) ON n.old_id = o.id WHERE o.clinic_id = $1`),
});
const RENAMED = [
  renamedCopyOf(
    'screening_answer',
    'patient_id, question_id, questionnaire_version, answer, answered_on, recorded_by, created_at',
  ),
  renamedCopyOf(
    'safety_finding',
    'rule_code, rule_version, severity, product_id, because, evidence, decision, decision_reason, decided_by, decided_at',
  ),
  renamedCopyOf(
    'consent',
    'patient_id, kind, area_id, text_version, text_hash, signed_name, signed_at, taken_by, text_id, covers, cost_amount, cost_currency',
  ),
];

/** Consultations as signed records. */
@Injectable()
export class ConsultationRecordsRepository implements SignedSource {
  readonly kind = 'consultation';

  page(tx: Tx, after: string, limit: number): Promise<PresentRecord[]> {
    return tx.rows<PresentRecord>(PAGE, [tx.clinicId, after, limit]);
  }

  read(tx: Tx, ids: readonly string[]): Promise<PresentRecord[]> {
    return tx.rows<PresentRecord>(READ, [tx.clinicId, ids]);
  }

  async signedAmong(tx: Tx, ids: readonly string[]): Promise<string[]> {
    return (await tx.rows<{ id: string }>(AMONG, [tx.clinicId, ids])).map(({ id }) => id);
  }

  /** What a signature stands for, or would. */
  async content(tx: Tx, id: string): Promise<unknown> {
    const [row] = await this.contents(tx, [id]);
    return row?.content;
  }

  /** The same of several, in one query. */
  contents(tx: Tx, ids: readonly string[]): Promise<{ id: string; content: unknown }[]> {
    return tx.rows<{ id: string; content: unknown }>(CONTENTS, [tx.clinicId, ids]);
  }

  /** Puts name, time and meaning; the status follows when everything is in. */
  async sign(tx: Tx, id: string, by: { staffId: string; name: string; meaning: string }): Promise<void> {
    await tx.run(SIGN, [tx.clinicId, id, tx.now, by.staffId, by.name, by.meaning]);
  }

  async lockContent(tx: Tx, id: string, contentHash: string): Promise<void> {
    await tx.run(LOCK_CONTENT, [tx.clinicId, id, contentHash]);
  }

  /** False when it was withdrawn before. */
  async withdraw(
    tx: Tx,
    id: string,
    cause: 'amended' | 'entered-in-error',
    reason: string,
    replacedById: string | null,
  ): Promise<boolean> {
    return (
      (await tx.run(WITHDRAW, [tx.clinicId, id, cause, reason, replacedById, tx.now, tx.actor.staffId])) === 1
    );
  }

  /** The version that amends it and was not taken back, or null. */
  async amendedBy(tx: Tx, id: string): Promise<string | null> {
    return (await tx.maybe<{ id: string }>(AMENDED_BY, [tx.clinicId, id]))?.id ?? null;
  }

  /** An open consultation with the same content but its conclusion; its id. */
  async copy(tx: Tx, id: string, reason: string, release: number): Promise<string> {
    const copyId = newId();
    await tx.run(COPY, [tx.clinicId, id, copyId, reason, tx.now, release]);
    for (const part of COPIES) await tx.run(part, [tx.clinicId, id, copyId]);
    for (const part of RENAMED) {
      const old = (await tx.rows<{ id: string }>(part.ids, [tx.clinicId, id])).map((row) => row.id);
      if (old.length > 0)
        await tx.run(part.copy, [tx.clinicId, copyId, old, old.map((_, i) => newId(tx.now.getTime() + i))]);
    }
    return copyId;
  }
}
