import { sql, type Tx } from '#database';
import { calendarDate } from '#kernel';
import type { DeskAlert, DeskVisit } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { type Answer, freshness, type ShelfLives, stillAsked } from './domain/screening.js';
import { ChartingPolicyService } from './policy/charting-policy.service.js';

// Of each visit the newest answer to every question that was given by its day.
const ANSWERS = sql(`
  SELECT v.appointment_id AS "appointmentId", a.question_id AS "questionId", a.value, a.answered_on AS "answeredOn", a.edition
    FROM unnest($2::uuid[], $3::uuid[], $4::date[]) AS v (appointment_id, patient_id, day)
   CROSS JOIN LATERAL (
     SELECT DISTINCT ON (a.question_id) a.question_id, a.answer ->> 'value' AS value, a.answered_on,
            a.questionnaire_version AS edition
       FROM screening_answer a
       LEFT JOIN consultation_withdrawal w ON w.clinic_id = a.clinic_id AND w.consultation_id = a.consultation_id
      WHERE w.consultation_id IS NULL AND a.clinic_id = $1 AND a.patient_id = ANY (person_records(v.patient_id)) AND a.answered_on <= v.day
      ORDER BY a.question_id, a.answered_on DESC, a.created_at DESC, a.id DESC) a`);

/** Whether the screening is ready for the treatments of a day; which answers were given stays with the clinicians. */
@Injectable()
export class ScreeningAlerts {
  constructor(private readonly policies: ChartingPolicyService) {}

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
    const { shelfLives } = await this.policies.inForce(tx);
    const given = Map.groupBy(stillAsked(rows), ({ appointmentId }) => appointmentId);
    return treatments.flatMap((visit) => alertOf(visit, given.get(visit.appointmentId) ?? [], shelfLives));
  }
}

/** The gravest of: never asked, lasting history run out, only what is asked on the day itself still open. */
function alertOf(
  { appointmentId, on }: DeskVisit,
  answers: readonly Answer[],
  shelfLives: ShelfLives,
): DeskAlert[] {
  const lacking = freshness(answers, on, shelfLives).filter(({ state }) => state !== 'fresh');
  const lasting = lacking.filter(({ question }) => question.shelfLifeDays > 0);
  const alert = (code: DeskAlert['code'], date: DeskAlert['date'] = null): DeskAlert[] => [
    { appointmentId, code, areaIds: [], date },
  ];
  if (lasting.some(({ state }) => state === 'unanswered')) return alert('screening-missing');
  const ranOut = lasting.flatMap(({ freshUntil }) => freshUntil ?? []).toSorted();
  if (ranOut[0] !== undefined) return alert('screening-stale', calendarDate(ranOut[0]));
  return lacking.length > 0 ? alert('screening-of-the-day') : [];
}
