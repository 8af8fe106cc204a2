import { sql, type Tx } from '#database';
import { peopleBefore } from '#patients';
import { movedSince, statusAt } from '#scheduling';
import { Injectable } from '@nestjs/common';

export interface FunnelCounts {
  readonly due: number;
  readonly contacted: number;
  readonly booked: number;
  readonly attended: number;
  readonly bookedUncontacted: number;
  readonly attendedUncontacted: number;
  /** Neither contacted nor booked, each with the records that were the patient's then. */
  readonly untouched: readonly { readonly patientId: string; readonly records: readonly string[] }[];
}

/** What is counted, and as of when. */
export interface FunnelAsked {
  readonly from: string;
  readonly to: string;
  readonly locationId: string | null;
  /** The moment it is counted for. */
  readonly at: Date;
  /** Nothing recorded from then on is known; null: everything is. */
  readonly before: Date | null;
}

// Straight from the windows and their dates, whatever the night stated of them. A window that was recomputed since is the same
// question to the patient, so the earliest day of the period counts once a patient; one that ended before its day, or whose
// treatment never was, was no question. Someone who left care before that day was never to be asked. $6 is what was known.
const COUNTS = sql(`
  WITH ${peopleBefore('$6')}, due AS (
    SELECT coalesce(u.person_id, w.patient_id) AS patient_id, min(w.recommended_from) AS since, array_agg(DISTINCT w.area_id) AS areas
      FROM repeat_visit_window w
      LEFT JOIN people u ON u.patient_id = w.patient_id
      LEFT JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id
      LEFT JOIN treatment_taken_back x ON x.clinic_id = w.clinic_id AND x.treatment_id = w.treatment_id AND x.at < $6
     WHERE w.clinic_id = $1 AND w.recommended_from BETWEEN $2 AND $3 AND w.issued_at < $6
       AND w.recommended_from <= ($5::timestamptz AT TIME ZONE coalesce(l.zone, 'UTC'))::date
       AND (w.ended_at IS NULL OR w.ended_at >= $6 OR w.ended_by <> 'withdrawn'
            AND (w.ended_at AT TIME ZONE coalesce(l.zone, 'UTC'))::date >= w.recommended_from)
       AND x.treatment_id IS NULL AND ($4::uuid IS NULL OR w.location_id = $4)
       AND NOT EXISTS (SELECT FROM patient_leaving d
                        WHERE d.clinic_id = w.clinic_id AND d.patient_id = coalesce(u.person_id, w.patient_id)
                          AND d.cause IN ('deceased', 'transferred') AND d.left_on <= w.recommended_from
                          AND d.recorded_at < $6 AND (d.taken_back_at IS NULL OR d.taken_back_at >= $6))
     GROUP BY 1
  ), united AS (
    SELECT due.*, coalesce(u.records, ARRAY[due.patient_id]) AS records FROM due LEFT JOIN people u ON u.patient_id = due.patient_id
  ), records AS (
    SELECT united.*, one.id AS record_id FROM united CROSS JOIN LATERAL unnest(united.records) one (id)
  ), contacts AS (
    SELECT r.patient_id, min(k.at) AS first_at FROM records r
      JOIN contact_attempt k ON k.clinic_id = $1 AND k.patient_id = r.record_id AND k.on_day >= r.since AND k.at < $6
     GROUP BY 1
  ), told AS (
    SELECT united.*, contacts.first_at FROM united LEFT JOIN contacts USING (patient_id)
  ), visits AS (
    SELECT told.patient_id, told.first_at, coalesce(stood.status, v.status) AS status, v.created_at
      FROM told
      JOIN records USING (patient_id)
      JOIN visit v ON v.clinic_id = $1 AND v.patient_id = records.record_id AND v.created_at < $6
           ${statusAt('$6::timestamptz', 'stood')} ${movedSince('$6::timestamptz')}
     WHERE coalesce(moved.kind, v.kind) = 'treatment' AND coalesce(stood.status, v.status) NOT IN ('held', 'released', 'entered-in-error')
       AND (coalesce(moved.starts_at, v.starts_at) AT TIME ZONE coalesce(moved.zone, v.zone))::date >= told.since
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
         (SELECT coalesce(json_agg(json_build_object('patientId', patient_id, 'records', records)), '[]') FROM told
           WHERE first_at IS NULL AND patient_id NOT IN (SELECT patient_id FROM unasked)) AS untouched`);

const ZONE = sql(`
  SELECT zone FROM clinic_location WHERE clinic_id = $1 AND ($2::uuid IS NULL OR location_id = $2) ORDER BY location_id LIMIT 1`);

/** How far patients who became due have come. */
@Injectable()
export class FunnelQueries {
  counts(tx: Tx, { from, to, locationId, at, before }: FunnelAsked): Promise<FunnelCounts> {
    return tx.one<FunnelCounts>(COUNTS, [tx.clinicId, from, to, locationId, at, before ?? 'infinity']);
  }

  /** Where a day ends: at the location asked for, or the clinic's first; UTC without one. */
  async zone(tx: Tx, locationId: string | null): Promise<string> {
    return (await tx.maybe<{ zone: string }>(ZONE, [tx.clinicId, locationId]))?.zone ?? 'UTC';
  }
}
