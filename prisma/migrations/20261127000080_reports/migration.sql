-- Return rates are counted from courses that the signing transaction keeps, not from a scan of the records (ADR 32).

CREATE TABLE "return_setting" (
    "clinic_id" UUID NOT NULL,
    "n" SERIAL NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,

    CONSTRAINT "return_setting_pkey" PRIMARY KEY ("clinic_id","n")
);

CREATE TABLE "return_course" (
    "clinic_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "packed" BYTEA NOT NULL,

    CONSTRAINT "return_course_pkey" PRIMARY KEY ("clinic_id","patient_id")
);

CREATE TABLE "report_document" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "tells_small" BOOLEAN NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "progress" SMALLINT NOT NULL DEFAULT 0,
    "content" TEXT,
    "sha256" TEXT,
    "asked_by" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "report_document_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE UNIQUE INDEX "return_setting_once" ON "return_setting"("clinic_id", "practitioner_id", "location_id", "area_id", "product_id");
CREATE INDEX "report_document_clinic_id_asked_by_id_idx" ON "report_document"("clinic_id", "asked_by", "id");
CREATE INDEX "report_document_clinic_id_expires_at_idx" ON "report_document"("clinic_id", "expires_at");

ALTER TABLE return_setting
  ADD CONSTRAINT return_setting_practitioner FOREIGN KEY (clinic_id, practitioner_id) REFERENCES staff (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD CONSTRAINT return_setting_location FOREIGN KEY (clinic_id, location_id) REFERENCES location (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD CONSTRAINT return_setting_area FOREIGN KEY (area_id) REFERENCES area (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD CONSTRAINT return_setting_product FOREIGN KEY (product_id) REFERENCES product (id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE return_course
  ADD CONSTRAINT return_course_patient FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE report_document
  ADD CONSTRAINT report_document_asker FOREIGN KEY (clinic_id, asked_by) REFERENCES staff (clinic_id, id) ON UPDATE CASCADE ON DELETE RESTRICT,
  ADD CONSTRAINT report_document_kind_known CHECK (kind IN ('return-rate', 'clinic-figures')),
  ADD CONSTRAINT report_document_format_known CHECK (format IN ('html', 'csv')),
  ADD CONSTRAINT report_document_status_known CHECK (status IN ('waiting', 'running', 'done', 'failed')),
  ADD CONSTRAINT report_document_progress CHECK (progress BETWEEN 0 AND 100),
  ADD CONSTRAINT report_document_done_whole CHECK ((status = 'done') = (content IS NOT NULL AND sha256 IS NOT NULL AND done_at IS NOT NULL));

-- Read whole and written whole: compressing a few hundred bytes costs more than it saves.
ALTER TABLE return_course ALTER COLUMN packed SET STORAGE EXTERNAL;
ALTER TABLE return_course SET (fillfactor = 80);

-- ---------------------------------------------------------------- tenants, and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['return_setting', 'return_course', 'report_document'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON return_setting TO revisit_service;
GRANT USAGE ON SEQUENCE return_setting_n_seq TO revisit_service;
GRANT SELECT, INSERT, UPDATE ON return_course TO revisit_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_document TO revisit_service;

-- ---------------------------------------------------------------- what reports may read
-- The patient the record names, beside the one the register has united it with since.
CREATE OR REPLACE VIEW recorded_treatment WITH (security_invoker = true) AS
  SELECT t.clinic_id, t.id AS treatment_id, coalesce(p.merged_into_id, p.id) AS patient_id, t.practitioner_id,
         t.location_id, t.treated_on, (t.signed_at AT TIME ZONE l.zone)::date AS signed_on,
         (w.at AT TIME ZONE l.zone)::date AS withdrawn_on, w.cause AS withdrawn_because, t.amends_id,
         i.areas, i.products, p.id AS recorded_patient_id
    FROM treatment t
    JOIN patient p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   CROSS JOIN LATERAL (SELECT array_agg(u.area_id) AS areas, array_agg(u.product_id) AS products
                         FROM (SELECT DISTINCT area_id, product_id FROM injection n
                                WHERE n.clinic_id = t.clinic_id AND n.treatment_id = t.id) u) i
   WHERE t.status = 'signed' AND t.kind = 'full';

CREATE OR REPLACE VIEW patient_departure WITH (security_invoker = true) AS
  SELECT clinic_id, id AS patient_id, status AS cause, status_on AS left_on,
         coalesce(status_recorded_at, updated_at) AS recorded_at, number
    FROM patient WHERE status IN ('deceased', 'transferred') AND status_on IS NOT NULL;

CREATE OR REPLACE VIEW clinic_location WITH (security_invoker = true) AS
  SELECT clinic_id, id AS location_id, zone, name FROM location;
CREATE VIEW clinic_name WITH (security_invoker = true) AS SELECT id AS clinic_id, name FROM clinic;
GRANT SELECT ON clinic_name TO revisit_service;

-- Whom the register has united with whom, from when to when: a report about an earlier day still sees two.
CREATE VIEW patient_union WITH (security_invoker = true) AS
  SELECT m.clinic_id, f.number, i.number AS united_with, m.merged_at AS recorded_at, m.undone_at AS undone_at
    FROM patient_merge m
    JOIN patient f ON f.clinic_id = m.clinic_id AND f.id = m.from_id
    JOIN patient i ON i.clinic_id = m.clinic_id AND i.id = m.into_id;
CREATE VIEW patient_birth WITH (security_invoker = true) AS
  SELECT clinic_id, id AS patient_id, number, birth_date FROM patient;
GRANT SELECT ON patient_union, patient_birth TO revisit_service;

-- Visits and what became of them, by the clock of their location.
CREATE VIEW visit WITH (security_invoker = true) AS
  SELECT a.clinic_id, a.id AS visit_id, a.patient_id, a.practitioner_id, a.location_id, l.zone, t.kind, a.starts_at, a.ends_at,
         a.busy_from, a.busy_to, a.status, a.late_cancel, a.area_ids, a.created_at
    FROM appointment a
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id;
CREATE VIEW visit_change WITH (security_invoker = true) AS
  SELECT clinic_id, appointment_id AS visit_id, version, verb, status, at, detail FROM appointment_change;
CREATE VIEW review_due WITH (security_invoker = true) AS
  SELECT f.clinic_id, f.id AS review_id, f.patient_id, f.treatment_id, f.due_from, f.due_to, f.status, f.completed_on, f.created_at,
         f.updated_at, t.practitioner_id, t.location_id, l.zone, w.at AS withdrawn_at
    FROM follow_up f
    JOIN treatment t ON t.clinic_id = f.clinic_id AND t.id = f.treatment_id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE f.kind = 'review';
CREATE VIEW issued_window WITH (security_invoker = true) AS
  SELECT w.clinic_id, w.id AS window_id, w.patient_id, p.number, w.area_id, w.product_id, w.treatment_id, t.treated_on,
         t.practitioner_id, w.location_id, l.zone, w.earliest, w.recommended_from, w.target, w.recommended_to, w.lapsed_after,
         w.issued_at, w.ended_at, w.ended_by
    FROM repeat_visit_window w
    JOIN patient p ON p.clinic_id = w.clinic_id AND p.id = w.patient_id
    JOIN treatment t ON t.clinic_id = w.clinic_id AND t.id = w.treatment_id
    JOIN location l ON l.clinic_id = w.clinic_id AND l.id = w.location_id;
CREATE VIEW given_dose WITH (security_invoker = true) AS
  SELECT clinic_id, treatment_id, area_id, product_id, sum(units)::float8 AS units
    FROM injection GROUP BY clinic_id, treatment_id, area_id, product_id;
CREATE VIEW treatment_visit_length WITH (security_invoker = true) AS
  SELECT clinic_id, duration_minutes + buffer_before_minutes + buffer_after_minutes AS minutes
    FROM appointment_type WHERE kind = 'treatment' AND active;
GRANT SELECT ON visit, visit_change, review_due, issued_window, given_dose, treatment_visit_length TO revisit_service;

-- What is left in vials that may be used.
CREATE VIEW vial_on_hand WITH (security_invoker = true) AS
  SELECT v.clinic_id, l.product_id, l.id AS lot_id, l.number AS lot_number, l.expires_on, v.location_id, v.status = 'open' AS opened,
         (v.content - v.drawn - v.wasted)::float8 / 100 AS units
    FROM vial v JOIN lot l ON l.clinic_id = v.clinic_id AND l.id = v.lot_id
   WHERE v.status <> 'discarded' AND l.status = 'in-use' AND v.content > v.drawn + v.wasted;
GRANT SELECT ON vial_on_hand TO revisit_service;

CREATE INDEX window_by_closing ON repeat_visit_window (clinic_id, recommended_to, patient_id);
CREATE INDEX window_by_opening ON repeat_visit_window (clinic_id, recommended_from, patient_id);
CREATE INDEX appointment_change_moved ON appointment_change (clinic_id, at) WHERE verb = 'reschedule';
CREATE INDEX patient_left ON patient (clinic_id, id) WHERE status <> 'active';

-- ---------------------------------------------------------------- courses, packed
-- A day as two bytes since 1970-01-01; 65535 is "never". Days outside are taken for the nearest inside.
CREATE FUNCTION packed_day(day date) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN substr(int4send(coalesce(greatest(0, least(65534, day - date '1970-01-01')), 65535)), 3);

/* Writes the courses of these patients anew from their records. A course is a run of words of 32 bits, big-endian:
   the patient's number, how many doses follow, then three words a dose in the order of the day: its setting, the days it
   was given and signed, the day it was withdrawn. Whoever calls holds the patients, so that no signature is missed. */
CREATE FUNCTION keep_return_courses(clinic uuid, patients uuid[]) RETURNS int LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE changed int;
BEGIN
  INSERT INTO return_setting (clinic_id, practitioner_id, location_id, area_id, product_id)
    SELECT DISTINCT t.clinic_id, t.practitioner_id, t.location_id, d.area, d.product
      FROM recorded_treatment t CROSS JOIN LATERAL unnest(t.areas, t.products) d (area, product)
     WHERE t.clinic_id = clinic AND t.recorded_patient_id = ANY (patients)
       AND NOT EXISTS (SELECT FROM return_setting s WHERE s.clinic_id = t.clinic_id AND s.practitioner_id = t.practitioner_id
                          AND s.location_id = t.location_id AND s.area_id = d.area AND s.product_id = d.product)
     ORDER BY 2, 3, 4, 5
    ON CONFLICT DO NOTHING;
  INSERT INTO return_course AS c (clinic_id, patient_id, packed)
    SELECT clinic, p.patient_id, int4send(p.number) || int4send(count(*)::int) || string_agg(
             int4send(s.n) || packed_day(t.treated_on) || packed_day(t.signed_on) || packed_day(t.withdrawn_on) || '\x0000'::bytea,
             ''::bytea ORDER BY t.treated_on, d.area, s.n, t.signed_on, t.withdrawn_on)
      FROM recorded_treatment t
     CROSS JOIN LATERAL unnest(t.areas, t.products) d (area, product)
      JOIN patient_birth p ON p.clinic_id = t.clinic_id AND p.patient_id = t.recorded_patient_id
      JOIN return_setting s ON s.clinic_id = t.clinic_id AND s.practitioner_id = t.practitioner_id
       AND s.location_id = t.location_id AND s.area_id = d.area AND s.product_id = d.product
     WHERE t.clinic_id = clinic AND t.recorded_patient_id = ANY (patients)
     GROUP BY p.patient_id, p.number
    ON CONFLICT (clinic_id, patient_id) DO UPDATE SET packed = EXCLUDED.packed WHERE c.packed <> EXCLUDED.packed;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;
REVOKE EXECUTE ON FUNCTION keep_return_courses(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_return_courses(uuid, uuid[]) TO revisit_service;

-- Clinics that were there before: each as itself, because row-level security holds the owner too.
DO $$
DECLARE c uuid;
BEGIN
  PERFORM set_config('app.system', 'clinics', true);
  FOR c IN SELECT id FROM clinic LOOP
    PERFORM set_config('app.clinic_id', c::text, true);
    PERFORM keep_return_courses(c, array_agg(patient_id))
       FROM (SELECT patient_id, row_number() OVER (ORDER BY patient_id) / 500 AS batch FROM patient_birth WHERE clinic_id = c) b
      GROUP BY batch;
    -- Without statistics every dose would look through all settings.
    ANALYZE return_setting;
  END LOOP;
  PERFORM set_config('app.clinic_id', '', true), set_config('app.system', '', true);
END $$;
