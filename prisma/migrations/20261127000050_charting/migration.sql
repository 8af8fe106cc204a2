-- AlterTable
ALTER TABLE "consent" ADD COLUMN     "cost_amount" DECIMAL(10,2),
ADD COLUMN     "cost_currency" TEXT,
ADD COLUMN     "covers" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "text_id" UUID;

-- AlterTable
ALTER TABLE "consultation" ADD COLUMN     "amend_reason" TEXT,
ADD COLUMN     "amends_id" UUID,
ADD COLUMN     "content_hash" TEXT,
ADD COLUMN     "signed_at" TIMESTAMPTZ(3),
ADD COLUMN     "signed_by" UUID,
ADD COLUMN     "signed_meaning" TEXT,
ADD COLUMN     "signed_name" TEXT;

-- AlterTable
ALTER TABLE "injection" ADD COLUMN     "needle" TEXT;

-- AlterTable
ALTER TABLE "treatment" ADD COLUMN     "aftercare_version" TEXT,
ADD COLUMN     "anaesthesia" TEXT,
ADD COLUMN     "catalogue_version" INTEGER,
ADD COLUMN     "gp_letter" TEXT,
ADD COLUMN     "history_confirmed" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "identity_checked" TEXT,
ADD COLUMN     "immediate_reaction" TEXT,
ADD COLUMN     "photos_before" TEXT,
ADD COLUMN     "review_choice" TEXT,
ADD COLUMN     "supervisor_id" UUID,
ADD COLUMN     "window_shown" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "consultation_withdrawal" (
    "clinic_id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "replaced_by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "consultation_withdrawal_pkey" PRIMARY KEY ("clinic_id","consultation_id")
);

-- CreateTable
CREATE TABLE "severity_score" (
    "clinic_id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "scale" TEXT NOT NULL,
    "at_rest" SMALLINT NOT NULL,
    "at_contraction" SMALLINT NOT NULL,

    CONSTRAINT "severity_score_pkey" PRIMARY KEY ("clinic_id","consultation_id","area_id","scale")
);

-- CreateTable
CREATE TABLE "consent_text" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "area_id" TEXT,
    "version" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "covers" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_text_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "charting_policy" (
    "clinic_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "author_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "charting_policy_pkey" PRIMARY KEY ("clinic_id","version")
);

-- CreateTable
CREATE TABLE "signed_record" (
    "clinic_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "record_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signed_record_pkey" PRIMARY KEY ("clinic_id","kind","record_id")
);

-- CreateTable
CREATE TABLE "treatment_template" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "points" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "treatment_template_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "treatment_template_clinic_id_practitioner_id_id_idx" ON "treatment_template"("clinic_id", "practitioner_id", "id");

-- CreateIndex
CREATE INDEX "consent_clinic_id_text_id_idx" ON "consent"("clinic_id", "text_id");

-- CreateIndex
CREATE INDEX "consultation_clinic_id_amends_id_idx" ON "consultation"("clinic_id", "amends_id");

-- AddForeignKey
ALTER TABLE "consultation" ADD CONSTRAINT "consultation_clinic_id_amends_id_fkey" FOREIGN KEY ("clinic_id", "amends_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "consent" ADD CONSTRAINT "consent_clinic_id_text_id_fkey" FOREIGN KEY ("clinic_id", "text_id") REFERENCES "consent_text"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "consultation_withdrawal" ADD CONSTRAINT "consultation_withdrawal_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "severity_score" ADD CONSTRAINT "severity_score_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_template" ADD CONSTRAINT "treatment_template_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- tenants, and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['consultation_withdrawal', 'severity_score', 'consent_text', 'charting_policy', 'signed_record',
                           'treatment_template'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO revisit_service', t);
  END LOOP;
  -- What was said, found, signed and decided is only ever added to.
  FOREACH t IN ARRAY ARRAY['consultation_withdrawal', 'consent_text', 'charting_policy', 'signed_record', 'screening_answer',
                           'safety_finding'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
  END LOOP;
END $$;
GRANT DELETE ON severity_score TO revisit_service;
GRANT UPDATE, DELETE ON treatment_template TO revisit_service;
REVOKE UPDATE ON screening_answer, safety_finding, plan_item FROM revisit_service;
REVOKE DELETE ON safety_finding FROM revisit_service;

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE consultation
  DROP CONSTRAINT consultation_status_known,
  ADD CONSTRAINT consultation_status_known CHECK (status IN ('open', 'closed', 'signed')),
  ADD CONSTRAINT consultation_signed_whole CHECK (status <> 'signed' OR (signed_at IS NOT NULL AND signed_by IS NOT NULL
    AND signed_name IS NOT NULL AND signed_meaning IS NOT NULL AND content_hash IS NOT NULL)),
  ADD CONSTRAINT consultation_amend_reasoned CHECK (amends_id IS NULL OR length(btrim(amend_reason)) > 0);
ALTER TABLE consultation_withdrawal
  ADD CONSTRAINT consultation_withdrawal_cause CHECK (cause IN ('amended', 'entered-in-error')),
  ADD CONSTRAINT consultation_withdrawal_reasoned CHECK (length(btrim(reason)) > 0);
ALTER TABLE severity_score
  ADD CONSTRAINT severity_score_on_scale CHECK (at_rest BETWEEN 0 AND 10 AND at_contraction BETWEEN 0 AND 10);
ALTER TABLE consent_text ADD CONSTRAINT consent_text_kind_known CHECK (kind IN ('treatment', 'off-label'));
ALTER TABLE consent
  ADD CONSTRAINT consent_cost_whole CHECK ((cost_amount IS NULL) = (cost_currency IS NULL) AND cost_amount >= 0);
ALTER TABLE charting_policy ADD CONSTRAINT charting_policy_reasoned CHECK (length(btrim(reason)) > 0);
ALTER TABLE signed_record ADD CONSTRAINT signed_record_kind_known CHECK (kind IN ('consultation', 'treatment'));
ALTER TABLE treatment
  ADD CONSTRAINT treatment_identity_known CHECK (identity_checked IN ('photo-id', 'known-to-clinic', 'asked')),
  ADD CONSTRAINT treatment_review_known CHECK (review_choice IN ('offered', 'booked', 'declined')),
  ADD CONSTRAINT treatment_photos_known CHECK (photos_before IN ('taken', 'declined')),
  ADD CONSTRAINT treatment_gp_letter_known CHECK (gp_letter IN ('consented', 'declined', 'no-gp'));

-- A version of a text never says two things; an area's own text stands beside the one for all areas.
CREATE UNIQUE INDEX consent_text_version_once ON consent_text (clinic_id, kind, coalesce(area_id, ''), version);
CREATE UNIQUE INDEX treatment_template_name_once ON treatment_template (clinic_id, practitioner_id, lower(name));
CREATE INDEX treatment_by_clearance ON treatment (clinic_id, clearance_id) WHERE status = 'signed';

-- ---------------------------------------------------------------- what never changes
CREATE FUNCTION refuse_signed_consultation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'signed' THEN
    RAISE EXCEPTION 'a signed consultation never changes: amend it, or withdraw it' USING ERRCODE = 'restrict_violation',
      CONSTRAINT = 'consultation_signed_locked';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_locked BEFORE UPDATE OR DELETE ON consultation
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_consultation();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON consultation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What belongs to a consultation is signed with it: afterwards nothing is added, changed or removed.
CREATE FUNCTION refuse_part_of_signed_consultation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for a signature being written at this moment, so that the look below sees it.
  PERFORM FROM consultation c
    WHERE c.clinic_id IN (OLD.clinic_id, NEW.clinic_id) AND c.id IN (OLD.consultation_id, NEW.consultation_id)
    FOR SHARE; -- either record is null where there is none; one key each keeps it on the index
  PERFORM FROM consultation c
    WHERE c.clinic_id IN (OLD.clinic_id, NEW.clinic_id) AND c.id IN (OLD.consultation_id, NEW.consultation_id)
      AND c.status = 'signed';
  IF FOUND THEN
    RAISE EXCEPTION 'the consultation of this row is signed' USING ERRCODE = 'restrict_violation',
      CONSTRAINT = 'consultation_signed_locked';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['screening_answer', 'plan_item', 'safety_finding', 'severity_score', 'consent', 'clearance'] LOOP
    EXECUTE format('CREATE TRIGGER signed_locked BEFORE INSERT OR UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION refuse_part_of_signed_consultation()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['plan_item', 'severity_score'] LOOP
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
  END LOOP;
END $$;
