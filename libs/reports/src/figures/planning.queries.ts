import { sql, type Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { LotOnHand, PlannedUse } from './domain/expiring-stock.js';

const END_OF_AS_OF = `(($2::date + 1)::timestamp AT TIME ZONE w.zone)`;
const OPEN_THEN = `
  FROM issued_window w
 WHERE w.clinic_id = $1 AND w.issued_at < ${END_OF_AS_OF} AND (w.ended_at IS NULL OR w.ended_at >= ${END_OF_AS_OF})
   AND w.target IS NOT NULL AND (w.lapsed_after IS NULL OR w.lapsed_after >= $2)
   AND ($3::uuid IS NULL OR w.location_id = $3)
   AND NOT EXISTS (SELECT FROM patient_departure d WHERE d.clinic_id = w.clinic_id AND d.patient_id = w.patient_id
                      AND d.recorded_at < ${END_OF_AS_OF})`;

// A patient with several areas due in a week comes once. Week −1 is what was due by asOf and is not lapsed.
const DUE = sql(`
  SELECT week, count(*)::int AS patients, count(*) FILTER (WHERE booked)::int AS booked
    FROM (SELECT w.patient_id, CASE WHEN w.target <= $2 THEN -1 ELSE (w.target - $2 - 1) / 7 END AS week,
                 bool_or(EXISTS (SELECT FROM visit v
                   WHERE v.clinic_id = w.clinic_id AND v.patient_id = w.patient_id AND v.kind = 'treatment'
                     AND v.created_at < ${END_OF_AS_OF} AND v.starts_at >= ${END_OF_AS_OF}
                     AND coalesce((SELECT c.status FROM visit_change c WHERE c.clinic_id = v.clinic_id AND c.visit_id = v.visit_id
                                      AND c.at < ${END_OF_AS_OF} ORDER BY c.version DESC LIMIT 1), v.status) IN ('booked', 'confirmed'))) AS booked
          ${OPEN_THEN} AND w.target <= $2::date + $4::int * 7
         GROUP BY 1, 2) due
   GROUP BY week ORDER BY week`);

const LENGTH = sql(`
  SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY minutes)::int AS minutes FROM treatment_visit_length WHERE clinic_id = $1`);

const STOCK = sql(`
  SELECT lot_id AS "lotId", lot_number AS "lotNumber", product_id AS product, expires_on AS "expiresOn", sum(units)::float8 AS units
    FROM vial_on_hand WHERE clinic_id = $1 AND ($2::uuid IS NULL OR location_id = $2)
   GROUP BY 1, 2, 3, 4 ORDER BY expires_on, lot_id LIMIT 5000`);

const PLAN = sql(`
  SELECT g.product_id AS product, greatest(w.target, $2::date)::date AS "on", sum(g.units)::float8 AS units
    FROM (SELECT w.treatment_id, w.area_id, w.target, w.clinic_id ${OPEN_THEN}) w
    JOIN given_dose g ON g.clinic_id = w.clinic_id AND g.treatment_id = w.treatment_id AND g.area_id = w.area_id
   GROUP BY 1, 2 ORDER BY 2, 1`);

/** What is to come: windows open on a day, and what is in stock. */
@Injectable()
export class PlanningQueries {
  /** Patients whose target lies in each of the weeks after asOf; week −1 is what is overdue. */
  due(
    tx: Tx,
    asOf: CalendarDate,
    locationId: string | undefined,
    weeks: number,
  ): Promise<{ week: number; patients: number; booked: number }[]> {
    return tx.rows(DUE, [tx.clinicId, asOf, locationId ?? null, weeks]);
  }

  /** Minutes the middle one of the treatment types takes, buffers included; null without any. */
  async visitMinutes(tx: Tx): Promise<number | null> {
    return (await tx.one<{ minutes: number | null }>(LENGTH, [tx.clinicId])).minutes;
  }

  /** What is left of each lot, the first to expire first. */
  stock(tx: Tx, locationId: string | undefined): Promise<LotOnHand[]> {
    return tx.rows<LotOnHand>(STOCK, [tx.clinicId, locationId ?? null]);
  }

  /** What each patient had last time, asked for again on the target day; overdue ones today. */
  plan(tx: Tx, asOf: CalendarDate, locationId: string | undefined): Promise<PlannedUse[]> {
    return tx.rows<PlannedUse>(PLAN, [tx.clinicId, asOf, locationId ?? null]);
  }
}
