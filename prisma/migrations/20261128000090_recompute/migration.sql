-- Thousands of windows end on one day: by the day alone an index keeps each day once, and a recompute writes a tenth of it.
DROP INDEX window_by_closing;
DROP INDEX window_by_opening;
CREATE INDEX window_by_closing ON repeat_visit_window (clinic_id, recommended_to);
CREATE INDEX window_by_opening ON repeat_visit_window (clinic_id, recommended_from);

-- Patient and treatment of a window are looked up a statement at a time, not a row at a time with a lock each: neither can
-- be deleted, so nothing can come between. The keys stay declared for whoever reads the schema (ADR 54).
ALTER TABLE repeat_visit_window
  DROP CONSTRAINT repeat_visit_window_clinic_id_patient_id_fkey,
  DROP CONSTRAINT repeat_visit_window_clinic_id_treatment_id_fkey,
  ADD CONSTRAINT repeat_visit_window_clinic_id_patient_id_fkey FOREIGN KEY (clinic_id, patient_id)
    REFERENCES patient (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT NOT ENFORCED,
  ADD CONSTRAINT repeat_visit_window_clinic_id_treatment_id_fkey FOREIGN KEY (clinic_id, treatment_id)
    REFERENCES treatment (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT NOT ENFORCED;

CREATE FUNCTION windows_hang_on_treatments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- OFFSET 0: one look-up a window, whatever the planner thinks of a table it has no figures of; never a scan of all treatments.
  IF EXISTS (SELECT FROM written w
              WHERE NOT EXISTS (SELECT FROM treatment t WHERE t.clinic_id = w.clinic_id AND t.id = w.treatment_id OFFSET 0)
                 OR NOT EXISTS (SELECT FROM patient p WHERE p.clinic_id = w.clinic_id AND p.id = w.patient_id OFFSET 0)) THEN
    RAISE EXCEPTION 'A window names a patient or treatment that is not there'
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'window_hangs_on_treatment', TABLE = 'repeat_visit_window';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER window_hangs_on_treatment AFTER INSERT ON repeat_visit_window
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION windows_hang_on_treatments();
