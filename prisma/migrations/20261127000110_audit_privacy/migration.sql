-- The audit trail can be sealed, looked through and proved; what names a patient can be handed over and erased.

-- ---------------------------------------------------------------- the order of the trail
-- Ids are given out before a transaction commits, so their order says nothing about what may still come. A transaction's own
-- number does: of those below the oldest one still running, every row is there. Numbers begin anew in a server a dump was
-- restored into, so an epoch stands before them: the operator replaces this function then (SECURITY.md, "After a restore").
CREATE FUNCTION audit_epoch() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1::bigint;
CREATE FUNCTION audit_horizon() RETURNS bigint LANGUAGE sql STABLE
  RETURN (audit_epoch() << 48) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

ALTER TABLE "audit_event" ADD COLUMN "xact" BIGINT NOT NULL DEFAULT ((audit_epoch() << 48) + ((pg_current_xact_id())::text)::bigint);

DROP INDEX "audit_event_clinic_id_patient_id_id_idx";
CREATE INDEX "audit_event_clinic_id_patient_id_at_id_idx" ON "audit_event"("clinic_id", "patient_id", "at", "id");
CREATE INDEX "audit_event_clinic_id_staff_id_at_id_idx" ON "audit_event"("clinic_id", "staff_id", "at", "id");
CREATE INDEX "audit_event_clinic_id_xact_id_idx" ON "audit_event"("clinic_id", "xact", "id");
-- A clinic's whole trail is looked through by time; rows of one time lie together on disk, so a small index does.
CREATE INDEX "audit_event_clinic_id_at_id_idx" ON "audit_event"("clinic_id", "at", "id");

CREATE TABLE "audit_seal" (
    "clinic_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "after_xact" BIGINT NOT NULL,
    "after_id" BIGINT NOT NULL,
    "last_xact" BIGINT NOT NULL,
    "last_id" BIGINT NOT NULL,
    "rows" INTEGER NOT NULL,
    "rows_hash" BYTEA NOT NULL,
    "previous_mac" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "mac" BYTEA NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("clinic_id","number")
);

-- ---------------------------------------------------------------- privacy
CREATE TABLE "privacy_setting" (
    "clinic_id" UUID NOT NULL,
    "retention_years" SMALLINT NOT NULL,
    "retention_automatic" BOOLEAN NOT NULL DEFAULT false,
    "emergency_access" BOOLEAN NOT NULL DEFAULT false,
    "emergency_minutes" SMALLINT NOT NULL DEFAULT 30,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "privacy_setting_pkey" PRIMARY KEY ("clinic_id")
);

CREATE TABLE "legal_hold" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_by" UUID NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "lifted_by" UUID,
    "lifted_at" TIMESTAMPTZ(3),
    "lift_reason" TEXT,

    CONSTRAINT "legal_hold_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE TABLE "access_export" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "requested_by" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "made_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "rows" INTEGER,
    "sha256" TEXT,
    "zip" BYTEA,

    CONSTRAINT "access_export_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE TABLE "erasure" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'planned',
    "reason" TEXT NOT NULL,
    "requested_by" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "plan" JSONB NOT NULL,
    "executed_by" UUID,
    "executed_at" TIMESTAMPTZ(3),
    "certificate" TEXT,
    "certificate_hash" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE TABLE "erased_patient" (
    "clinic_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "erasure_id" UUID NOT NULL,
    "kept_until" DATE,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_patient_pkey" PRIMARY KEY ("clinic_id","patient_id")
);

CREATE TABLE "emergency_access" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_by" UUID,
    "reviewed_at" TIMESTAMPTZ(3),

    CONSTRAINT "emergency_access_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE INDEX "legal_hold_clinic_id_patient_id_idx" ON "legal_hold"("clinic_id", "patient_id");
CREATE INDEX "access_export_clinic_id_patient_id_idx" ON "access_export"("clinic_id", "patient_id");
CREATE INDEX "access_export_clinic_id_expires_at_idx" ON "access_export"("clinic_id", "expires_at");
CREATE INDEX "erasure_clinic_id_patient_id_idx" ON "erasure"("clinic_id", "patient_id");
CREATE INDEX "emergency_access_clinic_id_patient_id_staff_id_ends_at_idx" ON "emergency_access"("clinic_id", "patient_id", "staff_id", "ends_at");
CREATE INDEX "erased_patient_clinic_id_kept_until_idx" ON "erased_patient"("clinic_id", "kept_until");

ALTER TABLE "legal_hold" ADD CONSTRAINT "legal_hold_clinic_id_patient_id_fkey"
  FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "access_export" ADD CONSTRAINT "access_export_clinic_id_patient_id_fkey"
  FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_access_clinic_id_patient_id_fkey"
  FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE audit_event ADD CONSTRAINT audit_event_outcome_known CHECK (outcome IN ('done', 'refused'));
ALTER TABLE audit_seal ADD CONSTRAINT audit_seal_forward CHECK (number > 0 AND rows > 0 AND (after_xact, after_id) < (last_xact, last_id)
  AND length(rows_hash) = 32 AND length(previous_mac) = 32 AND length(mac) = 32);
ALTER TABLE privacy_setting
  ADD CONSTRAINT privacy_retention_years CHECK (retention_years BETWEEN 1 AND 40),
  ADD CONSTRAINT privacy_emergency_minutes CHECK (emergency_minutes BETWEEN 5 AND 240);
ALTER TABLE legal_hold
  ADD CONSTRAINT legal_hold_reasoned CHECK (reason !~ '^\s*$'),
  ADD CONSTRAINT legal_hold_lift_whole CHECK (num_nonnulls(lifted_by, lifted_at, lift_reason) IN (0, 3));
ALTER TABLE access_export
  ADD CONSTRAINT access_export_status_known CHECK (status IN ('waiting', 'ready', 'expired')),
  ADD CONSTRAINT access_export_whole CHECK ((status = 'ready') = (zip IS NOT NULL));
ALTER TABLE erasure
  ADD CONSTRAINT erasure_kind_known CHECK (kind IN ('request', 'retention', 'restore')),
  ADD CONSTRAINT erasure_status_known CHECK (status IN ('planned', 'executing', 'executed', 'withdrawn')),
  ADD CONSTRAINT erasure_certified CHECK ((status = 'executed') = (certificate IS NOT NULL)
    AND (certificate IS NULL) = (certificate_hash IS NULL)),
  ADD CONSTRAINT erasure_reasoned CHECK (reason !~ '^\s*$');
CREATE UNIQUE INDEX erasure_planned_once ON erasure (clinic_id, patient_id) WHERE status = 'planned';
ALTER TABLE emergency_access
  ADD CONSTRAINT emergency_access_reasoned CHECK (length(btrim(reason)) >= 10),
  ADD CONSTRAINT emergency_access_forward CHECK (opened_at < ends_at);
CREATE INDEX emergency_access_unreviewed ON emergency_access (clinic_id, opened_at) WHERE reviewed_at IS NULL;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['audit_seal', 'privacy_setting', 'legal_hold', 'access_export', 'erasure', 'erased_patient',
                           'emergency_access'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT UPDATE ON privacy_setting, access_export TO revisit_service;
GRANT UPDATE (lifted_by, lifted_at, lift_reason) ON legal_hold TO revisit_service;
GRANT UPDATE (status, executed_by, executed_at, certificate, certificate_hash, version) ON erasure TO revisit_service;
GRANT UPDATE (erasure_id, kept_until, erased_at) ON erased_patient TO revisit_service;
GRANT UPDATE (reviewed_by, reviewed_at) ON emergency_access TO revisit_service;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A certificate is never taken back.
CREATE FUNCTION refuse_certified_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an executed erasure never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER certified BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW WHEN (OLD.status = 'executed')
  EXECUTE FUNCTION refuse_certified_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- erasing what is otherwise never changed
-- True only inside the two functions below: they belong to the owner of the tables, and nobody else gets past a lock.
CREATE FUNCTION erasing() RETURNS boolean LANGUAGE sql STABLE
  RETURN coalesce(current_setting('app.erasing', true), '') = 'yes'
     AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.patient'::regclass);

-- The locks on signed and append-only rows of patients open for an erasure; those of the audit trail, its seals and the
-- certificates never do.
DO $$
DECLARE r record;
BEGIN
  FOR r IN SELECT t.oid, t.tgname, c.relname, pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND t.tgname IN ('append_only', 'signed_locked')
              AND t.tgqual IS NULL AND c.relname NOT IN ('audit_event', 'audit_seal', 'catalogue_release', 'protocol') LOOP
    EXECUTE format('DROP TRIGGER %I ON %I', r.tgname, r.relname);
    EXECUTE replace(r.definition, ' EXECUTE FUNCTION ', ' WHEN (NOT erasing()) EXECUTE FUNCTION ');
  END LOOP;
END $$;

-- Whether an erasure of this clinic is being executed and the table may hold a patient's rows at all.
CREATE FUNCTION assert_erasing(request uuid, target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.erasure e JOIN pg_class c ON c.oid = target AND c.relnamespace = 'public'::regnamespace
                  WHERE e.clinic_id = public.app_clinic() AND e.id = request AND e.status = 'executing'
                    AND c.relname NOT IN ('audit_event', 'audit_seal', 'erasure', 'erased_patient', 'clinic', 'staff', 'session'))
     OR EXISTS (SELECT FROM public.erasure e JOIN public.legal_hold h ON h.clinic_id = e.clinic_id AND h.lifted_at IS NULL
                  JOIN public.patient p ON p.clinic_id = h.clinic_id AND p.id = h.patient_id
                 WHERE e.clinic_id = public.app_clinic() AND e.id = request AND e.patient_id IN (p.id, p.merged_into_id)) THEN
    RAISE EXCEPTION 'nothing is erased outside an erasure, nor under a legal hold' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

CREATE FUNCTION key_match(target regclass) RETURNS text LANGUAGE sql STABLE
  RETURN (SELECT string_agg(format('t.%I = k.%I', a.attname, a.attname), ' AND ') FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = target AND i.indisprimary);

-- Deletes the rows of these keys (a list of objects), and tells how many.
CREATE FUNCTION erase_rows(request uuid, target regclass, keys jsonb) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n int;
BEGIN
  PERFORM assert_erasing(request, target), set_config('app.erasing', 'yes', true);
  EXECUTE format('DELETE FROM %s t USING jsonb_populate_recordset(NULL::%s, $1) k WHERE t.clinic_id = app_clinic() AND %s',
                 target, target, key_match(target)) USING keys;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM set_config('app.erasing', 'no', true);
  RETURN n;
END $$;

-- In the rows of these keys: replaces the texts named in `cleared` whole (empties those that are no text) and takes out of every other text what matches.
CREATE FUNCTION redact_rows(request uuid, target regclass, keys jsonb, identifiers text, cleared text[]) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n int; assigned text; touched text;
BEGIN
  PERFORM assert_erasing(request, target), set_config('app.erasing', 'yes', true);
  SELECT string_agg(format('%I = %s', attname, made), ', '),
         string_agg(format('t.%I::text IS DISTINCT FROM (%s)::text', attname, made), ' OR ')
    INTO assigned, touched
    FROM (SELECT a.attname, CASE WHEN a.attname = ANY (cleared) THEN
                   CASE WHEN a.atttypid = 'text'::regtype THEN format('CASE WHEN t.%I IS NOT NULL THEN ''[erased]'' END', a.attname) ELSE 'NULL' END
                 ELSE format('regexp_replace(t.%I::text, $2, ''[erased]'', ''gi'')::%s', a.attname, format_type(a.atttypid, NULL)) END AS made
            FROM pg_attribute a
           WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             AND (a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'json'::regtype) OR a.attname = ANY (cleared))) editable;
  IF assigned IS NULL THEN RETURN 0; END IF;
  EXECUTE format('UPDATE %s t SET %s FROM jsonb_populate_recordset(NULL::%s, $1) k WHERE t.clinic_id = app_clinic() AND %s AND (%s)',
                 target, assigned, target, key_match(target), touched) USING keys, identifiers;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM set_config('app.erasing', 'no', true);
  RETURN n;
END $$;
REVOKE EXECUTE ON FUNCTION erase_rows(uuid, regclass, jsonb), redact_rows(uuid, regclass, jsonb, text, text[]),
  assert_erasing(uuid, regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_rows(uuid, regclass, jsonb), redact_rows(uuid, regclass, jsonb, text, text[]) TO revisit_service;
