import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { peopleBefore } from '#patients';
import { Injectable } from '@nestjs/common';

import { SCREENING } from './domain/screening.js';

/** Why a patient waits for a clinician before being called back. */
export interface PatientHold {
  readonly patientId: string;
  readonly cause: 'pregnancy' | 'breastfeeding';
  /** The answer that put the patient on hold. */
  readonly answer: string;
  readonly answeredOn: CalendarDate;
}

const CAUSES = ['pregnancy', 'breastfeeding'] as const;

const newest = (records: string, withdrawn = '', known = ''): string => `
  SELECT DISTINCT ON (asked.id, a.question_id) asked.id AS "patientId", a.question_id AS cause,
         a.answer ->> 'value' AS answer, a.answered_on AS "answeredOn"
    FROM unnest($2::uuid[]) asked (id)
    ${records}
    JOIN screening_answer a ON a.clinic_id = $1 AND a.patient_id = p.id AND a.question_id = ANY ($3::text[])
    LEFT JOIN consultation_withdrawal w ON w.clinic_id = a.clinic_id AND w.consultation_id = a.consultation_id ${withdrawn}
   WHERE w.consultation_id IS NULL ${known}
   ORDER BY asked.id, a.question_id, a.answered_on DESC, a.created_at DESC, a.id DESC`;
const NEWEST = sql(
  newest('JOIN patient p ON p.clinic_id = $1 AND (p.id = asked.id OR p.merged_into_id = asked.id)'),
);
const NEWEST_BEFORE = sql(
  `WITH ${peopleBefore('$4')} ${newest(
    `LEFT JOIN people ON people.patient_id = asked.id
    CROSS JOIN LATERAL unnest(coalesce(people.records, ARRAY[asked.id])) p (id)`,
    'AND w.at < $4',
    'AND a.created_at < $4',
  )}`,
);

/** What the newest answers say about calling patients back. */
@Injectable()
export class PatientHolds {
  /** The holds of these patients, by patient, in one query; whoever has none is missing. A newer "no" ends a hold. */
  async onHold(tx: Tx, patientIds: readonly string[]): Promise<Map<string, PatientHold>> {
    return inForce(await tx.rows<PatientHold>(NEWEST, [tx.clinicId, patientIds, CAUSES]));
  }

  /** The same as it was known before an instant. */
  async onHoldBefore(
    tx: Tx,
    patientIds: readonly string[],
    instant: Date,
  ): Promise<Map<string, PatientHold>> {
    return inForce(await tx.rows<PatientHold>(NEWEST_BEFORE, [tx.clinicId, patientIds, CAUSES, instant]));
  }
}

function inForce(rows: readonly PatientHold[]): Map<string, PatientHold> {
  const held = rows.filter(({ cause, answer }) => !isUnremarkable(cause, answer));
  return new Map(held.toReversed().map((hold) => [hold.patientId, hold]));
}

const isUnremarkable = (questionId: string, answer: string): boolean =>
  SCREENING.some(({ id, unremarkable }) => id === questionId && unremarkable.includes(answer));
