-- Every follow-up and every pathway belongs to whoever gave the treatment, those signed before it was kept too.

-- The owner sees no clinic's rows past a forced policy; what is forced again below was never open to the service.
ALTER TABLE follow_up NO FORCE ROW LEVEL SECURITY;
ALTER TABLE non_response_pathway NO FORCE ROW LEVEL SECURITY;
ALTER TABLE treatment NO FORCE ROW LEVEL SECURITY;
UPDATE follow_up f SET practitioner_id = t.practitioner_id
  FROM treatment t WHERE t.clinic_id = f.clinic_id AND t.id = f.treatment_id AND f.practitioner_id IS NULL;
UPDATE non_response_pathway p SET practitioner_id = t.practitioner_id
  FROM treatment t WHERE t.clinic_id = p.clinic_id AND t.id = p.treatment_id AND p.practitioner_id IS NULL;
ALTER TABLE follow_up FORCE ROW LEVEL SECURITY;
ALTER TABLE non_response_pathway FORCE ROW LEVEL SECURITY;
ALTER TABLE treatment FORCE ROW LEVEL SECURITY;

-- AlterTable
ALTER TABLE "follow_up" ALTER COLUMN "practitioner_id" SET NOT NULL;

-- AlterTable
ALTER TABLE "non_response_pathway" ALTER COLUMN "practitioner_id" SET NOT NULL;

-- AddForeignKey
ALTER TABLE "follow_up" ADD CONSTRAINT "follow_up_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "non_response_pathway" ADD CONSTRAINT "non_response_pathway_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- Signing a touch-up asks which approval its draft was begun for.
CREATE INDEX touch_up_approval_draft ON touch_up_approval (clinic_id, draft_id) WHERE draft_id IS NOT NULL;
