-- Recall messages: the clinic's own words, what was asked for, what became of each; windows end by treatments only.

-- AlterTable
ALTER TABLE "clinic" ADD COLUMN     "automatic_recall_from" DATE,
ADD COLUMN     "message_language" TEXT NOT NULL DEFAULT 'en';

-- AlterTable
ALTER TABLE "contact_attempt" ALTER COLUMN "staff_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "recall_template" (
    "clinic_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "staff_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recall_template_pkey" PRIMARY KEY ("clinic_id","language","version")
);

-- CreateTable
CREATE TABLE "recall_batch" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "offers_visit" BOOLEAN NOT NULL,
    "night_of" DATE,
    "requested_by" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_by" UUID,
    "stopped_at" TIMESTAMPTZ(3),

    CONSTRAINT "recall_batch_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "recall_message" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "area_ids" TEXT[],
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "send_after" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "language" TEXT,
    "template_version" INTEGER,
    "on_day" DATE NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "contact_id" UUID,

    CONSTRAINT "recall_message_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "recall_batch_clinic_id_requested_at_id_idx" ON "recall_batch"("clinic_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "recall_message_clinic_id_patient_id_requested_at_id_idx" ON "recall_message"("clinic_id", "patient_id", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "recall_message_once_a_batch" ON "recall_message"("clinic_id", "batch_id", "patient_id");

-- AddForeignKey
ALTER TABLE "recall_template" ADD CONSTRAINT "recall_template_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_batch" ADD CONSTRAINT "recall_batch_clinic_id_requested_by_fkey" FOREIGN KEY ("clinic_id", "requested_by") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_batch" ADD CONSTRAINT "recall_batch_clinic_id_stopped_by_fkey" FOREIGN KEY ("clinic_id", "stopped_by") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_message" ADD CONSTRAINT "recall_message_clinic_id_batch_id_fkey" FOREIGN KEY ("clinic_id", "batch_id") REFERENCES "recall_batch"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_message" ADD CONSTRAINT "recall_message_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_message" ADD CONSTRAINT "recall_message_clinic_id_contact_id_fkey" FOREIGN KEY ("clinic_id", "contact_id") REFERENCES "contact_attempt"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;


-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE clinic
  ADD CONSTRAINT clinic_message_language CHECK (message_language IN ('en', 'de', 'fr', 'it', 'es'));
-- A message is an attempt too; one by night has nobody who made it.
ALTER TABLE contact_attempt
  DROP CONSTRAINT contact_outcome_known,
  ADD CONSTRAINT contact_outcome_known
    CHECK (outcome IN ('booked', 'no-answer', 'later', 'declined', 'do-not-contact', 'messaged')),
  ADD CONSTRAINT contact_made_by_someone CHECK (staff_id IS NOT NULL OR outcome = 'messaged');
ALTER TABLE recall_template
  ADD CONSTRAINT recall_template_language CHECK (language IN ('en', 'de', 'fr', 'it', 'es')),
  ADD CONSTRAINT recall_template_version CHECK (version > 0);
ALTER TABLE recall_batch
  ADD CONSTRAINT recall_batch_cause CHECK (cause IN ('asked', 'nightly')),
  ADD CONSTRAINT recall_batch_by_someone CHECK ((cause = 'asked') = (requested_by IS NOT NULL)),
  ADD CONSTRAINT recall_batch_of_a_night CHECK ((cause = 'nightly') = (night_of IS NOT NULL)),
  ADD CONSTRAINT recall_batch_stop_whole CHECK ((stopped_by IS NULL) = (stopped_at IS NULL));
ALTER TABLE recall_message
  ADD CONSTRAINT recall_message_channel CHECK (channel IN ('email')),
  ADD CONSTRAINT recall_message_status CHECK (status IN ('waiting', 'sending', 'sent', 'unconfirmed', 'withheld', 'failed')),
  ADD CONSTRAINT recall_message_settled_once CHECK ((status IN ('waiting', 'sending')) = (settled_at IS NULL)),
  ADD CONSTRAINT recall_message_says_why CHECK ((status IN ('withheld', 'failed')) = (reason IS NOT NULL)),
  ADD CONSTRAINT recall_message_in_the_log CHECK ((status IN ('sent', 'unconfirmed')) = (contact_id IS NOT NULL)),
  ADD CONSTRAINT recall_message_has_a_time CHECK (status <> 'waiting' OR send_after IS NOT NULL);

-- Nobody gets two messages at a time, whoever asked for them.
CREATE UNIQUE INDEX recall_message_one_at_a_time ON recall_message (clinic_id, patient_id) WHERE status IN ('waiting', 'sending');
-- However often a night's job runs, its messages are one batch.
CREATE UNIQUE INDEX recall_batch_one_a_night ON recall_batch (clinic_id, night_of) WHERE night_of IS NOT NULL;

-- What became of a message stays so.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recall_message FOR EACH ROW
  WHEN (OLD.settled_at IS NOT NULL AND NOT erasing()) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recall_template FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON recall_message FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON recall_template FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Death and departure keep a patient from being asked; they end no window (domain rule: a reason is shown, never a deletion).
ALTER TABLE repeat_visit_window
  DROP CONSTRAINT window_end_known,
  ADD CONSTRAINT window_end_known CHECK (ended_by IN ('treated-again', 'recomputed', 'merged', 'withdrawn'));

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['recall_template', 'recall_batch', 'recall_message'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
END $$;

-- Who gave a signed treatment, to whom, when and where.
CREATE OR REPLACE VIEW treated_by WITH (security_invoker = true) AS
  SELECT clinic_id, id AS treatment_id, practitioner_id, patient_id, treated_on, location_id FROM treatment WHERE status = 'signed';

GRANT SELECT, INSERT ON recall_template, recall_batch, recall_message TO revisit_service;
GRANT UPDATE (stopped_by, stopped_at) ON recall_batch TO revisit_service;
GRANT UPDATE (status, reason, send_after, tries, language, template_version, settled_at, contact_id) ON recall_message TO revisit_service;
GRANT UPDATE (automatic_recall_from, message_language) ON clinic TO revisit_service;
