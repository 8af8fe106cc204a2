-- Whoever takes a recompute up again passes over what is done by its fingerprint: no place has to be kept.
ALTER TABLE "window_recompute" DROP COLUMN "after_patient";

-- As before, but a patient's windows of one statement look them up once.
CREATE OR REPLACE FUNCTION windows_hang_on_treatments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- OFFSET 0: one look-up a row, whatever the planner thinks of a table it has no figures of; never a scan of all treatments.
  IF EXISTS (SELECT FROM written w
              WHERE NOT EXISTS (SELECT FROM treatment t WHERE t.clinic_id = w.clinic_id AND t.id = w.treatment_id OFFSET 0))
     OR EXISTS (SELECT FROM (SELECT DISTINCT clinic_id, patient_id FROM written OFFSET 0) w
                 WHERE NOT EXISTS (SELECT FROM patient p WHERE p.clinic_id = w.clinic_id AND p.id = w.patient_id OFFSET 0)) THEN
    RAISE EXCEPTION 'A window names a patient or treatment that is not there'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'window_hangs_on_treatment', TABLE = 'repeat_visit_window';
  END IF;
  RETURN NULL;
END $$;

-- One index for past due, due and lapsed: all by the day the window ends, or lapses where no end is known.
DROP INDEX window_by_lapse;
DROP INDEX window_by_end;
CREATE INDEX window_by_end ON repeat_visit_window
  (clinic_id, (CASE WHEN recommended_to IS NOT NULL THEN recommended_to WHEN lapsed_after IS NOT NULL THEN lapsed_after
                    ELSE '9999-12-31'::date END), patient_id, area_id)
  INCLUDE (recommended_to, recommended_from, lapsed_after, location_id, product_id) WHERE status = 'open';

-- A whole clinic's histories are read from the index alone.
DROP INDEX "injection_clinic_id_treatment_id_idx";
CREATE INDEX "injection_of_treatment" ON "injection"("clinic_id", "treatment_id", "area_id", "product_id");
