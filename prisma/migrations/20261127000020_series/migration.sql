-- CreateTable
CREATE TABLE "series" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "type_id" UUID NOT NULL,
    "every_weeks" SMALLINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "series_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "series_visit" (
    "clinic_id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "number" SMALLINT NOT NULL,
    "appointment_id" UUID NOT NULL,
    "detached" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "series_visit_pkey" PRIMARY KEY ("clinic_id","series_id","number")
);

-- CreateTable
CREATE TABLE "group_move" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "group_move_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "group_move_item" (
    "clinic_id" UUID NOT NULL,
    "group_move_id" UUID NOT NULL,
    "appointment_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "from_starts_at" TIMESTAMPTZ(3) NOT NULL,
    "practitioner_id" UUID,
    "room_id" UUID,
    "starts_at" TIMESTAMPTZ(3),
    "busy_from" TIMESTAMPTZ(3),
    "busy_to" TIMESTAMPTZ(3),
    "why" TEXT,
    "alternatives" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "group_move_item_pkey" PRIMARY KEY ("clinic_id","group_move_id","appointment_id")
);

-- CreateIndex
CREATE INDEX "series_clinic_id_patient_id_id_idx" ON "series"("clinic_id", "patient_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "series_visit_of_one" ON "series_visit"("clinic_id", "appointment_id");

-- AddForeignKey
ALTER TABLE "series" ADD CONSTRAINT "series_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series" ADD CONSTRAINT "series_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series" ADD CONSTRAINT "series_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series" ADD CONSTRAINT "series_clinic_id_type_id_fkey" FOREIGN KEY ("clinic_id", "type_id") REFERENCES "appointment_type"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_visit" ADD CONSTRAINT "series_visit_clinic_id_series_id_fkey" FOREIGN KEY ("clinic_id", "series_id") REFERENCES "series"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_visit" ADD CONSTRAINT "series_visit_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_move" ADD CONSTRAINT "group_move_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_move_item" ADD CONSTRAINT "group_move_item_clinic_id_group_move_id_fkey" FOREIGN KEY ("clinic_id", "group_move_id") REFERENCES "group_move"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_move_item" ADD CONSTRAINT "group_move_item_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- tenants, and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['series', 'series_visit', 'group_move', 'group_move_item'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO revisit_service', t);
  END LOOP;
END $$;

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE series ADD CONSTRAINT series_every_weeks CHECK (every_weeks BETWEEN 1 AND 52);
ALTER TABLE series_visit ADD CONSTRAINT series_visit_number CHECK (number BETWEEN 1 AND 26);
ALTER TABLE group_move ADD CONSTRAINT group_move_forward CHECK (starts_at < ends_at);
-- Two proposals of one move never take the same practitioner or room at a time, however they were edited.
ALTER TABLE group_move_item
  ADD CONSTRAINT group_move_item_state_known CHECK (state IN ('proposed', 'no-slot', 'left', 'moved', 'conflict', 'gone')),
  ADD CONSTRAINT group_move_item_slot CHECK (state <> 'proposed'
    OR (practitioner_id IS NOT NULL AND starts_at IS NOT NULL AND busy_from <= starts_at AND starts_at < busy_to)),
  ADD CONSTRAINT group_move_practitioner_overlap EXCLUDE USING gist
    (clinic_id WITH =, group_move_id WITH =, practitioner_id WITH =, tstzrange(busy_from, busy_to) WITH &&)
    WHERE (state = 'proposed'),
  ADD CONSTRAINT group_move_room_overlap EXCLUDE USING gist
    (clinic_id WITH =, group_move_id WITH =, room_id WITH =, tstzrange(busy_from, busy_to) WITH &&)
    WHERE (state = 'proposed');
