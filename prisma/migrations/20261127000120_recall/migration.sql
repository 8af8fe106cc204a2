-- The recall list and follow-ups in full: contacts, whose card it is, touch-up approvals, the non-response pathway.

-- AlterTable
ALTER TABLE "clinic" ADD COLUMN     "claim_minutes" INTEGER NOT NULL DEFAULT 10,
ADD COLUMN     "contact_gap_days" INTEGER NOT NULL DEFAULT 7,
ADD COLUMN     "settings_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "follow_up" ADD COLUMN     "practitioner_id" UUID;

-- CreateTable
CREATE TABLE "touch_up_approval" (
    "clinic_id" UUID NOT NULL,
    "follow_up_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "area_ids" TEXT[],
    "planned_on" DATE NOT NULL,
    "rule_id" TEXT NOT NULL,
    "note" TEXT,
    "approved_by" UUID NOT NULL,
    "approved_at" TIMESTAMPTZ(3) NOT NULL,
    "draft_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "touch_up_approval_pkey" PRIMARY KEY ("clinic_id","follow_up_id")
);

-- CreateTable
CREATE TABLE "non_response_pathway" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "follow_up_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "practitioner_id" UUID,
    "treated_on" DATE NOT NULL,
    "found_on" DATE NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "conclusion" TEXT,
    "note" TEXT,
    "closed_by" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "non_response_pathway_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "non_response_step" (
    "clinic_id" UUID NOT NULL,
    "pathway_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "finding" TEXT NOT NULL,
    "note" TEXT,
    "decided_by" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "non_response_step_pkey" PRIMARY KEY ("clinic_id","pathway_id","version")
);

-- CreateTable
CREATE TABLE "contact_attempt" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "initiated_by" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "until" DATE,
    "area_ids" TEXT[],
    "appointment_id" UUID,
    "note" TEXT,
    "on_day" DATE NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "contact_attempt_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "recall_card" (
    "clinic_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "assigned_to" UUID,
    "assigned_at" TIMESTAMPTZ(3),
    "claimed_by" UUID,
    "claimed_until" TIMESTAMPTZ(3),
    "last_contact_on" DATE,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "recall_card_pkey" PRIMARY KEY ("clinic_id","patient_id")
);

-- CreateIndex
CREATE INDEX "non_response_pathway_clinic_id_patient_id_area_id_idx" ON "non_response_pathway"("clinic_id", "patient_id", "area_id");

-- CreateIndex
CREATE INDEX "non_response_pathway_clinic_id_status_found_on_id_idx" ON "non_response_pathway"("clinic_id", "status", "found_on", "id");

-- CreateIndex
CREATE INDEX "contact_attempt_clinic_id_patient_id_at_id_idx" ON "contact_attempt"("clinic_id", "patient_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "contact_attempt_clinic_id_on_day_idx" ON "contact_attempt"("clinic_id", "on_day");

-- CreateIndex
CREATE INDEX "recall_card_clinic_id_assigned_to_idx" ON "recall_card"("clinic_id", "assigned_to");

-- AddForeignKey
ALTER TABLE "touch_up_approval" ADD CONSTRAINT "touch_up_approval_clinic_id_follow_up_id_fkey" FOREIGN KEY ("clinic_id", "follow_up_id") REFERENCES "follow_up"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "touch_up_approval" ADD CONSTRAINT "touch_up_approval_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "touch_up_approval" ADD CONSTRAINT "touch_up_approval_clinic_id_approved_by_fkey" FOREIGN KEY ("clinic_id", "approved_by") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_pathway" ADD CONSTRAINT "non_response_pathway_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_pathway" ADD CONSTRAINT "non_response_pathway_clinic_id_follow_up_id_fkey" FOREIGN KEY ("clinic_id", "follow_up_id") REFERENCES "follow_up"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_step" ADD CONSTRAINT "non_response_step_clinic_id_pathway_id_fkey" FOREIGN KEY ("clinic_id", "pathway_id") REFERENCES "non_response_pathway"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_step" ADD CONSTRAINT "non_response_step_clinic_id_decided_by_fkey" FOREIGN KEY ("clinic_id", "decided_by") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_attempt" ADD CONSTRAINT "contact_attempt_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_attempt" ADD CONSTRAINT "contact_attempt_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "contact_attempt" ADD CONSTRAINT "contact_attempt_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_card" ADD CONSTRAINT "recall_card_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_card" ADD CONSTRAINT "recall_card_clinic_id_assigned_to_fkey" FOREIGN KEY ("clinic_id", "assigned_to") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_card" ADD CONSTRAINT "recall_card_clinic_id_claimed_by_fkey" FOREIGN KEY ("clinic_id", "claimed_by") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "touch_up_approval" ADD CONSTRAINT "touch_up_approval_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_pathway" ADD CONSTRAINT "non_response_pathway_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;


-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE clinic
  ADD CONSTRAINT clinic_contact_gap CHECK (contact_gap_days BETWEEN 0 AND 365),
  ADD CONSTRAINT clinic_claim_minutes CHECK (claim_minutes BETWEEN 1 AND 120);
ALTER TABLE contact_attempt
  ADD CONSTRAINT contact_initiator_known CHECK (initiated_by IN ('clinic', 'patient')),
  ADD CONSTRAINT contact_channel_known CHECK (channel IN ('phone', 'sms', 'email', 'letter', 'in-person')),
  ADD CONSTRAINT contact_outcome_known CHECK (outcome IN ('booked', 'no-answer', 'later', 'declined', 'do-not-contact')),
  ADD CONSTRAINT contact_until_said CHECK (CASE outcome WHEN 'later' THEN until IS NOT NULL AND until > on_day
                                                        WHEN 'declined' THEN until IS NULL OR until > on_day
                                                        ELSE until IS NULL END),
  ADD CONSTRAINT contact_booking_said CHECK ((outcome = 'booked') = (appointment_id IS NOT NULL));
ALTER TABLE recall_card
  ADD CONSTRAINT recall_card_claim_whole CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
  ADD CONSTRAINT recall_card_assignment_whole CHECK ((assigned_to IS NULL) = (assigned_at IS NULL));
ALTER TABLE touch_up_approval
  ADD CONSTRAINT touch_up_approval_areas CHECK (cardinality(area_ids) > 0);
ALTER TABLE non_response_pathway
  ADD CONSTRAINT non_response_pathway_status_known CHECK (status IN ('open', 'closed')),
  ADD CONSTRAINT non_response_pathway_conclusion_known
    CHECK (conclusion IN ('retreat', 'change-product', 'refer', 'no-further-treatment', 'withdrawn')),
  ADD CONSTRAINT non_response_pathway_end_said
    CHECK ((status = 'closed') = (conclusion IS NOT NULL) AND (status = 'closed') = (closed_at IS NOT NULL)
           AND (status = 'closed') = (closed_by IS NOT NULL));
ALTER TABLE non_response_step
  ADD CONSTRAINT non_response_step_known CHECK (step IN ('technique', 'muscles', 'antibodies')),
  ADD CONSTRAINT non_response_finding_known CHECK (finding IN ('ruled-out', 'likely', 'unclear'));

-- One pathway a treatment and area, however often its review is answered.
CREATE UNIQUE INDEX non_response_pathway_once ON non_response_pathway (clinic_id, treatment_id, area_id);
-- What a funnel of a period begins with.
CREATE INDEX contact_attempt_booked ON contact_attempt (clinic_id, appointment_id) WHERE appointment_id IS NOT NULL;
-- A practitioner's own reviews and checks to do, in the order they are done.
CREATE INDEX follow_up_own ON follow_up (clinic_id, practitioner_id, kind, due_from, id) WHERE status IN ('due', 'booked', 'missed');
-- The desk's list of reviews to book and missed ones, in the order it is worked.
CREATE INDEX follow_up_to_book ON follow_up (clinic_id, due_from, id) WHERE kind = 'review' AND status IN ('due', 'missed');

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON contact_attempt FOR EACH ROW WHEN (NOT erasing()) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON contact_attempt FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON non_response_step FOR EACH ROW WHEN (NOT erasing()) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON non_response_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['contact_attempt', 'recall_card', 'touch_up_approval', 'non_response_pathway', 'non_response_step'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
END $$;

-- ---------------------------------------------------------------- what contexts above and beside may read
-- Who gave a signed treatment.
CREATE VIEW treated_by WITH (security_invoker = true) AS
  SELECT clinic_id, id AS treatment_id, practitioner_id FROM treatment WHERE status = 'signed';

-- Visits booked for a treatment, in every status they came to, by the day at their location.
CREATE VIEW treatment_visit WITH (security_invoker = true) AS
  SELECT a.clinic_id, a.id AS appointment_id, a.patient_id, a.status, a.area_ids, a.created_at,
         (a.starts_at AT TIME ZONE l.zone)::date AS on_day
    FROM appointment a
    JOIN appointment_type t ON t.clinic_id = a.clinic_id AND t.id = a.type_id AND t.kind = 'treatment'
    JOIN location l ON l.clinic_id = a.clinic_id AND l.id = a.location_id
   WHERE a.status NOT IN ('held', 'released', 'entered-in-error');

-- Attempts to reach patients about coming back, for reports; under the record a merged one is read with.
CREATE VIEW recall_list_contact WITH (security_invoker = true) AS
  SELECT c.clinic_id, c.id AS contact_id, coalesce(p.merged_into_id, p.id) AS patient_id, c.staff_id, c.on_day, c.at,
         c.initiated_by, c.channel, c.outcome, c.until, c.area_ids, c.appointment_id
    FROM contact_attempt c
    JOIN patient p ON p.clinic_id = c.clinic_id AND p.id = c.patient_id;

GRANT SELECT, INSERT ON contact_attempt, recall_card, touch_up_approval, non_response_pathway, non_response_step TO revisit_service;
GRANT UPDATE ON recall_card TO revisit_service;
GRANT UPDATE (draft_id, version) ON touch_up_approval TO revisit_service;
GRANT UPDATE (status, conclusion, note, closed_by, closed_at, version) ON non_response_pathway TO revisit_service;
GRANT SELECT ON treated_by, treatment_visit, recall_list_contact TO revisit_service;
GRANT UPDATE (touch_ups_allowed, late_cancel_hours, booking_horizon_days, booking_notice_minutes, hold_minutes,
              waitlist_offer_minutes, quiet_from, quiet_to, clearance_days, contact_gap_days, claim_minutes, settings_version)
   ON clinic TO revisit_service;
