import { sql, type Tx } from '#database';
import { calendarDate } from '#kernel';
import type { DeskAlert, DeskVisit } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { type Answer, freshness } from './domain/screening.js';

// Of each visit the newest answer to every question that was given by its day.
const ANSWERS = sql(`
  SELECT v.appointment_id AS "appointmentId", a.question_id AS "questionId", a.value, a.answered_on AS "answeredOn"
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS v (appointment_id, patient_id, day)
   CROSS JOIN LATERAL (
     SELECT DISTINCT ON (a.question_id) a.question_id, a.answer ->> 'value' AS value, a.answered_on
       FROM screening_answer a
       JOIN consultation c ON c.clinic_id = a.clinic_id AND c.id = a.consultation_id AND c.status <> 'entered-in-error'
      WHERE a.clinic_id = $1 AND a.patient_id = ANY (person_records(v.patient_id)) AND a.answered_on <= v.day
      ORDER BY a.question_id, a.answered_on DESC, a.created_at DESC, a.id DESC) a`);

/** Whether the screening is ready for the treatments of a day; which answers were given stays with the clinicians. */
@Injectable()
export class ScreeningAlerts {
  /** One query for all visits; only treatments need a fresh screening. At most one alert a visit. */
  async of(tx: Tx, visits: readonly DeskVisit[]): Promise<DeskAlert[]> {
    const treatments = visits.filter(({ kind }) => kind === 'treatment');
    if (treatments.length === 0) return [];
    const rows = await tx.rows<Answer & { appointmentId: string }>(ANSWERS, [
      tx.clinicId,
      treatments.map(({ appointmentId }) => appointmentId),
      treatments.map(({ patientId }) => patientId),
      treatments.map(({ on }) => on),
    ]);
    const given = Map.groupBy(rows, ({ appointmentId }) => appointmentId);
    return treatments.flatMap((visit) => alertOf(visit, given.get(visit.appointmentId) ?? []));
  }
}

/** The gravest of: never asked, lasting history run out, only what is asked on the day itself still open. */
function alertOf({ appointmentId, on }: DeskVisit, answers: readonly Answer[]): DeskAlert[] {
  const lacking = freshness(answers, on).filter(({ state }) => state !== 'fresh');
  const lasting = lacking.filter(({ question }) => question.shelfLifeDays > 0);
  const alert = (code: DeskAlert['code'], date: DeskAlert['date'] = null): DeskAlert[] => [
    { appointmentId, code, areaIds: [], date },
  ];
  if (lasting.some(({ state }) => state === 'unanswered')) return alert('screening-missing');
  const ranOut = lasting.flatMap(({ freshUntil }) => freshUntil ?? []).toSorted();
  if (ranOut[0] !== undefined) return alert('screening-stale', calendarDate(ranOut[0]));
  return lacking.length > 0 ? alert('screening-of-the-day') : [];
}
