-- Repeat-visit windows in full: what they were computed from, where they stand, overrides and recomputes.

-- AlterTable
ALTER TABLE "clinic" ADD COLUMN     "personal_intervals" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
-- Rows issued before keep the whole explanation in it.
ALTER TABLE "repeat_visit_window" RENAME COLUMN "explanation" TO "outcome";
ALTER TABLE "repeat_visit_window" ADD COLUMN     "changes_on" DATE,
ADD COLUMN     "state" TEXT;

-- CreateTable
CREATE TABLE "window_figures" (
    "clinic_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "figures" JSON NOT NULL,

    CONSTRAINT "window_figures_pkey" PRIMARY KEY ("clinic_id","hash")
);

-- CreateTable
CREATE TABLE "window_state_change" (
    "clinic_id" UUID NOT NULL,
    "window_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "since" DATE NOT NULL,
    "stated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "window_state_change_pkey" PRIMARY KEY ("clinic_id","window_id","state")
);

-- CreateTable
CREATE TABLE "window_basis" (
    "clinic_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "fingerprint" UUID,

    CONSTRAINT "window_basis_pkey" PRIMARY KEY ("clinic_id","patient_id")
);

-- CreateTable
CREATE TABLE "window_override" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "not_before" DATE NOT NULL,
    "calculated" DATE,
    "after_treatment_on" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "staff_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_by" UUID,

    CONSTRAINT "window_override_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "window_recompute" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "after_patient" UUID,
    "basis" TEXT,
    "patients" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "issued" INTEGER NOT NULL DEFAULT 0,
    "ended" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "requested_by" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "window_recompute_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "window_state_change_clinic_id_since_state_idx" ON "window_state_change"("clinic_id", "since", "state");

-- CreateIndex
CREATE INDEX "window_override_clinic_id_patient_id_area_id_idx" ON "window_override"("clinic_id", "patient_id", "area_id");

-- CreateIndex
CREATE INDEX "window_recompute_clinic_id_requested_at_id_idx" ON "window_recompute"("clinic_id", "requested_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "window_override" ADD CONSTRAINT "window_override_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "window_override" ADD CONSTRAINT "window_override_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;


-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE window_state_change ADD CONSTRAINT window_state_change_of_window
  FOREIGN KEY (clinic_id, window_id) REFERENCES repeat_visit_window (clinic_id, id);

ALTER TABLE repeat_visit_window
  ADD CONSTRAINT window_state_known CHECK (state IN ('too-early', 'permitted-early', 'due', 'past-due', 'lapsed'));
ALTER TABLE window_state_change
  ADD CONSTRAINT window_state_change_known CHECK (state IN ('too-early', 'permitted-early', 'due', 'past-due', 'lapsed'));
ALTER TABLE window_override
  ADD CONSTRAINT window_override_reasoned CHECK (length(btrim(reason)) > 0),
  ADD CONSTRAINT window_override_end_said CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL));
ALTER TABLE window_recompute
  ADD CONSTRAINT window_recompute_cause_known CHECK (cause IN ('protocol', 'personal-interval', 'asked', 'nightly')),
  ADD CONSTRAINT window_recompute_status_known CHECK (status IN ('waiting', 'running', 'done')),
  ADD CONSTRAINT window_recompute_end_said CHECK ((status = 'done') = (finished_at IS NOT NULL));

-- One override an area in force; one recompute a clinic under way: a change meanwhile begins it again.
CREATE UNIQUE INDEX window_override_once ON window_override (clinic_id, patient_id, area_id) WHERE withdrawn_at IS NULL;
CREATE UNIQUE INDEX window_recompute_one_at_a_time ON window_recompute (clinic_id) WHERE status <> 'done';
-- What the night has to look at: the windows that come to stand elsewhere.
CREATE INDEX window_by_change ON repeat_visit_window (clinic_id, changes_on) WHERE status = 'open' AND changes_on IS NOT NULL;
-- Windows issued before have not been stated yet.
UPDATE repeat_visit_window SET changes_on = issued_at::date WHERE status = 'open';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON window_state_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON window_state_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON window_figures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON window_figures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['window_figures', 'window_state_change', 'window_basis', 'window_override', 'window_recompute'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON window_figures, window_state_change, window_basis, window_override, window_recompute TO revisit_service;
GRANT UPDATE ON window_basis, window_recompute TO revisit_service;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON window_override TO revisit_service;
GRANT UPDATE (personal_intervals) ON clinic TO revisit_service;
