// The limit: one hand-written statement that computes and upserts the plain dates, by the same figures, without any
// explanation, input, history of windows, progress or concurrency. Dates move forward as the product's do.
const WEEKS = `(VALUES
  ('ona', 'glabella', NULL::int, 16, 20, 39), ('ona', 'forehead', NULL, 16, 20, 39), ('ona', 'lateral_canthal', NULL, 16, 20, 39),
  ('abo', 'glabella', NULL, 17, 22, 39), ('abo', 'forehead', NULL, NULL, NULL, NULL), ('abo', 'lateral_canthal', NULL, 16, 20, 39),
  ('rela', 'glabella', 20, 24, 28, 48), ('rela', 'forehead', NULL, NULL, NULL, NULL), ('rela', 'lateral_canthal', 16, 20, 25, 44)
) AS w (product, area, from_weeks, target_weeks, to_weeks, lapse_weeks)`;

/** 31 January + 3 months = 1 May. */
const FORWARD = `CASE WHEN extract(day FROM on_day + interval '3 months') = extract(day FROM on_day)
                      THEN (on_day + interval '3 months')::date
                      ELSE (date_trunc('month', on_day) + interval '4 months')::date END`;

export const PLAIN_TABLE = `
  CREATE TABLE IF NOT EXISTS plain_window (
    clinic_id uuid, patient_id uuid, area_id text, earliest date, recommended_from date, target date, recommended_to date,
    lapsed_after date, PRIMARY KEY (clinic_id, patient_id, area_id));
  GRANT SELECT, INSERT, UPDATE ON plain_window TO revisit_service`;

export const LIMIT = `
  WITH dose AS (
    SELECT t.patient_id, i.area_id, i.product_id, t.kind, t.treated_on AS on_day
      FROM treatment t
      JOIN injection i ON i.clinic_id = t.clinic_id AND i.treatment_id = t.id
      LEFT JOIN treatment_withdrawal x ON x.clinic_id = t.clinic_id AND x.treatment_id = t.id
     WHERE t.clinic_id = $1 AND t.status = 'signed' AND x.treatment_id IS NULL
  ), area AS (
    SELECT patient_id, area_id, max(CASE WHEN product_id = 'rela' THEN on_day + 84 ELSE ${FORWARD} END) AS earliest,
           max(on_day) FILTER (WHERE kind = 'full') AS last,
           substr(max(on_day || product_id) FILTER (WHERE kind = 'full'), 11) AS product
      FROM dose GROUP BY patient_id, area_id
  ), dated AS (
    SELECT a.patient_id, a.area_id, a.earliest, greatest(a.earliest, a.last + 7 * w.from_weeks) AS recommended_from,
           a.last + 7 * w.target_weeks AS target, a.last + 7 * w.to_weeks AS ends, a.last + 7 * w.lapse_weeks AS lapses
      FROM area a JOIN ${WEEKS} ON w.product = a.product AND w.area = a.area_id
  )
  INSERT INTO plain_window AS p (clinic_id, patient_id, area_id, earliest, recommended_from, target, recommended_to, lapsed_after)
  SELECT $1, patient_id, area_id, earliest, recommended_from,
         CASE WHEN target IS NOT NULL THEN greatest(target, recommended_from) END,
         CASE WHEN ends IS NOT NULL THEN greatest(ends, target, recommended_from) END,
         CASE WHEN lapses IS NOT NULL THEN greatest(lapses, ends, target, recommended_from) END
    FROM dated
      ON CONFLICT (clinic_id, patient_id, area_id) DO UPDATE
     SET earliest = excluded.earliest, recommended_from = excluded.recommended_from, target = excluded.target,
         recommended_to = excluded.recommended_to, lapsed_after = excluded.lapsed_after
   WHERE (p.earliest, p.recommended_from, p.target, p.recommended_to, p.lapsed_after)
         IS DISTINCT FROM (excluded.earliest, excluded.recommended_from, excluded.target, excluded.recommended_to, excluded.lapsed_after)`;
