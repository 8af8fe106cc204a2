import { sql } from '#database';

import { madeId } from '../rows.js';

// In two patients the last treatment showed nothing at the check, and a prescriber has begun to look into it.
export const FOUND_NOTHING = sql(`
  WITH checks AS (
    SELECT f.id, f.area_ids[1] AS area, (
             SELECT jsonb_agg(jsonb_build_object('area', a, 'result', CASE WHEN n = 1 THEN 'none' ELSE 'full' END, 'touchUp', 'not-needed'))
               FROM unnest(f.area_ids) WITH ORDINALITY AS given (a, n)) AS areas
      FROM follow_up f
      JOIN patient p ON p.clinic_id = f.clinic_id AND p.id = f.patient_id AND p.status = 'active'
     WHERE f.clinic_id = $1 AND f.kind = 'non-response-check' AND f.status = 'missed' AND f.due_to < $2::date - 2
     ORDER BY f.due_to DESC, f.id LIMIT 2
  ), done AS (
    UPDATE follow_up f SET status = 'completed', completed_on = f.due_to + 2, completed_by = f.practitioner_id, version = f.version + 1,
           outcome = jsonb_build_object('areas', c.areas, 'satisfaction', 2, 'note', NULL, 'adverseEventIds', '[]'::jsonb,
                       'nonResponse', jsonb_build_array(c.area), 'tooSoonToTell', '[]'::jsonb, 'touchUps', '[]'::jsonb,
                       'pathway', '["technique", "muscles", "antibodies"]'::jsonb)
      FROM checks c WHERE f.clinic_id = $1 AND f.id = c.id
    RETURNING f.id, f.patient_id, f.treatment_id, f.practitioner_id, f.treated_on, f.completed_on, c.area
  ), opened AS (
    INSERT INTO non_response_pathway (clinic_id, id, patient_id, area_id, follow_up_id, treatment_id, practitioner_id, treated_on, found_on,
                                      opened_at, version)
    SELECT $1, ${madeId('pathway', 'id')}, patient_id, area, id, treatment_id,
           practitioner_id, treated_on, completed_on, completed_on + time '11:00', 2
      FROM done RETURNING id, opened_at
  )
  INSERT INTO non_response_step (clinic_id, pathway_id, version, step, finding, note, decided_by, decided_at)
  SELECT $1, opened.id, 2, 'technique', 'ruled-out', 'Points and depth as in the photographs of last time', prescriber.id, opened_at
    FROM opened, (SELECT id FROM staff WHERE clinic_id = $1 AND is_prescriber ORDER BY id LIMIT 1) prescriber`);

// Two patients wait for a day a prescriber chose, six weeks after the calculated one.
export const LET_WAIT = sql(`
  INSERT INTO window_override (clinic_id, id, patient_id, area_id, not_before, calculated, after_treatment_on, reason, staff_id, decided_at)
  SELECT $1, ${madeId('override', 'w.id')}, w.patient_id, w.area_id, w.target + 42,
         w.target, t.treated_on, 'Wants some movement back before the next treatment', prescriber.id, $2::date - 1 + time '15:00'
    FROM repeat_visit_window w
    JOIN patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id AND p.status = 'active'
    JOIN treatment t ON t.clinic_id = w.clinic_id AND t.id = w.treatment_id,
         (SELECT id FROM staff WHERE clinic_id = $1 AND is_prescriber ORDER BY id LIMIT 1) prescriber
   WHERE w.clinic_id = $1 AND w.status = 'open' AND w.target BETWEEN $2::date - 14 AND $2::date + 14
   ORDER BY w.target, w.patient_id, w.area_id LIMIT 2`);
