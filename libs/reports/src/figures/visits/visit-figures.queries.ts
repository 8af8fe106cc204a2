import { sql, type Tx } from '#database';
import { personOf, recordsOf } from '#patients';
import { movedSince, statusAt } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { endOfAsOf, PEOPLE } from '../as-known.js';
import { valuesOf, type Asked } from '../asked.js';
import { VISITS_THEN } from './visits-then.js';

const NOTED = `status IN ('arrived', 'in-progress', 'fulfilled', 'no-show')`;
const ATTENDANCE = sql(`
  WITH ${PEOPLE}
  SELECT count(*) FILTER (WHERE status IN ('arrived', 'in-progress', 'fulfilled'))::int AS attended,
         count(*) FILTER (WHERE status = 'no-show')::int AS missed,
         count(*) FILTER (WHERE status = 'cancelled' AND late_cancel)::int AS "cancelledLate",
         count(*) FILTER (WHERE status = 'cancelled' AND late_cancel IS NOT TRUE)::int AS "cancelledInTime",
         count(*) FILTER (WHERE status IN ('booked', 'confirmed'))::int AS unnoted,
         count(DISTINCT person) FILTER (WHERE ${NOTED})::int AS "patientsNoted",
         count(DISTINCT person) FILTER (WHERE ${NOTED} OR (status = 'cancelled' AND late_cancel))::int AS "patientsOfLate"
    FROM (${VISITS_THEN}) v
   WHERE v.starts_at < ${endOfAsOf('v.zone')} AND status IN ('arrived', 'in-progress', 'fulfilled', 'no-show', 'cancelled', 'booked', 'confirmed')`);

// One day of one patient, however many treatments; the visit must stand at the end of that day.
const REBOOKED = sql(`
  WITH ${PEOPLE}, days AS MATERIALIZED (
    SELECT ${personOf('t.patient_id')} AS person, t.treated_on, max((t.treated_on + 1)::timestamp AT TIME ZONE t.zone) AS day_end
      FROM full_treatment t
     WHERE t.clinic_id = $1 AND t.treated_on BETWEEN $3 AND $4 AND t.treated_on <= $2 AND t.signed_on <= $2
       AND (t.withdrawn_on IS NULL OR t.withdrawn_on > $2)
       AND ($5::uuid IS NULL OR t.practitioner_id = $5) AND ($6::uuid IS NULL OR t.location_id = $6)
     GROUP BY 1, 2)
  SELECT count(*)::int AS days, count(*) FILTER (WHERE rebooked)::int AS rebooked, count(DISTINCT person)::int AS patients
    FROM (SELECT d.person, EXISTS (
            SELECT FROM visit v ${statusAt('d.day_end', 'stood')} ${movedSince('d.day_end')}
             WHERE v.clinic_id = $1 AND v.patient_id = ANY (${recordsOf('d.person')}) AND v.created_at < d.day_end
               AND coalesce(moved.kind, v.kind) = 'treatment' AND stood.status IN ('booked', 'confirmed')
               AND coalesce(moved.starts_at, v.starts_at) >= d.day_end) AS rebooked
            FROM days d) day`);

const STATUS_THEN = `
  (SELECT s ->> 'status' FROM jsonb_array_elements(r.states) WITH ORDINALITY AS x (s, n)
    WHERE (s ->> 'at')::timestamptz < ${endOfAsOf('r.zone')} ORDER BY n DESC LIMIT 1)`;
const REVIEWS = sql(`
  WITH ${PEOPLE}
  SELECT count(*)::int AS due, count(*) FILTER (WHERE status = 'completed' AND completed_on <= $2)::int AS completed,
         count(DISTINCT person)::int AS patients
    FROM (SELECT ${STATUS_THEN} AS status, r.completed_on, ${personOf('r.patient_id')} AS person
            FROM review_due r
           WHERE r.clinic_id = $1 AND r.due_to BETWEEN $3 AND $4 AND r.due_to < $2 AND r.created_at < ${endOfAsOf('r.zone')}
             AND (r.withdrawn_at IS NULL OR r.withdrawn_at >= ${endOfAsOf('r.zone')})
             AND ($5::uuid IS NULL OR r.practitioner_id = $5) AND ($6::uuid IS NULL OR r.location_id = $6)) r
   WHERE status IS DISTINCT FROM 'waived'`);

export interface Attendance {
  readonly attended: number;
  readonly missed: number;
  readonly cancelledLate: number;
  readonly cancelledInTime: number;
  readonly unnoted: number;
  /** Different ones whose visits were attended or missed, and with those who cancelled late. */
  readonly patientsNoted: number;
  readonly patientsOfLate: number;
}

/** What reports count of visits and reviews, as they stood on a day. */
@Injectable()
export class VisitFiguresQueries {
  attendance(tx: Tx, asked: Asked): Promise<Attendance> {
    return tx.one<Attendance>(ATTENDANCE, [tx.clinicId, ...valuesOf(asked)]);
  }

  rebooked(tx: Tx, asked: Asked): Promise<{ days: number; rebooked: number; patients: number }> {
    return tx.one(REBOOKED, [tx.clinicId, ...valuesOf(asked)]);
  }

  reviews(tx: Tx, asked: Asked): Promise<{ due: number; completed: number; patients: number }> {
    return tx.one(REVIEWS, [tx.clinicId, ...valuesOf(asked)]);
  }
}
