import { isoText, recorder, sql, type Tx } from '#database';
import { newId, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Clearance } from './domain/clearance.js';
import type { Finding } from './domain/safety-check.js';
import { SCREENING_VERSION, type Answer } from './domain/screening.js';
import type { GiveAnswer, PlannedArea, ScoreArea } from './http/assessment.dto.js';
import type { BeginConsultation } from './http/consultation.dto.js';
import type {
  ClearanceView,
  ConsentView,
  ConsultationSignatureView,
  ConsultationView,
} from './http/consultation.view.js';

/** A finding as it was when someone decided on it or the consultation was concluded. */
export interface KeptFinding {
  readonly finding: Finding;
  readonly decision: 'proceed' | 'acknowledged' | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
}

export type ConsultationRow = Pick<
  ConsultationView,
  | 'id'
  | 'patientId'
  | 'practitionerId'
  | 'locationId'
  | 'appointmentId'
  | 'status'
  | 'version'
  | 'severity'
  | 'amendsId'
  | 'amendReason'
  | 'withdrawal'
> & {
  readonly heldOn: CalendarDate;
  readonly plan: PlannedArea[];
  readonly signature: Omit<ConsultationSignatureView, 'intact'> | null;
  /** Of the location, whether or not it is still in use. */
  readonly zone: string;
  readonly consents: ConsentView[];
  readonly clearance: ClearanceView | null;
  /** Oldest first. */
  readonly kept: KeptFinding[];
};

export interface GivenAnswer extends Answer {
  readonly consultationId: string;
}

/** The prescriber a clearance rests on. */
export interface Prescribed {
  readonly prescriberId: string | null;
  readonly faceToFaceOn: CalendarDate | null;
  readonly reason: string | null;
}

const mine = (alias: string): string =>
  `${alias}.clinic_id = c.clinic_id AND ${alias}.consultation_id = c.id`;

const READ = sql(`
  SELECT c.id, c.patient_id AS "patientId", c.practitioner_id AS "practitionerId", c.location_id AS "locationId",
         c.appointment_id AS "appointmentId", c.held_on AS "heldOn", coalesce(w.cause, c.status) AS status,
         c.version, l.zone, c.amends_id AS "amendsId", c.amend_reason AS "amendReason",
         CASE WHEN c.status = 'signed' THEN json_build_object('by', c.signed_by, 'name', c.signed_name, 'at', ${isoText('c.signed_at')},
           'meaning', c.signed_meaning, 'contentHash', c.content_hash) END AS signature,
         CASE WHEN w.cause IS NOT NULL THEN json_build_object('cause', w.cause, 'reason', w.reason, 'by', w.staff_id,
           'at', ${isoText('w.at')}, 'replacedById', w.replaced_by_id) END AS withdrawal,
         (SELECT coalesce(json_agg(json_build_object('area', v.area_id, 'scale', v.scale, 'atRest', v.at_rest,
                   'atContraction', v.at_contraction) ORDER BY v.area_id, v.scale), '[]') FROM severity_score v WHERE ${mine('v')}) AS severity,
         (SELECT coalesce(json_agg(json_build_object('area', p.area_id, 'product', p.product_id, 'units', p.units)
                   ORDER BY p.area_id, p.product_id), '[]') FROM plan_item p WHERE ${mine('p')}) AS plan,
         (SELECT coalesce(json_agg(json_build_object('id', s.id, 'kind', s.kind, 'area', s.area_id, 'textVersion', s.text_version,
                   'textHash', s.text_hash, 'signedName', s.signed_name, 'signedAt', ${isoText('s.signed_at')}, 'takenBy', s.taken_by,
                   'textId', s.text_id, 'covers', s.covers, 'costAmount', s.cost_amount, 'costCurrency', s.cost_currency)
                   ORDER BY s.id), '[]') FROM consent s WHERE ${mine('s')}) AS consents,
         (SELECT json_build_object('id', k.id, 'outcome', k.outcome, 'reason', k.reason, 'decidedOn', k.decided_on,
                   'expiresOn', k.expires_on, 'decidedBy', k.decided_by, 'prescriberId', k.prescriber_id,
                   'faceToFaceOn', k.face_to_face_on) FROM clearance k WHERE ${mine('k')}) AS clearance,
         (SELECT coalesce(json_agg(json_build_object('finding', f.evidence, 'decision', f.decision, 'reason', f.decision_reason,
                   'decidedBy', f.decided_by, 'decidedAt', ${isoText('f.decided_at')}) ORDER BY f.id), '[]')
            FROM safety_finding f WHERE ${mine('f')}) AS kept
    FROM consultation c JOIN location l ON l.clinic_id = c.clinic_id AND l.id = c.location_id
    LEFT JOIN consultation_withdrawal w ON w.clinic_id = c.clinic_id AND w.consultation_id = c.id
   WHERE c.clinic_id = $1 AND c.id = $2`);
const LOCK = sql('SELECT version FROM consultation WHERE clinic_id = $1 AND id = $2 FOR UPDATE');
const OF_CLEARANCE = sql(
  'SELECT consultation_id AS "consultationId" FROM clearance WHERE clinic_id = $1 AND id = $2 AND patient_id = ANY ((SELECT person_records($3))::uuid[])',
);

const ADD = sql(`
  INSERT INTO consultation (clinic_id, id, patient_id, practitioner_id, location_id, appointment_id, held_on, catalogue_version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);

const CHANGED = sql(
  'UPDATE consultation SET version = version + 1, status = $3 WHERE clinic_id = $1 AND id = $2',
);
const FORGET_PLAN = sql('DELETE FROM plan_item WHERE clinic_id = $1 AND consultation_id = $2');
const PLAN = sql(`
  INSERT INTO plan_item (clinic_id, consultation_id, area_id, product_id, units)
  SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::numeric[])`);

const FORGET_SCORES = sql('DELETE FROM severity_score WHERE clinic_id = $1 AND consultation_id = $2');
const SCORE = sql(`
  INSERT INTO severity_score (clinic_id, consultation_id, area_id, scale, at_rest, at_contraction)
  SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::smallint[], $6::smallint[])`);

const ANSWER = sql(`
  INSERT INTO screening_answer (clinic_id, id, consultation_id, patient_id, question_id, questionnaire_version, answer,
                                answered_on, recorded_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

// The newest answer of each day and question: of one day the last one given counts.
const ANSWERS = sql(`
  SELECT DISTINCT ON (a.question_id, a.answered_on) a.question_id AS "questionId", a.answer ->> 'value' AS value,
         a.answered_on AS "answeredOn", a.answer ->> 'lastOn' AS "lastOn", a.consultation_id AS "consultationId",
         a.questionnaire_version AS edition
    FROM screening_answer a
    LEFT JOIN consultation_withdrawal w ON w.clinic_id = a.clinic_id AND w.consultation_id = a.consultation_id
   WHERE w.consultation_id IS NULL AND a.clinic_id = $1 AND a.patient_id = ANY ((SELECT person_records($2))::uuid[])
   ORDER BY a.question_id, a.answered_on, a.created_at DESC, a.id DESC`);

const KEEP = sql(`
  INSERT INTO safety_finding (clinic_id, id, consultation_id, rule_code, rule_version, severity, product_id, because, evidence,
                              decision, decision_reason, decided_by, decided_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`);

const CLEAR = sql(`
  INSERT INTO clearance (clinic_id, id, consultation_id, patient_id, outcome, reason, decided_on, expires_on, decided_by,
                         prescriber_id, face_to_face_on, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`);

@Injectable()
export class ConsultationsRepository {
  read(tx: Tx, id: string): Promise<ConsultationRow | null> {
    return tx.maybe<ConsultationRow>(READ, [tx.clinicId, id]);
  }

  /** Keeps others from changing it until the transaction ends; its version, or null when there is none. */
  async lock(tx: Tx, id: string): Promise<number | null> {
    return (await tx.maybe<{ version: number }>(LOCK, [tx.clinicId, id]))?.version ?? null;
  }

  /** The consultation a patient's clearance concluded, or null. */
  async idOfClearance(tx: Tx, clearanceId: string, patientId: string): Promise<string | null> {
    const row = await tx.maybe<{ consultationId: string }>(OF_CLEARANCE, [
      tx.clinicId,
      clearanceId,
      patientId,
    ]);
    return row?.consultationId ?? null;
  }

  async add(tx: Tx, begun: BeginConsultation, heldOn: CalendarDate, release: number): Promise<string> {
    const id = newId();
    const { patientId, locationId, appointmentId = null } = begun;
    const values = [patientId, recorder(tx), locationId, appointmentId, heldOn, release, tx.now];
    await tx.run(ADD, [tx.clinicId, id, ...values]);
    return id;
  }

  async changed(tx: Tx, id: string, status: string): Promise<void> {
    await tx.run(CHANGED, [tx.clinicId, id, status]);
  }

  async plan(tx: Tx, id: string, plan: readonly PlannedArea[]): Promise<void> {
    await tx.run(FORGET_PLAN, [tx.clinicId, id]);
    const columns = [
      plan.map(({ area }) => area),
      plan.map(({ product }) => product),
      plan.map(({ units }) => units),
    ];
    await tx.run(PLAN, [tx.clinicId, id, ...columns]);
  }

  async score(tx: Tx, id: string, scores: readonly ScoreArea[]): Promise<void> {
    await tx.run(FORGET_SCORES, [tx.clinicId, id]);
    if (scores.length === 0) return;
    const columns = [
      scores.map(({ area }) => area),
      scores.map(({ scale }) => scale),
      scores.map(({ atRest }) => atRest),
      scores.map(({ atContraction }) => atContraction),
    ];
    await tx.run(SCORE, [tx.clinicId, id, ...columns]);
  }

  async answer(
    tx: Tx,
    { id, patientId }: Pick<ConsultationRow, 'id' | 'patientId'>,
    { questionId, ...answer }: GiveAnswer,
    on: CalendarDate,
  ): Promise<void> {
    const given = [questionId, SCREENING_VERSION, JSON.stringify(answer), on, recorder(tx), tx.now];
    await tx.run(ANSWER, [tx.clinicId, newId(), id, patientId, ...given]);
  }

  /** Everything the patient was asked in this clinic, one answer a question and day. */
  async answers(tx: Tx, patientId: string): Promise<GivenAnswer[]> {
    const rows = await tx.rows<Omit<GivenAnswer, 'lastOn'> & { lastOn: CalendarDate | null }>(ANSWERS, [
      tx.clinicId,
      patientId,
    ]);
    return rows.map(({ lastOn, ...row }) => (lastOn === null ? row : { ...row, lastOn }));
  }

  /** Keeps a finding as it stands; without a decision at the end of the consultation. */
  async keep(
    tx: Tx,
    id: string,
    finding: Finding,
    release: number,
    decided?: { readonly decision: string; readonly reason: string | null },
  ): Promise<void> {
    const because = String(finding.because['question'] ?? 'age');
    const rule = [
      finding.ruleCode,
      release,
      finding.severity,
      finding.product,
      because,
      JSON.stringify(finding),
    ];
    const decision = decided
      ? [decided.decision, decided.reason, recorder(tx), tx.now]
      : [null, null, null, null];
    await tx.run(KEEP, [tx.clinicId, newId(), id, ...rule, ...decision]);
  }

  async conclude(
    tx: Tx,
    { id, patientId }: ConsultationRow,
    { outcome, decidedOn, expiresOn }: Clearance,
    { prescriberId, faceToFaceOn, reason }: Prescribed,
  ): Promise<void> {
    const decided = [outcome, reason, decidedOn, expiresOn, recorder(tx), prescriberId, faceToFaceOn, tx.now];
    await tx.run(CLEAR, [tx.clinicId, newId(), id, patientId, ...decided]);
  }
}
