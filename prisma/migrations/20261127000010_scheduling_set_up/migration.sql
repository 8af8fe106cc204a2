-- Set-up that several people may edit at once carries a version.
ALTER TABLE "location" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "room" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "appointment_type" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "absence" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "starts_on" DATE,
  ADD COLUMN "ends_on" DATE;
ALTER TABLE "extra_hours" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- Shifts of every n-th week, counted from a Monday.
ALTER TABLE "opening_hours" ADD COLUMN "every_weeks" SMALLINT NOT NULL DEFAULT 1, ADD COLUMN "anchor_monday" DATE;
ALTER TABLE "working_hours" ADD COLUMN "every_weeks" SMALLINT NOT NULL DEFAULT 1, ADD COLUMN "anchor_monday" DATE;

CREATE TABLE "extra_opening" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "opens" TEXT NOT NULL,
    "closes" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "extra_opening_pkey" PRIMARY KEY ("clinic_id", "id")
);
CREATE INDEX "extra_opening_clinic_id_location_id_day_idx" ON "extra_opening"("clinic_id", "location_id", "day");
ALTER TABLE "extra_opening" ADD CONSTRAINT "extra_opening_clinic_id_location_id_fkey"
  FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "rota" (
    "clinic_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rota_pkey" PRIMARY KEY ("clinic_id", "practitioner_id", "location_id")
);
ALTER TABLE "rota" ADD CONSTRAINT "rota_clinic_id_location_id_fkey"
  FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "rota" ADD CONSTRAINT "rota_clinic_id_practitioner_id_fkey"
  FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- tenants, and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['extra_opening', 'rota'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT DELETE ON "extra_opening" TO revisit_service;

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE "extra_opening" ADD CONSTRAINT extra_opening_forward
  CHECK (opens ~ '^([01]\d|2[0-3]):[0-5]\d$' AND closes ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$' AND opens < closes);
ALTER TABLE "opening_hours" ADD CONSTRAINT opening_hours_recur
  CHECK (every_weeks BETWEEN 1 AND 8 AND (every_weeks = 1) = (anchor_monday IS NULL) AND extract(isodow FROM anchor_monday) = 1);
ALTER TABLE "working_hours" ADD CONSTRAINT working_hours_recur
  CHECK (every_weeks BETWEEN 1 AND 8 AND (every_weeks = 1) = (anchor_monday IS NULL) AND extract(isodow FROM anchor_monday) = 1);
ALTER TABLE "absence" ADD CONSTRAINT absence_days_forward
  CHECK ((starts_on IS NULL) = (ends_on IS NULL) AND starts_on <= ends_on);
