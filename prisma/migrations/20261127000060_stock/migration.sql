-- Vials, recalls of lots, adverse events: the tables, then what Prisma cannot say.

-- AlterTable
ALTER TABLE "injection" ADD COLUMN     "vial_id" UUID;

-- AlterTable
ALTER TABLE "lot" ADD COLUMN     "status_reason" TEXT;

-- CreateTable
CREATE TABLE "adverse_event" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "term" TEXT,
    "other_term" TEXT,
    "catalogue_version" TEXT NOT NULL,
    "onset_on" DATE NOT NULL,
    "severity" TEXT NOT NULL,
    "seriousness" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "serious" BOOLEAN NOT NULL,
    "outcome" TEXT NOT NULL,
    "resolved_on" DATE,
    "description" TEXT,
    "notes" JSONB NOT NULL DEFAULT '[]',
    "status" TEXT NOT NULL DEFAULT 'active',
    "version" INTEGER NOT NULL DEFAULT 1,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "adverse_event_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "adverse_event_injection" (
    "clinic_id" UUID NOT NULL,
    "adverse_event_id" UUID NOT NULL,
    "injection_id" UUID NOT NULL,

    CONSTRAINT "adverse_event_injection_pkey" PRIMARY KEY ("clinic_id","adverse_event_id","injection_id")
);

-- CreateTable
CREATE TABLE "adverse_event_change" (
    "clinic_id" UUID NOT NULL,
    "adverse_event_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "adverse_event_change_pkey" PRIMARY KEY ("clinic_id","adverse_event_id","version")
);

-- CreateTable
CREATE TABLE "clinical_task" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "adverse_event_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "regulator" TEXT,
    "why" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "due_on" DATE NOT NULL,
    "assigned_to" UUID,
    "status" TEXT NOT NULL DEFAULT 'open',
    "reference" TEXT,
    "note" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "clinical_task_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "vial" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "serial" TEXT,
    "status" TEXT NOT NULL DEFAULT 'sealed',
    "content" INTEGER NOT NULL,
    "drawn" INTEGER NOT NULL DEFAULT 0,
    "wasted" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "opened_by" UUID,
    "diluent_kind" TEXT,
    "volume_ml" DECIMAL(6,3),
    "diluent_lot" TEXT,
    "dilution_reason" TEXT,
    "use_by" TIMESTAMPTZ(3),
    "single_patient" BOOLEAN NOT NULL DEFAULT false,
    "patient_id" UUID,

    CONSTRAINT "vial_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "vial_movement" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "vial_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "drawn" INTEGER NOT NULL DEFAULT 0,
    "wasted" INTEGER NOT NULL DEFAULT 0,
    "patient_id" UUID,
    "treatment_id" UUID,
    "from_location_id" UUID,
    "to_location_id" UUID,
    "corrects_id" UUID,
    "reason" TEXT,
    "witness_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "vial_movement_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "recall_case" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "lot_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "reference" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by" UUID NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" UUID,
    "closed_reason" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "recall_case_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "recall_contact" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "recall_contact_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE INDEX "adverse_event_clinic_id_patient_id_onset_on_idx" ON "adverse_event"("clinic_id", "patient_id", "onset_on");

-- CreateIndex
CREATE INDEX "adverse_event_clinic_id_treatment_id_idx" ON "adverse_event"("clinic_id", "treatment_id");

-- CreateIndex
CREATE INDEX "adverse_event_injection_clinic_id_injection_id_idx" ON "adverse_event_injection"("clinic_id", "injection_id");

-- CreateIndex
CREATE INDEX "clinical_task_clinic_id_status_due_on_id_idx" ON "clinical_task"("clinic_id", "status", "due_on", "id");

-- CreateIndex
CREATE INDEX "clinical_task_clinic_id_adverse_event_id_idx" ON "clinical_task"("clinic_id", "adverse_event_id");

-- CreateIndex
CREATE INDEX "vial_clinic_id_location_id_status_lot_id_idx" ON "vial"("clinic_id", "location_id", "status", "lot_id");

-- CreateIndex
CREATE UNIQUE INDEX "vial_serial_unique" ON "vial"("clinic_id", "lot_id", "serial");

-- CreateIndex
CREATE INDEX "vial_movement_clinic_id_vial_id_idx" ON "vial_movement"("clinic_id", "vial_id");

-- CreateIndex
CREATE INDEX "vial_movement_clinic_id_treatment_id_idx" ON "vial_movement"("clinic_id", "treatment_id");

-- CreateIndex
CREATE UNIQUE INDEX "vial_movement_corrected_once" ON "vial_movement"("clinic_id", "corrects_id");

-- CreateIndex
CREATE INDEX "recall_case_clinic_id_opened_at_idx" ON "recall_case"("clinic_id", "opened_at");

-- CreateIndex
CREATE INDEX "recall_contact_clinic_id_case_id_patient_id_at_idx" ON "recall_contact"("clinic_id", "case_id", "patient_id", "at");

-- AddForeignKey
ALTER TABLE "adverse_event" ADD CONSTRAINT "adverse_event_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adverse_event" ADD CONSTRAINT "adverse_event_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adverse_event_injection" ADD CONSTRAINT "adverse_event_injection_clinic_id_adverse_event_id_fkey" FOREIGN KEY ("clinic_id", "adverse_event_id") REFERENCES "adverse_event"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adverse_event_injection" ADD CONSTRAINT "adverse_event_injection_clinic_id_injection_id_fkey" FOREIGN KEY ("clinic_id", "injection_id") REFERENCES "injection"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "adverse_event_change" ADD CONSTRAINT "adverse_event_change_clinic_id_adverse_event_id_fkey" FOREIGN KEY ("clinic_id", "adverse_event_id") REFERENCES "adverse_event"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinical_task" ADD CONSTRAINT "clinical_task_clinic_id_adverse_event_id_fkey" FOREIGN KEY ("clinic_id", "adverse_event_id") REFERENCES "adverse_event"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinical_task" ADD CONSTRAINT "clinical_task_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clinical_task" ADD CONSTRAINT "clinical_task_clinic_id_assigned_to_fkey" FOREIGN KEY ("clinic_id", "assigned_to") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "vial" ADD CONSTRAINT "vial_clinic_id_lot_id_fkey" FOREIGN KEY ("clinic_id", "lot_id") REFERENCES "lot"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vial" ADD CONSTRAINT "vial_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vial" ADD CONSTRAINT "vial_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "vial_movement" ADD CONSTRAINT "vial_movement_clinic_id_vial_id_fkey" FOREIGN KEY ("clinic_id", "vial_id") REFERENCES "vial"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vial_movement" ADD CONSTRAINT "vial_movement_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "recall_case" ADD CONSTRAINT "recall_case_clinic_id_lot_id_fkey" FOREIGN KEY ("clinic_id", "lot_id") REFERENCES "lot"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recall_contact" ADD CONSTRAINT "recall_contact_clinic_id_case_id_fkey" FOREIGN KEY ("clinic_id", "case_id") REFERENCES "recall_case"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recall_contact" ADD CONSTRAINT "recall_contact_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "injection" ADD CONSTRAINT "injection_clinic_id_vial_id_fkey" FOREIGN KEY ("clinic_id", "vial_id") REFERENCES "vial"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- ---------------------------------------------------------------- tenants
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['vial', 'vial_movement', 'recall_case', 'recall_contact', 'adverse_event',
                           'adverse_event_injection', 'adverse_event_change', 'clinical_task'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['vial_movement', 'recall_contact', 'adverse_event_injection', 'adverse_event_change'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', t);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', t);
  END LOOP;
END $$;

-- ---------------------------------------------------------------- a vial never gives more than it holds
-- Drawn, wasted and left are always the content: left is what the other two leave, and it is never less than nothing.
ALTER TABLE vial
  ADD CONSTRAINT vial_status_known CHECK (status IN ('sealed', 'open', 'discarded')),
  ADD CONSTRAINT vial_content_positive CHECK (content > 0),
  ADD CONSTRAINT vial_not_overdrawn CHECK (drawn >= 0 AND wasted >= 0 AND drawn + wasted <= content),
  ADD CONSTRAINT vial_sealed_whole CHECK (status <> 'sealed' OR (drawn = 0 AND wasted = 0 AND opened_at IS NULL)),
  ADD CONSTRAINT vial_opened_whole CHECK (status <> 'open' OR (opened_at IS NOT NULL AND opened_by IS NOT NULL AND use_by IS NOT NULL)),
  ADD CONSTRAINT vial_volume_whole CHECK (volume_ml > 0 AND (diluent_kind IS NULL OR volume_ml IS NOT NULL));
ALTER TABLE vial_movement
  ADD CONSTRAINT vial_movement_kind_known CHECK (kind IN ('receive', 'transfer', 'open', 'draw', 'waste', 'discard', 'correct')),
  ADD CONSTRAINT vial_movement_units CHECK (CASE kind
    WHEN 'draw' THEN drawn > 0 AND wasted = 0 AND patient_id IS NOT NULL
    WHEN 'waste' THEN drawn = 0 AND wasted > 0
    WHEN 'discard' THEN drawn = 0 AND wasted >= 0
    WHEN 'correct' THEN drawn <= 0 AND wasted <= 0
    ELSE drawn = 0 AND wasted = 0 END),
  ADD CONSTRAINT vial_movement_corrects CHECK ((kind = 'correct') = (corrects_id IS NOT NULL)),
  ADD CONSTRAINT vial_movement_reasoned CHECK (kind NOT IN ('waste', 'correct') OR length(btrim(reason)) > 0);

-- Only the ledger moves the balance: the service may write neither sum. The row lock lets one draw after another in.
CREATE FUNCTION keep_vial_balance() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v vial; c vial_movement;
BEGIN
  IF NEW.kind = 'correct' THEN
    SELECT * INTO c FROM vial_movement m WHERE m.clinic_id = NEW.clinic_id AND m.id = NEW.corrects_id;
    IF c.vial_id IS DISTINCT FROM NEW.vial_id OR c.kind NOT IN ('draw', 'waste', 'discard')
       OR NEW.drawn <> -c.drawn OR NEW.wasted <> -c.wasted THEN
      RAISE EXCEPTION 'a counter-entry takes back exactly what it corrects' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'vial_movement_mirrors';
    END IF;
  END IF;
  IF NEW.drawn = 0 AND NEW.wasted = 0 THEN RETURN NEW; END IF;
  UPDATE vial SET drawn = vial.drawn + NEW.drawn, wasted = vial.wasted + NEW.wasted
   WHERE clinic_id = NEW.clinic_id AND id = NEW.vial_id AND status <> 'sealed' RETURNING * INTO v;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the vial is sealed' USING ERRCODE = 'check_violation', CONSTRAINT = 'vial_opened_first';
  END IF;
  IF v.single_patient AND NEW.drawn <> 0 THEN
    IF NEW.drawn > 0 AND v.patient_id <> NEW.patient_id THEN
      RAISE EXCEPTION 'the vial is for one patient' USING ERRCODE = 'check_violation', CONSTRAINT = 'vial_single_patient';
    END IF;
    UPDATE vial SET patient_id = CASE WHEN v.drawn = 0 THEN NULL ELSE coalesce(v.patient_id, NEW.patient_id) END
     WHERE clinic_id = NEW.clinic_id AND id = NEW.vial_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER balance BEFORE INSERT ON vial_movement FOR EACH ROW EXECUTE FUNCTION keep_vial_balance();

-- From a lot to its treatments and units without reading the injections themselves.
DROP INDEX "injection_clinic_id_lot_id_idx";
CREATE INDEX "injection_of_lot" ON injection (clinic_id, lot_id, treatment_id, area_id, units);
-- What drafts are to draw from a vial.
CREATE INDEX injection_of_vial ON injection (clinic_id, vial_id) WHERE vial_id IS NOT NULL;
-- What is on the shelves, however many vials were thrown away in the years before.
CREATE INDEX vial_in_stock ON vial (clinic_id, lot_id, location_id) WHERE status <> 'discarded';
-- Which product a pack of this code was received as before.
CREATE INDEX lot_of_gtin ON lot (clinic_id, gtin) WHERE gtin IS NOT NULL;

-- ---------------------------------------------------------------- recalls
ALTER TABLE recall_case
  ADD CONSTRAINT recall_closed_whole CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (closed_reason IS NULL));
CREATE UNIQUE INDEX recall_open_once ON recall_case (clinic_id, lot_id) WHERE closed_at IS NULL;
ALTER TABLE recall_contact
  ADD CONSTRAINT recall_channel_known CHECK (channel IN ('phone', 'email', 'sms', 'letter', 'in-person')),
  ADD CONSTRAINT recall_outcome_known CHECK (outcome IN ('acknowledged', 'message-left', 'no-answer', 'unreachable', 'declined'));

-- ---------------------------------------------------------------- adverse events
ALTER TABLE adverse_event
  ADD CONSTRAINT adverse_event_named CHECK (num_nonnulls(term, other_term) = 1),
  ADD CONSTRAINT adverse_event_severity_known CHECK (severity IN ('mild', 'moderate', 'severe')),
  ADD CONSTRAINT adverse_event_seriousness_known CHECK (seriousness <@ ARRAY['death', 'life-threatening', 'hospitalisation',
    'disability', 'congenital-anomaly', 'medically-important']),
  ADD CONSTRAINT adverse_event_serious CHECK (serious OR cardinality(seriousness) = 0),
  ADD CONSTRAINT adverse_event_outcome_known CHECK (outcome IN ('recovered', 'recovering', 'not-recovered',
    'recovered-with-sequelae', 'fatal', 'unknown')),
  ADD CONSTRAINT adverse_event_status_known CHECK (status IN ('active', 'resolved', 'entered-in-error')),
  ADD CONSTRAINT adverse_event_resolved_whole CHECK ((status <> 'active' OR resolved_on IS NULL)
    AND (status <> 'resolved' OR resolved_on >= onset_on));
-- Those that hold a patient's windows back.
CREATE INDEX adverse_event_active ON adverse_event (clinic_id, patient_id) WHERE status = 'active';
ALTER TABLE clinical_task
  ADD CONSTRAINT clinical_task_kind_known CHECK (kind IN ('urgent-review', 'report-to-regulator')),
  ADD CONSTRAINT clinical_task_status_known CHECK (status IN ('open', 'done', 'cancelled')),
  ADD CONSTRAINT clinical_task_ended_whole CHECK ((status = 'open') = (ended_at IS NULL) AND (status = 'open') = (ended_by IS NULL)),
  ADD CONSTRAINT clinical_task_report_to CHECK ((kind = 'report-to-regulator') = (regulator IS NOT NULL)),
  ADD CONSTRAINT clinical_task_report_referenced CHECK (kind <> 'report-to-regulator' OR status <> 'done'
    OR length(btrim(reference)) > 0);
CREATE UNIQUE INDEX clinical_task_once ON clinical_task (clinic_id, adverse_event_id, kind) WHERE status <> 'cancelled';

-- ---------------------------------------------------------------- who may do what
GRANT SELECT, INSERT ON vial_movement, recall_case, recall_contact, adverse_event, adverse_event_injection,
  adverse_event_change, clinical_task TO revisit_service;
GRANT UPDATE ON recall_case, adverse_event, clinical_task TO revisit_service;
GRANT SELECT ON vial TO revisit_service;
GRANT INSERT (clinic_id, id, lot_id, location_id, serial, content) ON vial TO revisit_service;
GRANT UPDATE (location_id, status, opened_at, opened_by, diluent_kind, volume_ml, diluent_lot, dilution_reason, use_by,
  single_patient) ON vial TO revisit_service;
REVOKE EXECUTE ON FUNCTION keep_vial_balance() FROM PUBLIC;
