import { TimelinePort } from '#patients';
import { Injectable } from '@nestjs/common';

const AREAS = `
  (SELECT string_agg(area_id, ', ' ORDER BY area_id) FROM (SELECT DISTINCT area_id FROM injection i
    WHERE i.clinic_id = t.clinic_id AND i.treatment_id = t.id) a)`;
const TREATMENTS = `
  SELECT 'treatment' AS kind, t.id, coalesce(t.signed_at, t.created_at) AS at, t.treated_on AS day,
         concat_ws(': ', CASE t.kind WHEN 'full' THEN 'Treatment' ELSE 'Touch-up' END, ${AREAS}) AS title,
         coalesce(w.cause, CASE WHEN t.status = 'signed' AND t.amends_id IS NOT NULL THEN 'amendment' ELSE t.status END) AS status
    FROM treatment t
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ($2::uuid[])`;
const WITHDRAWALS = `
  SELECT 'treatment-withdrawal' AS kind, t.id, w.at, (w.at AT TIME ZONE l.zone)::date AS day,
         CASE w.cause WHEN 'amended' THEN 'Treatment amended: ' ELSE 'Treatment entered in error: ' END || w.reason AS title,
         w.cause AS status
    FROM treatment t
    JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
   WHERE t.clinic_id = $1 AND t.patient_id = ANY ($2::uuid[])`;

/** Tells a patient's timeline of treatments, and of those amended or taken back. */
@Injectable()
export class TreatmentsTimeline {
  constructor(timeline: TimelinePort) {
    for (const select of [TREATMENTS, WITHDRAWALS]) timeline.offer({ permission: 'charts:read', select });
  }
}
