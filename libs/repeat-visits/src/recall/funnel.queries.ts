import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

export interface FunnelCounts {
  readonly due: number;
  readonly contacted: number;
  readonly booked: number;
  readonly attended: number;
  readonly bookedUncontacted: number;
  readonly attendedUncontacted: number;
  /** Neither contacted nor booked. */
  readonly untouched: readonly string[];
}

// Straight from the windows and their dates, whatever the night stated of them. A window that was recomputed since is the same
// question to the patient, so the earliest day of the period counts once a patient; one that ended before its day, or whose
// treatment never was, was no question. Someone who left care before that day was never to be asked.
const COUNTS = sql(`
  WITH due AS (
    SELECT coalesce(p.merged_into_id, p.id) AS patient_id, min(w.recommended_from) AS since, array_agg(DISTINCT w.area_id) AS areas
      FROM repeat_visit_window w
      JOIN patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id
      LEFT JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
      LEFT JOIN patient_departure d ON d.clinic_id = p.clinic_id AND d.patient_id = coalesce(p.merged_into_id, p.id)
       AND d.left_on <= w.recommended_from
     WHERE w.clinic_id = $1 AND w.recommended_from BETWEEN $2 AND $3
       AND w.recommended_from <= ($5::timestamptz AT TIME ZONE coalesce(l.zone, 'UTC'))::date
       AND (w.ended_at IS NULL OR w.ended_by <> 'withdrawn'
            AND (w.ended_at AT TIME ZONE coalesce(l.zone, 'UTC'))::date >= w.recommended_from)
       AND d.patient_id IS NULL AND ($4::uuid IS NULL OR w.location_id = $4)
     GROUP BY 1
  ), told AS (
    SELECT due.*, (SELECT min(k.at) FROM recall_list_contact k
                    WHERE k.clinic_id = $1 AND k.patient_id = due.patient_id AND k.on_day >= due.since) AS first_at
      FROM due
  ), visits AS (
    SELECT told.patient_id, told.first_at, v.status, v.created_at
      FROM told
      JOIN patient p ON p.clinic_id = $1 AND (p.id = told.patient_id OR p.merged_into_id = told.patient_id)
      JOIN treatment_visit v ON v.clinic_id = $1 AND v.patient_id = p.id AND v.on_day >= told.since
       AND (cardinality(v.area_ids) = 0 OR v.area_ids && told.areas)
  ), after_contact AS (
    SELECT patient_id, bool_or(status = 'fulfilled') AS attended FROM visits WHERE created_at >= first_at GROUP BY 1
  ), unasked AS (
    SELECT patient_id, bool_or(status = 'fulfilled') AS attended FROM visits
     WHERE first_at IS NULL OR created_at < first_at GROUP BY 1
  )
  SELECT (SELECT count(*) FROM due)::int AS due,
         (SELECT count(*) FROM told WHERE first_at IS NOT NULL)::int AS contacted,
         (SELECT count(*) FROM after_contact)::int AS booked,
         (SELECT count(*) FROM after_contact WHERE attended)::int AS attended,
         (SELECT count(*) FROM unasked WHERE patient_id NOT IN (SELECT patient_id FROM after_contact))::int AS "bookedUncontacted",
         (SELECT count(*) FROM unasked WHERE attended AND patient_id NOT IN (SELECT patient_id FROM after_contact))::int
           AS "attendedUncontacted",
         (SELECT coalesce(array_agg(patient_id), '{}') FROM told
           WHERE first_at IS NULL AND patient_id NOT IN (SELECT patient_id FROM unasked)) AS untouched`);

/** How far patients who became due have come. */
@Injectable()
export class FunnelQueries {
  counts(tx: Tx, from: string, to: string, locationId: string | null): Promise<FunnelCounts> {
    return tx.one<FunnelCounts>(COUNTS, [tx.clinicId, from, to, locationId, tx.now]);
  }
}
