-- AlterTable
ALTER TABLE "health_fact" ADD COLUMN     "error_at" TIMESTAMPTZ(3),
ADD COLUMN     "error_by" UUID,
ADD COLUMN     "error_reason" TEXT,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "patient" ADD COLUMN     "do_not_contact_reason" TEXT,
ADD COLUMN     "emergency_contact" JSONB,
ADD COLUMN     "general_practitioner" JSONB,
ADD COLUMN     "language" TEXT,
ADD COLUMN     "quiet_from" TEXT,
ADD COLUMN     "quiet_to" TEXT;

-- AlterTable
ALTER TABLE "prior_toxin" ADD COLUMN     "area" TEXT,
ADD COLUMN     "error_at" TIMESTAMPTZ(3),
ADD COLUMN     "error_by" UUID,
ADD COLUMN     "error_reason" TEXT,
ADD COLUMN     "given_text" TEXT,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "patient_change" (
    "clinic_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID,
    "reason" TEXT,
    "before" JSONB NOT NULL,
    "after" JSONB NOT NULL,

    CONSTRAINT "patient_change_pkey" PRIMARY KEY ("clinic_id","patient_id","version")
);

-- CreateTable
CREATE TABLE "identity_check" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "evidence" TEXT NOT NULL,
    "proves" TEXT[],
    "note" TEXT,
    "checked_on" DATE NOT NULL,
    "checked_by" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "error_at" TIMESTAMPTZ(3),
    "error_by" UUID,
    "error_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_check_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "patient_merge" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "from_id" UUID NOT NULL,
    "into_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_by" UUID NOT NULL,
    "from_before" JSONB NOT NULL,
    "took_refusal" BOOLEAN NOT NULL DEFAULT false,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" UUID,
    "undone_reason" TEXT,

    CONSTRAINT "patient_merge_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "stored_file" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "thumb_key" TEXT,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "sent_sha256" TEXT NOT NULL,
    "width" INTEGER,
    "height" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stored_file_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "photo" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "taken_on" DATE NOT NULL,
    "view" TEXT NOT NULL,
    "expression" TEXT NOT NULL,
    "area_ids" TEXT[],
    "phase" TEXT NOT NULL,
    "treatment_id" UUID,
    "consultation_id" UUID,
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "error_at" TIMESTAMPTZ(3),
    "error_by" UUID,
    "error_reason" TEXT,
    "recorded_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "photo_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "photo_consent" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "photo_id" UUID NOT NULL,
    "use" TEXT NOT NULL,
    "signed_name" TEXT NOT NULL,
    "given_on" DATE NOT NULL,
    "recorded_by" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_by" UUID,

    CONSTRAINT "photo_consent_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "patient_document" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "dated_on" DATE NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "error_at" TIMESTAMPTZ(3),
    "error_by" UUID,
    "error_reason" TEXT,
    "recorded_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "patient_document_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "identity_check_clinic_id_patient_id_idx" ON "identity_check"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "patient_merge_clinic_id_into_id_idx" ON "patient_merge"("clinic_id", "into_id");

-- CreateIndex
CREATE INDEX "patient_merge_clinic_id_from_id_idx" ON "patient_merge"("clinic_id", "from_id");

-- CreateIndex
CREATE INDEX "photo_clinic_id_patient_id_taken_on_id_idx" ON "photo"("clinic_id", "patient_id", "taken_on", "id");

-- CreateIndex
CREATE UNIQUE INDEX "stored_file_key_once" ON "stored_file"("clinic_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "photo_file_once" ON "photo"("clinic_id", "file_id");

-- CreateIndex
CREATE INDEX "photo_consent_clinic_id_photo_id_idx" ON "photo_consent"("clinic_id", "photo_id");

-- CreateIndex
CREATE INDEX "patient_document_clinic_id_patient_id_dated_on_id_idx" ON "patient_document"("clinic_id", "patient_id", "dated_on", "id");

-- CreateIndex
CREATE UNIQUE INDEX "patient_document_file_once" ON "patient_document"("clinic_id", "file_id");

-- CreateIndex
CREATE INDEX "patient_clinic_id_merged_into_id_idx" ON "patient"("clinic_id", "merged_into_id");

-- AddForeignKey
ALTER TABLE "patient_change" ADD CONSTRAINT "patient_change_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_check" ADD CONSTRAINT "identity_check_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_merge" ADD CONSTRAINT "patient_merge_clinic_id_from_id_fkey" FOREIGN KEY ("clinic_id", "from_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_merge" ADD CONSTRAINT "patient_merge_clinic_id_into_id_fkey" FOREIGN KEY ("clinic_id", "into_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "photo" ADD CONSTRAINT "photo_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "photo" ADD CONSTRAINT "photo_clinic_id_file_id_fkey" FOREIGN KEY ("clinic_id", "file_id") REFERENCES "stored_file"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "photo" ADD CONSTRAINT "photo_treatment_known" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "photo" ADD CONSTRAINT "photo_consultation_known" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "photo_consent" ADD CONSTRAINT "photo_consent_clinic_id_photo_id_fkey" FOREIGN KEY ("clinic_id", "photo_id") REFERENCES "photo"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_document" ADD CONSTRAINT "patient_document_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_document" ADD CONSTRAINT "patient_document_clinic_id_file_id_fkey" FOREIGN KEY ("clinic_id", "file_id") REFERENCES "stored_file"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- tenants and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['patient_change', 'identity_check', 'patient_merge', 'stored_file', 'photo', 'photo_consent',
                           'patient_document'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO revisit_service', t);
  END LOOP;
  -- What was recorded stays as it was; only that it was wrong, or no longer wanted, may be said beside it.
  FOREACH t IN ARRAY ARRAY['identity_check', 'photo', 'patient_document'] LOOP
    EXECUTE format('GRANT UPDATE (version, error_at, error_by, error_reason) ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT UPDATE (treatment_id) ON photo TO revisit_service;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON photo_consent TO revisit_service;
GRANT UPDATE (undone_at, undone_by, undone_reason) ON patient_merge TO revisit_service;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON patient_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON patient_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON stored_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE patient
  ADD CONSTRAINT patient_quiet_hours CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to
    AND quiet_from ~ '^([01]\d|2[0-3]):[0-5]\d$' AND quiet_to ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  ADD CONSTRAINT patient_refusal_reasoned CHECK (do_not_contact OR do_not_contact_reason IS NULL);
ALTER TABLE health_fact
  ADD CONSTRAINT health_fact_code_whole CHECK ((code IS NULL) = (code_system IS NULL)),
  ADD CONSTRAINT health_fact_error_reasoned CHECK (num_nonnulls(error_at, error_by, error_reason) IN (0, 3) AND error_reason !~ '^\s*$');
ALTER TABLE prior_toxin
  ADD CONSTRAINT prior_toxin_given_known CHECK (given_text IS NULL OR given_text ~ '^\d{4}(-\d{2}(-\d{2})?)?$'),
  ADD CONSTRAINT prior_toxin_error_reasoned CHECK (num_nonnulls(error_at, error_by, error_reason) IN (0, 3) AND error_reason !~ '^\s*$');
ALTER TABLE identity_check
  ADD CONSTRAINT identity_check_evidence_known CHECK (evidence IN ('passport', 'national-id', 'driving-licence',
    'residence-permit', 'age-card', 'known-personally', 'other')),
  ADD CONSTRAINT identity_check_proves CHECK (proves <@ ARRAY['identity', 'age'] AND cardinality(proves) > 0),
  ADD CONSTRAINT identity_check_error_reasoned CHECK (num_nonnulls(error_at, error_by, error_reason) IN (0, 3) AND error_reason !~ '^\s*$');
ALTER TABLE stored_file
  ADD CONSTRAINT stored_file_of_its_clinic CHECK (starts_with(key, clinic_id::text || '/') AND thumb_key = key || '.thumb'),
  ADD CONSTRAINT stored_file_bytes CHECK (bytes > 0 AND sha256 ~ '^[0-9a-f]{64}$' AND sent_sha256 ~ '^[0-9a-f]{64}$');
ALTER TABLE photo
  ADD CONSTRAINT photo_view_known CHECK (view IN ('frontal', 'left-oblique', 'right-oblique', 'left-lateral', 'right-lateral',
    'submental', 'close-up', 'other')),
  ADD CONSTRAINT photo_expression_known CHECK (expression IN ('rest', 'frown', 'raised-brows', 'smile', 'purse', 'clench', 'other')),
  ADD CONSTRAINT photo_phase_known CHECK (phase IN ('before', 'review', 'after')),
  ADD CONSTRAINT photo_error_reasoned CHECK (num_nonnulls(error_at, error_by, error_reason) IN (0, 3) AND error_reason !~ '^\s*$');
ALTER TABLE photo_consent
  ADD CONSTRAINT photo_consent_use_known CHECK (use IN ('treatment-record', 'colleagues', 'teaching', 'marketing', 'research')),
  ADD CONSTRAINT photo_consent_withdrawal_whole CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL));
CREATE UNIQUE INDEX photo_consent_once ON photo_consent (clinic_id, photo_id, use) WHERE withdrawn_at IS NULL;
ALTER TABLE patient_document
  ADD CONSTRAINT patient_document_kind_known CHECK (kind IN ('identity', 'correspondence', 'agreement', 'clinical')),
  ADD CONSTRAINT patient_document_error_reasoned CHECK (num_nonnulls(error_at, error_by, error_reason) IN (0, 3) AND error_reason !~ '^\s*$');

-- A photo of one patient never shows another's treatment. A draft that is thrown away lets its photos go.
CREATE FUNCTION refuse_foreign_photo_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  person CONSTANT uuid := (SELECT coalesce(merged_into_id, id) FROM patient WHERE clinic_id = NEW.clinic_id AND id = NEW.patient_id);
BEGIN
  IF NEW.treatment_id IS NOT NULL AND person IS DISTINCT FROM (
       SELECT coalesce(p.merged_into_id, p.id) FROM treatment t JOIN patient p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
        WHERE t.clinic_id = NEW.clinic_id AND t.id = NEW.treatment_id)
     OR NEW.consultation_id IS NOT NULL AND person IS DISTINCT FROM (
       SELECT coalesce(p.merged_into_id, p.id) FROM consultation c JOIN patient p ON p.clinic_id = c.clinic_id AND p.id = c.patient_id
        WHERE c.clinic_id = NEW.clinic_id AND c.id = NEW.consultation_id) THEN
    RAISE EXCEPTION 'a photo belongs to a visit of its own patient' USING ERRCODE = 'foreign_key_violation',
      CONSTRAINT = 'photo_visit_of_patient';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_of_patient BEFORE INSERT ON photo FOR EACH ROW EXECUTE FUNCTION refuse_foreign_photo_link();

CREATE INDEX photo_by_treatment ON photo (clinic_id, treatment_id) WHERE treatment_id IS NOT NULL;
CREATE FUNCTION let_photos_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE photo SET treatment_id = NULL WHERE clinic_id = OLD.clinic_id AND treatment_id = OLD.id;
  RETURN OLD;
END $$;
-- After `signed_locked`, by name: what may not be deleted loses nothing.
CREATE TRIGGER without_photos BEFORE DELETE ON treatment FOR EACH ROW EXECUTE FUNCTION let_photos_go();

-- ---------------------------------------------------------------- merged records
ALTER TABLE patient_merge
  ADD CONSTRAINT patient_merge_of_two CHECK (from_id <> into_id),
  ADD CONSTRAINT patient_merge_reasoned CHECK (reason !~ '^\s*$'),
  ADD CONSTRAINT patient_merge_undoing_whole CHECK (num_nonnulls(undone_at, undone_by, undone_reason) IN (0, 3) AND undone_reason !~ '^\s*$');
CREATE UNIQUE INDEX patient_merged_once ON patient_merge (clinic_id, from_id) WHERE undone_at IS NULL;

-- A merged record names the last survivor, who is not merged: no circles, and one look finds everybody. Looked at when the
-- transaction ends, since a merge moves several records; the lock keeps two merges from overlooking each other.
CREATE FUNCTION refuse_deep_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  survivor text;
BEGIN
  SELECT status INTO survivor FROM patient WHERE clinic_id = NEW.clinic_id AND id = NEW.merged_into_id FOR NO KEY UPDATE;
  IF survivor = 'merged' OR EXISTS (
       SELECT FROM patient x JOIN patient p ON p.clinic_id = x.clinic_id AND p.merged_into_id = x.id
        WHERE x.clinic_id = NEW.clinic_id AND x.id = NEW.id AND x.status = 'merged') THEN
    RAISE EXCEPTION 'a record is merged into one that is not itself merged' USING ERRCODE = 'check_violation',
      CONSTRAINT = 'patient_merge_one_deep';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER merge_one_deep AFTER INSERT OR UPDATE OF merged_into_id ON patient DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION refuse_deep_merge();

-- Under which ids a person's rows stand, whichever of them is asked for: every query of one patient's history takes
-- `patient_id = ANY ((SELECT person_records($n))::uuid[])`, so that a merge unites it without touching a row; the SELECT has it
-- asked once, not for every row that is looked at.
CREATE FUNCTION person_records(one uuid) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY INVOKER AS $$
  WITH survivor AS MATERIALIZED (
    SELECT coalesce(merged_into_id, id) AS id FROM public.patient WHERE clinic_id = public.app_clinic() AND id = one)
  SELECT array(SELECT id FROM survivor UNION ALL
               SELECT p.id FROM survivor s JOIN public.patient p ON p.clinic_id = public.app_clinic() AND p.merged_into_id = s.id) $$;
REVOKE EXECUTE ON FUNCTION person_records(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person_records(uuid) TO revisit_service;

-- ---------------------------------------------------------------- finding a patient, page by page
DROP FUNCTION find_patients(text[], int);

-- As before; besides, it tells by what a patient was ranked, so that the next page begins behind the last one, and goes on
-- forgiving typos (or not) as the first page did.
CREATE FUNCTION find_patients(words text[], most int, forgiven boolean DEFAULT NULL, exact int DEFAULT NULL, near float8 DEFAULT NULL,
                              family text DEFAULT NULL, given text DEFAULT NULL, last uuid DEFAULT NULL)
  RETURNS TABLE (found uuid, place bigint, forgiving boolean, exactness int, likeness float8)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  literal text; whole text; alike text; has_long boolean; exacts text; likes text; wanted text; lenient boolean;
BEGIN
  SELECT string_agg(contains, ' AND '), string_agg(format('search_text ~ %L', '\m' || quoted || '\M'), ' AND '),
         string_agg(CASE WHEN long THEN format('(%s OR %L <%% search_text)', contains, word) ELSE contains END, ' AND '),
         bool_or(long), string_agg(format('(%s)::int', contains), ' + '),
         string_agg(format('word_similarity(%L, search_text)', word), ' + ')
    INTO literal, whole, alike, has_long, exacts, likes
    FROM (SELECT word, length(word) >= 3 AS long, regexp_replace(word, '([^[:alnum:]])', '\\\1', 'g') AS quoted,
                 format('search_text LIKE %L', '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') AS contains
            FROM (SELECT searchable(w) AS word FROM unnest(words) w) typed) read;
  IF literal IS NULL THEN RETURN; END IF;
  FOREACH lenient IN ARRAY CASE WHEN forgiven IS NOT NULL THEN ARRAY[forgiven] WHEN has_long THEN ARRAY[false, true] ELSE ARRAY[false] END LOOP
    wanted := CASE WHEN lenient THEN alike ELSE literal END;
    RETURN QUERY EXECUTE format(
      'WITH own AS NOT MATERIALIZED (
         SELECT id, family_name, given_name, search_text FROM patient WHERE clinic_id = $1 AND status <> ''merged'')
       SELECT id, row_number() OVER (), $3, exactness, likeness FROM (
         SELECT id, exactness, likeness FROM (
           SELECT *, %s AS exactness, (%s)::float8 AS likeness
             FROM ((SELECT * FROM own WHERE %s LIMIT 1000) UNION (SELECT * FROM own WHERE %s LIMIT 1000)) candidate) ranked
          WHERE $4 IS NULL OR (-exactness, -likeness, family_name, given_name, id) > (-$4, -$5, $6, $7, $8)
          ORDER BY exactness DESC, likeness DESC, family_name, given_name, id LIMIT $2) best', exacts, likes, whole, wanted)
      USING app_clinic(), most, lenient, exact, near, family, given, last;
    IF FOUND THEN RETURN; END IF;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION find_patients(text[], int, boolean, int, float8, text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_patients(text[], int, boolean, int, float8, text, text, uuid) TO revisit_service;
