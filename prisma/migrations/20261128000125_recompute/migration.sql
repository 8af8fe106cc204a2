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
