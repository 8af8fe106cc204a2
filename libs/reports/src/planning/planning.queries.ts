import { asKnown, sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { peopleBefore, recordsOf } from '#patients';
import { movedSince, statusAt } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { endOfAsOf } from '../figures/as-known.js';
import type { Due } from './domain/due-weeks.js';
import type { LotOnHand, PlannedUse } from './domain/expiring-stock.js';

/** A day at the end of which things are seen, at a location or all, and its end in the register. */
export interface Standing {
  readonly asOf: CalendarDate;
  readonly locationId: string | undefined;
  readonly before: Date;
}

/** Of each of the weeks after asOf; week −1 is what is overdue. */
export interface DueThen extends Due {
  readonly week: number;
}

// $1 the clinic, $2 asOf, $3 the location, $4 the end of asOf in the register.
const END_OF_AS_OF = endOfAsOf('w.zone');
const OPEN_THEN = `
  FROM issued_window w
 WHERE w.clinic_id = $1 AND w.issued_at < ${END_OF_AS_OF} AND (w.ended_at IS NULL OR w.ended_at >= ${END_OF_AS_OF})
   AND w.target IS NOT NULL AND (w.lapsed_after IS NULL OR w.lapsed_after >= $2)
   AND ($3::uuid IS NULL OR w.location_id = $3)
   AND w.patient_id NOT IN (SELECT d.patient_id FROM patient_leaving d
                             WHERE d.clinic_id = $1 AND d.cause <> 'opted-out' AND d.recorded_at < $4
                               AND (d.taken_back_at IS NULL OR d.taken_back_at >= $4))`;
const BOOKED = `EXISTS (
  SELECT FROM visit v ${statusAt(END_OF_AS_OF, 'stood')} ${movedSince(END_OF_AS_OF)}
   WHERE v.clinic_id = $1 AND v.patient_id = ANY (${recordsOf('w.patient_id')})
     AND coalesce(moved.kind, v.kind) = 'treatment' AND v.created_at < ${END_OF_AS_OF}
     AND coalesce(stood.status, v.status) IN ('booked', 'confirmed') AND coalesce(moved.starts_at, v.starts_at) >= ${END_OF_AS_OF})`;

// A patient with several areas due in a week comes once. Week −1 is what was due by asOf and is not lapsed.
const DUE = sql(`
  WITH ${peopleBefore('$4')}
  SELECT week, count(*)::int AS patients, count(*) FILTER (WHERE booked)::int AS booked
    FROM (SELECT w.patient_id, CASE WHEN w.target <= $2 THEN -1 ELSE (w.target - $2 - 1) / 7 END AS week, bool_or(${BOOKED}) AS booked
          ${OPEN_THEN} AND w.target <= $2::date + $5::int * 7
         GROUP BY 1, 2) due
   GROUP BY week ORDER BY week`);

const LENGTH = sql(`
  WITH ${asKnown(['appointment_type'], '$2')}
  SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY duration_minutes + buffer_before_minutes + buffer_after_minutes)::int AS minutes
    FROM appointment_type WHERE kind = 'treatment' AND active`);

const STOCK = sql(`
  WITH ${asKnown(['lot', 'vial'], '$2')}
  SELECT l.id AS "lotId", l.number AS "lotNumber", l.product_id AS product, l.expires_on AS "expiresOn", count(*)::int AS vials,
         sum(v.content - v.drawn - v.wasted)::float8 / 100 AS units
    FROM vial v JOIN lot l ON l.id = v.lot_id
   WHERE v.status <> 'discarded' AND l.status = 'in-use' AND v.content > v.drawn + v.wasted
     AND ($3::uuid IS NULL OR v.location_id = $3) AND l.expires_on >= $4
   GROUP BY 1, 2, 3, 4 ORDER BY 4, 1 LIMIT 5000`);

const PLAN = sql(`
  SELECT g.product_id AS product, greatest(w.target, $2::date)::date AS "on", sum(g.units)::float8 AS units
    FROM (SELECT w.treatment_id, w.area_id, w.target, w.clinic_id ${OPEN_THEN}) w
    JOIN given_dose g ON g.clinic_id = w.clinic_id AND g.treatment_id = w.treatment_id AND g.area_id = w.area_id
   GROUP BY 1, 2 ORDER BY 2, 1`);

/** What is to come: windows open on a day, and what was in stock. */
@Injectable()
export class PlanningQueries {
  /** Patients whose target lies in each of the weeks after asOf; week −1 is what is overdue. */
  due(tx: Tx, { asOf, locationId, before }: Standing, weeks: number): Promise<DueThen[]> {
    return tx.rows(DUE, [tx.clinicId, asOf, locationId ?? null, before, weeks]);
  }

  /** Minutes the middle one of the treatment types takes, buffers included; null without any. */
  async visitMinutes(tx: Tx, { before }: Standing): Promise<number | null> {
    return (await tx.one<{ minutes: number | null }>(LENGTH, [tx.clinicId, before])).minutes;
  }

  /** What was left of each lot that had not expired, the first to expire first. */
  stock(tx: Tx, { asOf, locationId, before }: Standing): Promise<LotOnHand[]> {
    return tx.rows<LotOnHand>(STOCK, [tx.clinicId, before, locationId ?? null, asOf]);
  }

  /** What each patient had last time, asked for again on the target day; overdue ones at once. */
  plan(tx: Tx, { asOf, locationId, before }: Standing): Promise<PlannedUse[]> {
    return tx.rows<PlannedUse>(PLAN, [tx.clinicId, asOf, locationId ?? null, before]);
  }
}
