-- Every figure as it was known: what is set up, what is in stock and how follow-ups stood, on any day since.

-- AlterTable
ALTER TABLE "follow_up" ADD COLUMN     "states" JSONB;

-- CreateTable
CREATE TABLE "known_row" (
    "clinic_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "row_key" TEXT NOT NULL,
    "known_from" TIMESTAMPTZ(3) NOT NULL,
    "known_to" TIMESTAMPTZ(3),
    "facts" JSONB NOT NULL,

    CONSTRAINT "known_row_pkey" PRIMARY KEY ("clinic_id","source","row_key","known_from")
);

-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE known_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE known_row FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON known_row USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic());
-- Only the trigger writes: nobody can make up what was known.
GRANT SELECT ON known_row TO revisit_service;
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON known_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The clock of the service, so that what is kept beside a row bears the time of the row.
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

/* Keeps what a row said and from when to when: arguments are the clinic's column, the columns of the key and the columns
   kept. A change within the same instant replaces; a row gone within the instant it came was never known. It enters the
   clinic of the row, whoever writes it, and leaves the caller's as it was. */
CREATE FUNCTION keep_known_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kept text[] := string_to_array(TG_ARGV[2], ' ');
  said jsonb; says jsonb; one jsonb; key text; at timestamptz := app_now(); callers text := coalesce(current_setting('app.clinic_id', true), '');
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT jsonb_object_agg(e.key, e.value) INTO said FROM jsonb_each(to_jsonb(OLD)) e WHERE e.key = ANY (kept);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    SELECT jsonb_object_agg(e.key, e.value) INTO says FROM jsonb_each(to_jsonb(NEW)) e WHERE e.key = ANY (kept);
  END IF;
  IF said IS NOT DISTINCT FROM says THEN RETURN NULL; END IF;
  one := coalesce(says, said);
  PERFORM set_config('app.clinic_id', one ->> TG_ARGV[0], true);
  SELECT string_agg(one ->> k, ' ' ORDER BY n) INTO key FROM unnest(string_to_array(TG_ARGV[1], ' ')) WITH ORDINALITY AS u (k, n);
  UPDATE known_row k SET known_to = at
   WHERE k.clinic_id = (one ->> TG_ARGV[0])::uuid AND k.source = TG_TABLE_NAME AND k.row_key = key AND k.known_to IS NULL;
  IF says IS NOT NULL THEN
    INSERT INTO known_row (clinic_id, source, row_key, known_from, facts)
      VALUES ((one ->> TG_ARGV[0])::uuid, TG_TABLE_NAME, key, at, says)
      ON CONFLICT (clinic_id, source, row_key, known_from) DO UPDATE SET facts = EXCLUDED.facts, known_to = NULL;
  END IF;
  PERFORM set_config('app.clinic_id', callers, true);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION keep_known_row() FROM PUBLIC;

-- Why somebody is away, and everything of a person that is not about working, stays out.
DO $$
DECLARE t record; c uuid;
BEGIN
  PERFORM set_config('app.system', 'clinics', true);
  FOR t IN SELECT * FROM (VALUES
    ('clinic', 'id', 'id', 'id name'),
    ('location', 'clinic_id', 'id', 'clinic_id id name zone active'),
    ('opening_hours', 'clinic_id', 'id', 'clinic_id id location_id weekday opens closes valid_from valid_to every_weeks anchor_monday'),
    ('closed_day', 'clinic_id', 'location_id day', 'clinic_id location_id day'),
    ('extra_opening', 'clinic_id', 'id', 'clinic_id id location_id day opens closes'),
    ('staff', 'clinic_id', 'id', 'clinic_id id kind display_name roles active'),
    ('working_hours', 'clinic_id', 'id', 'clinic_id id practitioner_id location_id weekday starts ends valid_from valid_to every_weeks anchor_monday'),
    ('absence', 'clinic_id', 'id', 'clinic_id id practitioner_id starts_at ends_at starts_on ends_on'),
    ('extra_hours', 'clinic_id', 'id', 'clinic_id id practitioner_id location_id starts_at ends_at'),
    ('appointment_type', 'clinic_id', 'id', 'clinic_id id kind duration_minutes buffer_before_minutes buffer_after_minutes active'),
    ('lot', 'clinic_id', 'id', 'clinic_id id product_id number expires_on status'),
    ('vial', 'clinic_id', 'id', 'clinic_id id lot_id location_id status content drawn wasted')
  ) v (source, clinic, key, kept) LOOP
    EXECUTE format('CREATE TRIGGER known AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION keep_known_row(%L, %L, %L)',
                   t.source, t.clinic, t.key, t.kept);
    -- What was there before anything was kept is taken to have always been so.
    FOR c IN SELECT id FROM clinic LOOP
      PERFORM set_config('app.clinic_id', c::text, true);
      EXECUTE format(
        'INSERT INTO known_row (clinic_id, source, row_key, known_from, facts)
         SELECT %1$I, %2$L, (SELECT string_agg(to_jsonb(r) ->> k, '' '' ORDER BY n) FROM unnest(string_to_array(%3$L, '' '')) WITH ORDINALITY u (k, n)),
                ''-infinity'', (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(to_jsonb(r)) e WHERE e.key = ANY (string_to_array(%4$L, '' '')))
           FROM %2$I r WHERE %1$I = %5$L', t.clinic, t.source, t.key, t.kept, c);
    END LOOP;
  END LOOP;
  PERFORM set_config('app.clinic_id', '', true), set_config('app.system', '', true);
END $$;

-- Every state a follow-up came to, and when, with the row itself: it is part of the record and goes with it.
CREATE FUNCTION keep_follow_up_states() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.states := jsonb_build_array(jsonb_build_object('status', NEW.status, 'at', NEW.created_at));
  ELSIF NEW.status <> OLD.status THEN
    NEW.states := coalesce(OLD.states, jsonb_build_array(jsonb_build_object('status', OLD.status, 'at', OLD.updated_at)))
                  || jsonb_build_object('status', NEW.status, 'at', NEW.updated_at);
  END IF;
  RETURN NEW;
END $$;
DO $$
DECLARE c uuid;
BEGIN
  PERFORM set_config('app.system', 'clinics', true);
  FOR c IN SELECT id FROM clinic LOOP
    PERFORM set_config('app.clinic_id', c::text, true);
    UPDATE follow_up SET states = CASE WHEN status = 'due' THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('status', status, 'at', updated_at)) END
     WHERE clinic_id = c;
    UPDATE follow_up SET states = jsonb_build_array(jsonb_build_object('status', 'due', 'at', created_at)) || states WHERE clinic_id = c;
  END LOOP;
  PERFORM set_config('app.clinic_id', '', true), set_config('app.system', '', true);
END $$;
CREATE TRIGGER states BEFORE INSERT OR UPDATE OF status ON follow_up FOR EACH ROW EXECUTE FUNCTION keep_follow_up_states();

-- ---------------------------------------------------------------- what reports may read
CREATE INDEX patient_change_standing ON patient_change (clinic_id, patient_id, version) WHERE after ? 'status';
CREATE INDEX patient_change_wish ON patient_change (clinic_id, patient_id, version) WHERE after ? 'doNotContact';
CREATE INDEX patient_change_birth ON patient_change (clinic_id, patient_id, version) WHERE after ? 'birthDate';
CREATE INDEX patient_unwilling ON patient (clinic_id, id) WHERE do_not_contact;

-- Who died, moved away or asked not to be contacted, since when that was known and when it was taken back. A wish has no
-- day of its own: it holds from the day it was recorded. Records older than the register's history tell how they stand.
CREATE VIEW patient_leaving WITH (security_invoker = true) AS
  SELECT c.clinic_id, c.patient_id, p.number, c.after ->> 'status' AS cause, (c.after ->> 'statusOn')::date AS left_on, c.at AS recorded_at,
         (SELECT n.at FROM patient_change n WHERE n.clinic_id = c.clinic_id AND n.patient_id = c.patient_id AND n.after ? 'status'
             AND n.version > c.version ORDER BY n.version LIMIT 1) AS taken_back_at
    FROM patient_change c JOIN patient p ON p.clinic_id = c.clinic_id AND p.id = c.patient_id
   WHERE c.after ? 'status' AND c.after ->> 'status' IN ('deceased', 'transferred') AND c.after ->> 'statusOn' IS NOT NULL
  UNION ALL
  SELECT p.clinic_id, p.id, p.number, p.status, p.status_on, coalesce(p.status_recorded_at, p.updated_at), NULL
    FROM patient p
   WHERE p.status <> 'active' AND p.status IN ('deceased', 'transferred') AND p.status_on IS NOT NULL
     AND NOT EXISTS (SELECT FROM patient_change n WHERE n.clinic_id = p.clinic_id AND n.patient_id = p.id AND n.after ? 'status')
  UNION ALL
  SELECT c.clinic_id, c.patient_id, p.number, 'opted-out', NULL, c.at,
         (SELECT n.at FROM patient_change n WHERE n.clinic_id = c.clinic_id AND n.patient_id = c.patient_id AND n.after ? 'doNotContact'
             AND n.version > c.version ORDER BY n.version LIMIT 1)
    FROM patient_change c JOIN patient p ON p.clinic_id = c.clinic_id AND p.id = c.patient_id
   WHERE c.after ? 'doNotContact' AND c.after -> 'doNotContact' = 'true'
  UNION ALL
  SELECT p.clinic_id, p.id, p.number, 'opted-out', NULL, p.created_at, NULL
    FROM patient p
   WHERE p.do_not_contact
     AND NOT EXISTS (SELECT FROM patient_change n WHERE n.clinic_id = p.clinic_id AND n.patient_id = p.id AND n.after ? 'doNotContact');

-- What a birth date said before it was corrected.
CREATE VIEW patient_birth_correction WITH (security_invoker = true) AS
  SELECT clinic_id, patient_id, version, at, before ->> 'birthDate' AS birth_date FROM patient_change WHERE after ? 'birthDate';

-- The records that were one person's before an instant: a row for each of them; who stands alone has none.
CREATE FUNCTION people_before(clinic uuid, until timestamptz) RETURNS TABLE (patient_id uuid, person_id uuid, records uuid[])
  LANGUAGE sql STABLE SECURITY INVOKER AS $$
  WITH RECURSIVE stood AS MATERIALIZED (
    SELECT m.from_id, m.into_id FROM patient_merge m
     WHERE m.clinic_id = clinic AND m.merged_at < until AND (m.undone_at IS NULL OR m.undone_at >= until)),
  above AS (
    SELECT from_id AS member, into_id AS root FROM stood
    UNION
    SELECT a.member, s.into_id FROM above a JOIN stood s ON s.from_id = a.root),
  person AS (SELECT member, root FROM above a WHERE NOT EXISTS (SELECT FROM stood s WHERE s.from_id = a.root)),
  everyone AS (SELECT root, array_agg(member) || root AS records FROM person GROUP BY root)
  SELECT one, e.root, e.records FROM everyone e CROSS JOIN LATERAL unnest(e.records) one $$;

-- How a visit stood before it was moved, and whether a cancellation that was taken back had been late.
CREATE VIEW visit_moved WITH (security_invoker = true) AS
  SELECT c.clinic_id, c.appointment_id AS visit_id, c.version, c.at, (f.was ->> 'startsAt')::timestamptz AS starts_at,
         (f.was ->> 'busyFrom')::timestamptz AS busy_from, (f.was ->> 'busyTo')::timestamptz AS busy_to,
         (f.was ->> 'practitionerId')::uuid AS practitioner_id, (f.was ->> 'locationId')::uuid AS location_id, t.kind, l.zone
    FROM appointment_change c
   CROSS JOIN LATERAL (SELECT c.detail -> 'from' AS was) f
    LEFT JOIN appointment_type t ON t.clinic_id = c.clinic_id AND t.id = (f.was ->> 'typeId')::uuid
    LEFT JOIN location l ON l.clinic_id = c.clinic_id AND l.id = (f.was ->> 'locationId')::uuid
   WHERE c.verb = 'reschedule';
CREATE VIEW visit_reinstated WITH (security_invoker = true) AS
  SELECT clinic_id, appointment_id AS visit_id, version, at, (detail ->> 'lateCancel')::boolean AS late_cancel
    FROM appointment_change WHERE verb = 'reinstate';
CREATE INDEX appointment_change_reinstated ON appointment_change (clinic_id, appointment_id, version) WHERE verb = 'reinstate';

-- Treatments without their injections, and attempts to reach patients, under the record they were written for: whose that
-- was on a day, people_before says.
CREATE VIEW full_treatment WITH (security_invoker = true) AS
  SELECT t.clinic_id, t.id AS treatment_id, t.patient_id, t.practitioner_id, t.location_id, l.zone, t.treated_on,
         (t.signed_at AT TIME ZONE l.zone)::date AS signed_on, (w.at AT TIME ZONE l.zone)::date AS withdrawn_on
    FROM treatment t
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE t.status = 'signed' AND t.kind = 'full';
CREATE VIEW contact_made WITH (security_invoker = true) AS
  SELECT clinic_id, patient_id, at, outcome, area_ids FROM contact_attempt;

CREATE OR REPLACE VIEW review_due WITH (security_invoker = true) AS
  SELECT f.clinic_id, f.id AS review_id, f.patient_id, f.treatment_id, f.due_from, f.due_to, f.status, f.completed_on, f.created_at,
         f.updated_at, t.practitioner_id, t.location_id, l.zone, w.at AS withdrawn_at, f.states
    FROM follow_up f
    JOIN treatment t ON t.clinic_id = f.clinic_id AND t.id = f.treatment_id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   WHERE f.kind = 'review';

DROP VIEW vial_on_hand, treatment_visit_length, clinic_name;
GRANT SELECT ON patient_leaving, patient_birth_correction, visit_moved, visit_reinstated, full_treatment, contact_made TO revisit_service;
REVOKE EXECUTE ON FUNCTION people_before(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_before(uuid, timestamptz) TO revisit_service;
