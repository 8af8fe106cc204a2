-- What Prisma cannot say: tenants, promises as constraints, what never changes, and who may do what.

-- ---------------------------------------------------------------- the service role: signs in, owns nothing
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'revisit_service') THEN
    CREATE ROLE revisit_service NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server made it just now
END $$;

GRANT USAGE ON SCHEMA public TO revisit_service;

-- ---------------------------------------------------------------- tenants
-- The clinic of the running transaction; NULL (no clinic, no rows) when none was set.
CREATE FUNCTION app_clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('app.clinic_id', true), '')::uuid;

DO $$
DECLARE t text;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped
     WHERE n.nspname = 'public' AND c.relkind = 'r'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
END $$;

ALTER TABLE clinic ENABLE ROW LEVEL SECURITY;
ALTER TABLE clinic FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON clinic USING (id = app_clinic()) WITH CHECK (id = app_clinic());

-- The worker gives every clinic its nightly jobs: it sees which clinics there are, and nothing else of them.
CREATE POLICY system ON clinic FOR SELECT USING (current_setting('app.system', true) = 'clinics');

-- Before a clinic is known: whoever holds an e-mail address may look up its accounts, whoever holds a token its session.
CREATE POLICY sign_in ON staff FOR SELECT
  USING (email = NULLIF(current_setting('app.sign_in_email', true), ''));
CREATE POLICY bearer ON session FOR SELECT
  USING (token_hash = decode(NULLIF(current_setting('app.session_hash', true), ''), 'hex'));
CREATE POLICY bearer ON calendar_feed FOR SELECT
  USING (token_hash = decode(NULLIF(current_setting('app.feed_hash', true), ''), 'hex'));

-- The clinic whose calendar a secret address opens, in one round trip; no row when it is unknown or revoked.
CREATE FUNCTION feed_clinic(hash bytea) RETURNS TABLE (clinic_id uuid, feed_id uuid)
  LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
  PERFORM set_config('app.feed_hash', encode(hash, 'hex'), true);
  RETURN QUERY SELECT f.clinic_id, f.id FROM calendar_feed f WHERE f.token_hash = hash AND f.revoked_at IS NULL;
END $$;

-- The person behind a session token, in one round trip; no row when it is unknown, expired, revoked or deactivated.
CREATE FUNCTION session_actor(hash bytea)
  RETURNS TABLE (clinic_id uuid, staff_id uuid, session_id uuid, roles text[], is_prescriber boolean, market text,
                 display_name text)
  LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE s session;
BEGIN
  PERFORM set_config('app.session_hash', encode(hash, 'hex'), true);
  SELECT * INTO s FROM session x WHERE x.token_hash = hash AND x.revoked_at IS NULL AND x.expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.clinic_id', s.clinic_id::text, true);
  RETURN QUERY
    SELECT s.clinic_id, s.staff_id, s.id, f.roles, f.is_prescriber, c.market, f.display_name
      FROM staff f JOIN clinic c ON c.id = f.clinic_id
     WHERE f.clinic_id = s.clinic_id AND f.id = s.staff_id AND f.active;
END $$;

-- ---------------------------------------------------------------- never double-booked
-- Statuses that take their span. A hold takes it too until it is ended, so that holds and bookings exclude each other here.
-- A row whose overlap someone with the authority allowed is passed over; every overlapping pair thus has such a row.
ALTER TABLE appointment
  ADD CONSTRAINT appointment_status_known CHECK (status IN
    ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled', 'cancelled', 'no-show', 'entered-in-error', 'released')),
  ADD CONSTRAINT appointment_span_forward CHECK (busy_from <= starts_at AND starts_at < ends_at AND ends_at <= busy_to),
  ADD CONSTRAINT appointment_hold_ends CHECK (status <> 'held' OR hold_expires_at IS NOT NULL),
  ADD CONSTRAINT appointment_overlap_reasoned CHECK (NOT overlap_allowed
    OR (override_reason IS NOT NULL AND length(btrim(override_reason)) > 0)),
  ADD CONSTRAINT appointment_practitioner_overlap EXCLUDE USING gist
    (clinic_id WITH =, practitioner_id WITH =, during WITH &&)
    WHERE (status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') AND NOT overlap_allowed),
  ADD CONSTRAINT appointment_room_overlap EXCLUDE USING gist
    (clinic_id WITH =, room_id WITH =, during WITH &&)
    WHERE (status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') AND NOT overlap_allowed),
  ADD CONSTRAINT appointment_patient_overlap EXCLUDE USING gist
    (clinic_id WITH =, patient_id WITH =, during WITH &&)
    WHERE (status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled') AND NOT overlap_allowed);
-- The few rows the constraints pass over, for the look a new booking takes at them; and the holds that wait to be ended.
CREATE INDEX appointment_allowed_overlap ON appointment (clinic_id, starts_at) WHERE overlap_allowed;
CREATE INDEX appointment_held ON appointment (clinic_id, hold_expires_at) WHERE status = 'held';

-- Every change of an appointment, by whatever path, rings for those who follow the day live. Only the clinic is told: what
-- changed is read behind row-level security. Many changes of one transaction ring once.
CREATE FUNCTION ring_for_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('appointment_changed', NEW.clinic_id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER ring AFTER INSERT ON appointment_change FOR EACH ROW EXECUTE FUNCTION ring_for_appointment();

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE clinic
  ADD CONSTRAINT clinic_hold_minutes CHECK (hold_minutes BETWEEN 1 AND 1440),
  ADD CONSTRAINT clinic_market_known CHECK (market IN ('US', 'EU', 'UK', 'CH')),
  ADD CONSTRAINT clinic_slug_plain CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,62}$');
ALTER TABLE staff
  ADD CONSTRAINT staff_roles_known CHECK (roles <@ ARRAY['receptionist', 'practitioner', 'admin'] AND cardinality(roles) > 0),
  ADD CONSTRAINT staff_email_lower CHECK (email = lower(email));
ALTER TABLE patient
  ADD CONSTRAINT patient_status_known CHECK (status IN ('active', 'deceased', 'transferred', 'merged')),
  ADD CONSTRAINT patient_merged_names_target CHECK ((status = 'merged') = (merged_into_id IS NOT NULL)),
  ADD CONSTRAINT patient_merged_into FOREIGN KEY (clinic_id, merged_into_id) REFERENCES patient (clinic_id, id);
ALTER TABLE health_fact ADD CONSTRAINT health_fact_kind_known CHECK (kind IN ('allergy', 'condition', 'medication'));
ALTER TABLE opening_hours ADD CONSTRAINT opening_hours_forward
  CHECK (weekday BETWEEN 1 AND 7 AND opens ~ '^([01]\d|2[0-3]):[0-5]\d$' AND closes ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'
         AND opens < closes AND (valid_to IS NULL OR valid_from <= valid_to));
ALTER TABLE working_hours ADD CONSTRAINT working_hours_forward
  CHECK (weekday BETWEEN 1 AND 7 AND starts ~ '^([01]\d|2[0-3]):[0-5]\d$' AND ends ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'
         AND starts < ends AND (valid_to IS NULL OR valid_from <= valid_to));
ALTER TABLE calendar_feed ADD CONSTRAINT calendar_feed_of_one CHECK (num_nonnulls(practitioner_id, location_id) = 1);
ALTER TABLE absence ADD CONSTRAINT absence_forward CHECK (starts_at < ends_at);
ALTER TABLE extra_hours ADD CONSTRAINT extra_hours_forward CHECK (starts_at < ends_at);
ALTER TABLE appointment_type
  ADD CONSTRAINT appointment_type_kind_known CHECK (kind IN ('consultation', 'treatment', 'review', 'complication-check')),
  ADD CONSTRAINT appointment_type_minutes CHECK (duration_minutes BETWEEN 5 AND 480
    AND buffer_before_minutes BETWEEN 0 AND 120 AND buffer_after_minutes BETWEEN 0 AND 120);
ALTER TABLE consultation ADD CONSTRAINT consultation_status_known CHECK (status IN ('open', 'closed', 'entered-in-error'));
ALTER TABLE plan_item ADD CONSTRAINT plan_units_positive CHECK (units > 0);
ALTER TABLE safety_finding
  ADD CONSTRAINT safety_severity_known CHECK (severity IN ('block', 'prescriber-decision', 'acknowledge', 'pathway')),
  ADD CONSTRAINT safety_decision_known CHECK (decision IN ('proceed', 'acknowledged')),
  ADD CONSTRAINT safety_block_undecided CHECK (severity <> 'block' OR decision IS NULL),
  ADD CONSTRAINT safety_decision_signed CHECK (decision IS NULL OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)),
  ADD CONSTRAINT safety_decision_reasoned CHECK (decision <> 'proceed' OR length(btrim(decision_reason)) > 0);
ALTER TABLE clearance ADD CONSTRAINT clearance_outcome_known
  CHECK (outcome IN ('cleared', 'cleared-with-decision', 'deferred', 'unsuitable'));
ALTER TABLE lot
  ADD CONSTRAINT lot_status_known CHECK (status IN ('in-use', 'quarantined', 'recalled')),
  ADD CONSTRAINT lot_vial_units CHECK (vial_units > 0);
ALTER TABLE treatment
  ADD CONSTRAINT treatment_kind_known CHECK (kind IN ('full', 'touch-up')),
  ADD CONSTRAINT treatment_status_known CHECK (status IN ('draft', 'signed')),
  ADD CONSTRAINT treatment_touch_up_completes CHECK ((kind = 'touch-up') = (completes_id IS NOT NULL)),
  ADD CONSTRAINT treatment_signed_whole CHECK (status = 'draft' OR (signed_at IS NOT NULL AND signed_by IS NOT NULL
    AND signed_name IS NOT NULL AND signed_meaning IS NOT NULL AND content_hash IS NOT NULL)),
  ADD CONSTRAINT treatment_amend_reasoned CHECK (amends_id IS NULL OR length(btrim(amend_reason)) > 0);
CREATE UNIQUE INDEX treatment_amended_once ON treatment (clinic_id, amends_id) WHERE amends_id IS NOT NULL;
ALTER TABLE treatment_withdrawal
  ADD CONSTRAINT treatment_withdrawal_cause CHECK (cause IN ('amended', 'entered-in-error')),
  ADD CONSTRAINT treatment_withdrawal_reasoned CHECK (length(btrim(reason)) > 0);
ALTER TABLE injection
  ADD CONSTRAINT injection_units_positive CHECK (units > 0 AND units <= 1000),
  ADD CONSTRAINT injection_side_known CHECK (side IN ('left', 'right', 'midline')),
  ADD CONSTRAINT injection_on_map CHECK (x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1);
ALTER TABLE follow_up
  ADD CONSTRAINT follow_up_kind_known CHECK (kind IN ('review', 'non-response-check')),
  ADD CONSTRAINT follow_up_status_known CHECK (status IN ('due', 'booked', 'completed', 'missed', 'waived')),
  ADD CONSTRAINT follow_up_span_forward CHECK (treated_on <= due_from AND due_from <= due_to),
  ADD CONSTRAINT follow_up_completed_whole CHECK ((status = 'completed')
    = (outcome IS NOT NULL AND completed_on IS NOT NULL AND completed_by IS NOT NULL)),
  ADD CONSTRAINT follow_up_waiver_reasoned CHECK (status <> 'waived' OR length(btrim(status_reason)) > 0);
ALTER TABLE repeat_visit_window
  ADD CONSTRAINT window_status_known CHECK (status IN ('open', 'superseded', 'closed')),
  ADD CONSTRAINT window_end_said CHECK ((status = 'open') = (ended_at IS NULL) AND (status = 'open') = (ended_by IS NULL)),
  ADD CONSTRAINT window_end_known CHECK (ended_by IN ('treated-again', 'recomputed', 'merged', 'withdrawn', 'deceased', 'transferred')),
  ADD CONSTRAINT window_ordered CHECK (earliest <= recommended_from AND recommended_from <= target
    AND target <= recommended_to AND recommended_to <= lapsed_after);

-- One open window per patient and area; the list of patients due is read straight from these.
CREATE UNIQUE INDEX window_open_once ON repeat_visit_window (clinic_id, patient_id, area_id) WHERE status = 'open';
-- Due and past due stand on either side of a day by their end (a window without one stays due), lapsed by theirs.
-- CASE, not coalesce: behind row-level security an index is not searched by an expression the planner thinks may leak.
CREATE INDEX window_by_end ON repeat_visit_window
  (clinic_id, (CASE WHEN recommended_to IS NULL THEN '9999-12-31'::date ELSE recommended_to END), patient_id, area_id)
  INCLUDE (recommended_to, recommended_from, lapsed_after, location_id, product_id) WHERE status = 'open';
CREATE INDEX window_by_lapse ON repeat_visit_window (clinic_id, lapsed_after, patient_id, area_id)
  INCLUDE (location_id, product_id) WHERE status = 'open';
CREATE INDEX treatment_index_by_day ON treatment (clinic_id, treated_on, patient_id) WHERE status = 'signed' AND kind = 'full';

-- ---------------------------------------------------------------- what never changes
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_event', 'appointment_change', 'treatment_withdrawal', 'consent', 'clearance',
                           'catalogue_release', 'protocol'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
  END LOOP;
END $$;

CREATE FUNCTION refuse_signed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'a signed treatment never changes: amend it, or withdraw it' USING ERRCODE = 'restrict_violation',
      CONSTRAINT = 'treatment_signed_locked';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_locked BEFORE UPDATE OR DELETE ON treatment FOR EACH ROW EXECUTE FUNCTION refuse_signed_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON treatment FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A visit has one full treatment in force; no unique index can say so, since a withdrawal stands in another table.
CREATE FUNCTION refuse_second_treatment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for another signature in this visit, so that the look below sees it.
  PERFORM FROM appointment a WHERE a.clinic_id = NEW.clinic_id AND a.id = NEW.appointment_id FOR NO KEY UPDATE;
  PERFORM FROM treatment t
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
    WHERE t.clinic_id = NEW.clinic_id AND t.patient_id = NEW.patient_id AND t.appointment_id = NEW.appointment_id
      AND t.id <> NEW.id AND t.kind = 'full' AND t.status = 'signed' AND w.treatment_id IS NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'the visit has a signed full treatment' USING ERRCODE = 'unique_violation',
      CONSTRAINT = 'treatment_once_a_visit';
  END IF;
  RETURN NEW;
END $$;
-- An amendment is signed beside the version it replaces, which is withdrawn next.
CREATE TRIGGER once_a_visit BEFORE INSERT OR UPDATE ON treatment FOR EACH ROW
  WHEN (NEW.status = 'signed' AND NEW.kind = 'full' AND NEW.appointment_id IS NOT NULL AND NEW.amends_id IS NULL)
  EXECUTE FUNCTION refuse_second_treatment();

-- An injection belongs to its treatment: once that is signed, none is added, changed or removed.
CREATE FUNCTION refuse_signed_injection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for a signature being written at this moment, so that the look below sees it.
  PERFORM FROM treatment t
    WHERE t.clinic_id IN (OLD.clinic_id, NEW.clinic_id) AND t.id IN (OLD.treatment_id, NEW.treatment_id)
    FOR SHARE; -- either record is null where there is none; one key each keeps it on the index
  PERFORM FROM treatment t
    WHERE t.clinic_id IN (OLD.clinic_id, NEW.clinic_id) AND t.id IN (OLD.treatment_id, NEW.treatment_id)
      AND t.status <> 'draft';
  IF FOUND THEN
    RAISE EXCEPTION 'the treatment of this injection is signed' USING ERRCODE = 'restrict_violation',
      CONSTRAINT = 'treatment_signed_locked';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_locked BEFORE INSERT OR UPDATE OR DELETE ON injection
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_injection();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON injection FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- finding a patient by what the desk types
CREATE FUNCTION searchable(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, words));

CREATE FUNCTION write_patient_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_text := searchable(concat_ws(' ', NEW.given_name, NEW.family_name, NEW.preferred_name, NEW.number::text,
    NEW.email, regexp_replace(NEW.phone, '\D', '', 'g'), NEW.birth_date::text));
  RETURN NEW;
END $$;
CREATE TRIGGER search_text BEFORE INSERT OR UPDATE ON patient FOR EACH ROW EXECUTE FUNCTION write_patient_search();

-- Row-level security filters before any operator runs that might leak (LIKE, word similarity), so behind it no trigram
-- index is ever used, and a search reads every patient there is. These functions look as the owner of the tables, keep to
-- the clinic of the transaction by themselves, and tell nothing but ids: their rows pass row-level security as any others.
-- They read by bitmap only: the planner takes word similarity for as cheap as "=", and would compare everybody.
CREATE POLICY finder ON patient FOR SELECT TO CURRENT_USER USING (true);

-- Typos are forgiven when nobody is found by what was typed, and only in words long enough to have one. Whole words come
-- first, so that a surname "Li" or a number "77" is found among thousands in whom it is a part; of more than a thousand
-- found, a thousand are put in order: ordering a whole register takes a hundred times as long.
CREATE FUNCTION find_patients(words text[], most int) RETURNS TABLE (found uuid, place bigint)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  literal text; whole text; alike text; forgiving boolean; exactness text; likeness text; wanted text;
BEGIN
  SELECT string_agg(contains, ' AND '), string_agg(format('search_text ~ %L', '\m' || quoted || '\M'), ' AND '),
         string_agg(CASE WHEN long THEN format('(%s OR %L <%% search_text)', contains, word) ELSE contains END, ' AND '),
         bool_or(long), string_agg(format('(%s)::int', contains), ' + '),
         string_agg(format('word_similarity(%L, search_text)', word), ' + ')
    INTO literal, whole, alike, forgiving, exactness, likeness
    FROM (SELECT word, length(word) >= 3 AS long, regexp_replace(word, '([^[:alnum:]])', '\\\1', 'g') AS quoted,
                 format('search_text LIKE %L', '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') AS contains
            FROM (SELECT searchable(w) AS word FROM unnest(words) w) typed) read;
  IF literal IS NULL THEN RETURN; END IF;
  FOREACH wanted IN ARRAY CASE WHEN forgiving THEN ARRAY[literal, alike] ELSE ARRAY[literal] END LOOP
    RETURN QUERY EXECUTE format(
      'WITH own AS NOT MATERIALIZED (
         SELECT id, family_name, given_name, search_text FROM patient WHERE clinic_id = $1 AND status <> ''merged'')
       SELECT id, row_number() OVER () FROM (
         SELECT id FROM ((SELECT * FROM own WHERE %s LIMIT 1000) UNION (SELECT * FROM own WHERE %s LIMIT 1000)) candidate
          ORDER BY %s DESC, %s DESC, family_name, given_name, id LIMIT $2) best', whole, wanted, exactness, likeness)
      USING app_clinic(), most;
    IF FOUND THEN RETURN; END IF;
  END LOOP;
END $$;

-- Who may be the same person: two signs of name, birth date and telephone, or the same e-mail address.
CREATE FUNCTION similar_patients(given text, family text, born date, telephone text, mail text)
  RETURNS TABLE (similar_id uuid, because text[])
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  named CONSTANT text := searchable(given || ' ' || family);
  -- Hyphens, apostrophes and spaces of a name, and how a country is dialled, are written in many ways.
  letters CONSTANT text := regexp_replace(named, '[^[:alnum:]]', '', 'g');
  digits CONSTANT text := NULLIF(right(regexp_replace(telephone, '\D', '', 'g'), 9), '');
BEGIN
  RETURN QUERY
    SELECT id, signs FROM (
      SELECT id, number, array_remove(ARRAY[
               CASE WHEN similarity(regexp_replace(searchable(given_name || ' ' || family_name), '[^[:alnum:]]', '', 'g'),
                                    letters) >= 0.6 THEN 'name' END,
               CASE WHEN birth_date = born THEN 'birth-date' END,
               CASE WHEN right(regexp_replace(phone, '\D', '', 'g'), 9) = digits THEN 'phone' END,
               CASE WHEN lower(email) = lower(mail) THEN 'email' END], NULL) AS signs
        FROM patient
       WHERE clinic_id = app_clinic() AND status <> 'merged'
         AND (birth_date = born OR search_text LIKE '%' || regexp_replace(named, '([\\%_])', '\\\1', 'g') || '%'
              OR search_text LIKE '%' || regexp_replace(searchable(mail), '([\\%_])', '\\\1', 'g') || '%'
              OR search_text LIKE '%' || digits || '%')) seen
     WHERE cardinality(signs) >= 2 OR 'email' = ANY (signs) ORDER BY number LIMIT 20;
END $$;

REVOKE EXECUTE ON FUNCTION find_patients(text[], int), similar_patients(text, text, date, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_patients(text[], int), similar_patients(text, text, date, text, text) TO revisit_service;

-- ---------------------------------------------------------------- what reports may read
-- Signed full treatments as they became known, withdrawn ones too, so that a report about an earlier day sees that day.
-- Days are those of the location; `areas` and `products` stand side by side, one entry for each product used in an area.
CREATE VIEW recorded_treatment WITH (security_invoker = true) AS
  SELECT t.clinic_id, t.id AS treatment_id, coalesce(p.merged_into_id, p.id) AS patient_id, t.practitioner_id,
         t.location_id, t.treated_on, (t.signed_at AT TIME ZONE l.zone)::date AS signed_on,
         (w.at AT TIME ZONE l.zone)::date AS withdrawn_on, w.cause AS withdrawn_because, t.amends_id,
         i.areas, i.products
    FROM treatment t
    JOIN patient p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
    JOIN location l ON l.clinic_id = t.clinic_id AND l.id = t.location_id
    LEFT JOIN treatment_withdrawal w ON w.clinic_id = t.clinic_id AND w.treatment_id = t.id
   CROSS JOIN LATERAL (SELECT array_agg(u.area_id) AS areas, array_agg(u.product_id) AS products
                         FROM (SELECT DISTINCT area_id, product_id FROM injection n
                                WHERE n.clinic_id = t.clinic_id AND n.treatment_id = t.id) u) i
   WHERE t.status = 'signed' AND t.kind = 'full';

-- Patients who left care, when, and since when the clinic knows: a competing event for return rates.
CREATE VIEW patient_departure WITH (security_invoker = true) AS
  SELECT clinic_id, id AS patient_id, status AS cause, status_on AS left_on,
         coalesce(status_recorded_at, updated_at) AS recorded_at
    FROM patient WHERE status IN ('deceased', 'transferred') AND status_on IS NOT NULL;

CREATE VIEW clinic_location WITH (security_invoker = true) AS
  SELECT clinic_id, id AS location_id, zone FROM location;

-- ---------------------------------------------------------------- who may do what
DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE '\_prisma%' LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO revisit_service', t);
  END LOOP;
  -- Shared reference data is published by migrations and the operator, not by the service.
  FOREACH t IN ARRAY ARRAY['catalogue_release', 'product', 'area', 'clinic'] LOOP
    EXECUTE format('REVOKE INSERT, UPDATE ON %I FROM revisit_service', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['audit_event', 'appointment_change', 'treatment_withdrawal', 'consent', 'clearance', 'protocol'] LOOP
    EXECUTE format('REVOKE UPDATE ON %I FROM revisit_service', t);
  END LOOP;
  -- Only rows that are not part of a record may vanish: drafts, plans, set-up, guesses counted, answers kept for retries.
  FOREACH t IN ARRAY ARRAY['injection', 'treatment', 'plan_item', 'safety_finding', 'opening_hours', 'closed_day', 'working_hours', 'absence',
                           'extra_hours', 'rate_limit', 'idempotency_key', 'session'] LOOP
    EXECUTE format('GRANT DELETE ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT UPDATE (last_patient_number) ON clinic TO revisit_service;
GRANT SELECT ON recorded_treatment, patient_departure, clinic_location TO revisit_service;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO revisit_service;
REVOKE EXECUTE ON FUNCTION session_actor(bytea), feed_clinic(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_actor(bytea), feed_clinic(bytea) TO revisit_service;
