import { personOf } from '#patients';
import { movedSince, statusAt } from '#scheduling';

import { endOfAsOf } from '../as-known.js';

/**
 * SQL: visits booked by the end of asOf whose time then lay in the period, of whom is asked for, as they stood: status,
 * time, place and practitioner are those of then, `person` is whose record it was. A visit that was moved since may have
 * been in the period; moves are few and have an index of their own. Needs `people`.
 */
export const VISITS_THEN = `
  SELECT * FROM (
    SELECT ${personOf('v.patient_id')} AS person, coalesce(moved.zone, v.zone) AS zone, coalesce(stood.status, v.status) AS status,
           CASE WHEN taken_up.version IS NULL THEN v.late_cancel ELSE taken_up.late_cancel END AS late_cancel,
           coalesce(moved.starts_at, v.starts_at) AS starts_at,
           coalesce(moved.busy_from, v.busy_from + (coalesce(moved.starts_at, v.starts_at) - v.starts_at)) AS busy_from,
           coalesce(moved.busy_to, v.busy_to + (coalesce(moved.starts_at, v.starts_at) - v.starts_at)) AS busy_to,
           coalesce(moved.practitioner_id, v.practitioner_id) AS practitioner_id,
           coalesce(moved.location_id, v.location_id) AS location_id
      FROM visit v ${statusAt(endOfAsOf('v.zone'), 'stood')} ${movedSince(endOfAsOf('v.zone'))}
      LEFT JOIN LATERAL (SELECT r.version, r.late_cancel FROM visit_reinstated r
                          WHERE r.clinic_id = v.clinic_id AND r.visit_id = v.visit_id AND r.at >= ${endOfAsOf('v.zone')}
                          ORDER BY r.version LIMIT 1) taken_up ON true
     WHERE v.clinic_id = $1 AND v.created_at < ${endOfAsOf('v.zone')}
       AND ((v.starts_at >= $3::date - interval '1 day' AND v.starts_at < $4::date + interval '2 days')
            OR v.visit_id IN (SELECT c.visit_id FROM visit_change c
                               WHERE c.clinic_id = $1 AND c.verb = 'reschedule' AND c.at >= $2::date - interval '1 day'))) v
   WHERE (v.starts_at AT TIME ZONE v.zone)::date BETWEEN $3 AND $4
     AND ($5::uuid IS NULL OR v.practitioner_id = $5) AND ($6::uuid IS NULL OR v.location_id = $6)`;
