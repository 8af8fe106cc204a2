import { sql, type Tx } from '#database';
import type { CalendarDate, Interval } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { Period } from './domain/figure-definitions.js';

/** Whose visits and treatments; absent members ask nothing. */
export interface Whose {
  readonly practitionerId?: string | undefined;
  readonly locationId?: string | undefined;
}

// $2 is asOf: what was recorded later is not known. A visit stands when it was booked by then, in the status and at the
// time it had then: the first later move says where it was.
const END_OF_AS_OF = (zone: string): string => `(($2::date + 1)::timestamp AT TIME ZONE ${zone})`;
const STOOD = `
  SELECT v.*, coalesce(s.status, v.status) AS status_then,
         coalesce(m.starts_then, v.starts_at) AS starts_then,
         coalesce(m.starts_then - v.starts_at, interval '0') AS shift
    FROM visit v
    LEFT JOIN LATERAL (SELECT c.status FROM visit_change c
                        WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.at < ${END_OF_AS_OF('v.zone')}
                        ORDER BY c.version DESC LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT (c.detail -> 'from' ->> 'startsAt')::timestamptz AS starts_then FROM visit_change c
                        WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.verb = 'reschedule'
                          AND c.at >= ${END_OF_AS_OF('v.zone')}
                        ORDER BY c.version LIMIT 1) m ON true
   WHERE v.clinic_id = $1 AND v.created_at < ${END_OF_AS_OF('v.zone')}`;
// A visit that was moved since asOf may have been in the period then; moves are few and have an index of their own.
const NEAR = `
  AND ((v.starts_at >= $3::date - interval '1 day' AND v.starts_at < $4::date + interval '2 days')
       OR v.visit_id IN (SELECT c.visit_id FROM visit_change c
                          WHERE c.clinic_id = $1 AND c.verb = 'reschedule' AND c.at >= $2::date - interval '1 day'))`;
const OF = `AND ($5::uuid IS NULL OR v.practitioner_id = $5) AND ($6::uuid IS NULL OR v.location_id = $6)`;
const IN_PERIOD = `(v.starts_then AT TIME ZONE v.zone)::date BETWEEN $3 AND $4`;

const ATTENDANCE = sql(`
  SELECT count(*) FILTER (WHERE status_then IN ('arrived', 'in-progress', 'fulfilled'))::int AS attended,
         count(*) FILTER (WHERE status_then = 'no-show')::int AS missed,
         count(*) FILTER (WHERE status_then = 'cancelled' AND late_cancel)::int AS "cancelledLate",
         count(*) FILTER (WHERE status_then = 'cancelled' AND late_cancel IS NOT TRUE)::int AS "cancelledInTime",
         count(*) FILTER (WHERE status_then IN ('booked', 'confirmed'))::int AS unnoted,
         count(DISTINCT patient_id)::int AS patients
    FROM (${STOOD} ${NEAR} ${OF}) v
   WHERE ${IN_PERIOD} AND v.starts_then < ${END_OF_AS_OF('v.zone')}`);

const millis = (instant: string): string => `json_agg(round(extract(epoch FROM ${instant}) * 1000))`;
const TAKEN = sql(`
  SELECT practitioner_id AS "practitionerId", location_id AS "locationId", ${millis('busy_from + shift')} AS starts,
         ${millis('busy_to + shift')} AS ends
    FROM (${STOOD} ${NEAR} ${OF}) v
   WHERE ${IN_PERIOD} AND status_then IN ('booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled')
   GROUP BY 1, 2`);

// One day of one patient, however many treatments; the visit must stand at the end of that day, or of asOf if that is sooner.
const REBOOKED = sql(`
  SELECT count(*)::int AS days, count(*) FILTER (WHERE rebooked)::int AS rebooked, count(DISTINCT patient_id)::int AS patients
    FROM (SELECT d.patient_id, EXISTS (
            SELECT FROM visit v
             CROSS JOIN LATERAL (SELECT c.status FROM visit_change c
                                  WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.at < d.day_end
                                  ORDER BY c.version DESC LIMIT 1) s
              LEFT JOIN LATERAL (SELECT (c.detail -> 'from' ->> 'startsAt')::timestamptz AS starts_then FROM visit_change c
                                  WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id AND c.verb = 'reschedule'
                                    AND c.at >= d.day_end ORDER BY c.version LIMIT 1) m ON true
             WHERE v.clinic_id = $1 AND v.patient_id = ANY (d.records) AND v.kind = 'treatment' AND v.created_at < d.day_end
               AND s.status IN ('booked', 'confirmed') AND coalesce(m.starts_then, v.starts_at) >= d.day_end) AS rebooked
            FROM (SELECT t.patient_id, t.treated_on, array_agg(DISTINCT t.recorded_patient_id) || t.patient_id AS records,
                         max((t.treated_on + 1)::timestamp AT TIME ZONE l.zone) AS day_end
                    FROM recorded_treatment t JOIN clinic_location l ON l.clinic_id = t.clinic_id AND l.location_id = t.location_id
                   WHERE t.clinic_id = $1 AND t.treated_on BETWEEN $3 AND $4 AND t.treated_on <= $2 AND t.signed_on <= $2
                     AND (t.withdrawn_on IS NULL OR t.withdrawn_on > $2)
                     AND ($5::uuid IS NULL OR t.practitioner_id = $5) AND ($6::uuid IS NULL OR t.location_id = $6)
                   GROUP BY 1, 2) d) day`);

const REVIEWS = sql(`
  SELECT count(*)::int AS due, count(*) FILTER (WHERE r.completed_on <= $2)::int AS completed,
         count(DISTINCT r.patient_id)::int AS patients
    FROM review_due r
   WHERE r.clinic_id = $1 AND r.due_to BETWEEN $3 AND $4 AND r.due_to < $2 AND r.created_at < ${END_OF_AS_OF('r.zone')}
     AND NOT (r.status = 'waived' AND r.updated_at < ${END_OF_AS_OF('r.zone')})
     AND (r.withdrawn_at IS NULL OR r.withdrawn_at >= ${END_OF_AS_OF('r.zone')})
     AND ($5::uuid IS NULL OR r.practitioner_id = $5) AND ($6::uuid IS NULL OR r.location_id = $6)`);

export interface Attendance {
  readonly attended: number;
  readonly missed: number;
  readonly cancelledLate: number;
  readonly cancelledInTime: number;
  readonly unnoted: number;
  readonly patients: number;
}

export interface TakenTime {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly spans: readonly Interval[];
}

/** What reports count of visits and reviews, as they stood on a day. */
@Injectable()
export class VisitFiguresQueries {
  attendance(tx: Tx, period: Period, whose: Whose): Promise<Attendance> {
    return tx.one<Attendance>(ATTENDANCE, valuesOf(tx, period, whose));
  }

  /** The spans visits took, with buffers, epoch ms: a row a practitioner and location. */
  async taken(tx: Tx, period: Period, whose: Whose): Promise<TakenTime[]> {
    const rows = await tx.rows<{
      practitionerId: string;
      locationId: string;
      starts: readonly number[];
      ends: readonly number[];
    }>(TAKEN, valuesOf(tx, period, whose));
    return rows.map(({ starts, ends, ...who }) => ({
      ...who,
      spans: starts.map((start, i) => ({ start, end: ends[i] ?? start })),
    }));
  }

  rebooked(
    tx: Tx,
    period: Period,
    whose: Whose,
  ): Promise<{ days: number; rebooked: number; patients: number }> {
    return tx.one(REBOOKED, valuesOf(tx, period, whose));
  }

  reviews(
    tx: Tx,
    period: Period,
    whose: Whose,
  ): Promise<{ due: number; completed: number; patients: number }> {
    return tx.one(REVIEWS, valuesOf(tx, period, whose));
  }
}

export const valuesOf = (tx: Tx, { from, to, asOf }: Period, { practitionerId, locationId }: Whose) =>
  [tx.clinicId, asOf, from, to, practitionerId ?? null, locationId ?? null] satisfies (
    CalendarDate | string | null
  )[];
