import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import { FOLLOW_UP } from '../follow-ups.repository.js';
import type { FollowUpView } from '../http/follow-up.dto.js';
import { PATHWAY, type PathwayRow } from '../pathways/pathways.repository.js';

/** A place in a list ordered by day. */
export type Place = readonly [day: string, id: string];

// A patient who died or went elsewhere is nobody's work; the record a merged one went into says so. A value, not EXISTS: asked
// row by row along the index, where a join would first look through every patient of the clinic.
const inCare = (patientId: string): string => `(
       SELECT coalesce(s.status, q.status)
         FROM patient q LEFT JOIN patient s ON s.clinic_id = q.clinic_id AND s.id = q.merged_into_id
        WHERE q.clinic_id = $1 AND q.id = ${patientId}) = 'active'`;

// A practitioner's own: reviews and checks whose first day has come and nobody has done.
const OWN = sql(`
  SELECT ${FOLLOW_UP} FROM follow_up
   WHERE clinic_id = $1 AND practitioner_id = $2 AND status IN ('due', 'booked', 'missed') AND kind = $3 AND due_from <= $4
     AND (due_from, id) > ($5, $6) AND ${inCare('follow_up.patient_id')}
   ORDER BY due_from, id LIMIT $7`);

// The desk's: reviews without a date, from the day on from which they can be booked ahead.
const TO_BOOK = sql(`
  SELECT ${FOLLOW_UP} FROM follow_up
   WHERE clinic_id = $1 AND kind = 'review' AND status IN ('due', 'missed') AND ($2::text IS NULL OR status = $2) AND due_from <= $3
     AND (due_from, id) > ($4, $5) AND ${inCare('follow_up.patient_id')}
   ORDER BY due_from, id LIMIT $6`);

const OPEN_PATHWAYS = sql(`
  SELECT ${PATHWAY} FROM non_response_pathway p
   WHERE p.clinic_id = $1 AND p.status = 'open' AND ($2::uuid IS NULL OR p.practitioner_id = $2) AND (p.found_on, p.id) > ($3, $4)
     AND ${inCare('p.patient_id')}
   ORDER BY p.found_on, p.id LIMIT $5`);

/** What waits for whom, the oldest first; one query a list. */
@Injectable()
export class WorklistsQueries {
  own(
    tx: Tx,
    kind: 'review' | 'non-response-check',
    by: string,
    [day, id]: Place,
    limit: number,
  ): Promise<FollowUpView[]> {
    return tx.rows(OWN, [tx.clinicId, tx.actor.staffId, kind, by, day, id, limit]);
  }

  toBook(
    tx: Tx,
    status: 'due' | 'missed' | null,
    by: string,
    [day, id]: Place,
    limit: number,
  ): Promise<FollowUpView[]> {
    return tx.rows(TO_BOOK, [tx.clinicId, status, by, day, id, limit]);
  }

  openPathways(
    tx: Tx,
    practitionerId: string | null,
    [day, id]: Place,
    limit: number,
  ): Promise<PathwayRow[]> {
    return tx.rows(OPEN_PATHWAYS, [tx.clinicId, practitionerId, day, id, limit]);
  }
}
