-- The waitlist: who would come earlier, what they were offered, and every change of it.

ALTER TABLE "clinic" ADD COLUMN "waitlist_offer_minutes" INTEGER NOT NULL DEFAULT 30,
  ADD COLUMN "quiet_from" TEXT NOT NULL DEFAULT '20:00',
  ADD COLUMN "quiet_to" TEXT NOT NULL DEFAULT '08:00';

CREATE TABLE "waitlist_entry" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "type_id" UUID NOT NULL,
    "practitioner_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "location_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "weekdays" SMALLINT[] DEFAULT ARRAY[]::SMALLINT[],
    "time_from" TEXT NOT NULL DEFAULT '00:00',
    "time_to" TEXT NOT NULL DEFAULT '24:00',
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "priority" SMALLINT NOT NULL DEFAULT 2,
    "area_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "replaces_id" UUID,
    "note" TEXT,
    "status" TEXT NOT NULL DEFAULT 'waiting',
    "joined_by" UUID NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "waitlist_entry_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE TABLE "waitlist_offer" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "hold_id" UUID NOT NULL,
    "rank" INTEGER NOT NULL,
    "why" TEXT NOT NULL,
    "offered_by" UUID,
    "reason" TEXT,
    "status" TEXT NOT NULL DEFAULT 'open',
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "waitlist_offer_pkey" PRIMARY KEY ("clinic_id","id")
);

CREATE TABLE "waitlist_change" (
    "clinic_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID,
    "reason" TEXT,
    "offer_id" UUID,

    CONSTRAINT "waitlist_change_pkey" PRIMARY KEY ("clinic_id","entry_id","version")
);

CREATE INDEX "waitlist_entry_clinic_id_status_priority_joined_at_id_idx"
  ON "waitlist_entry"("clinic_id", "status", "priority", "joined_at", "id");
CREATE INDEX "waitlist_entry_clinic_id_patient_id_idx" ON "waitlist_entry"("clinic_id", "patient_id");
CREATE UNIQUE INDEX "waitlist_offer_hold_once" ON "waitlist_offer"("clinic_id", "hold_id");
CREATE INDEX "waitlist_offer_clinic_id_entry_id_idx" ON "waitlist_offer"("clinic_id", "entry_id");

ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_entry_clinic_id_patient_id_fkey"
  FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_entry_clinic_id_type_id_fkey"
  FOREIGN KEY ("clinic_id", "type_id") REFERENCES "appointment_type"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "waitlist_entry" ADD CONSTRAINT "waitlist_entry_clinic_id_replaces_id_fkey"
  FOREIGN KEY ("clinic_id", "replaces_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "waitlist_offer" ADD CONSTRAINT "waitlist_offer_clinic_id_entry_id_fkey"
  FOREIGN KEY ("clinic_id", "entry_id") REFERENCES "waitlist_entry"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "waitlist_offer" ADD CONSTRAINT "waitlist_offer_clinic_id_hold_id_fkey"
  FOREIGN KEY ("clinic_id", "hold_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "waitlist_change" ADD CONSTRAINT "waitlist_change_clinic_id_entry_id_fkey"
  FOREIGN KEY ("clinic_id", "entry_id") REFERENCES "waitlist_entry"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- what Prisma cannot say
ALTER TABLE clinic
  ADD CONSTRAINT clinic_waitlist_offer_minutes CHECK (waitlist_offer_minutes BETWEEN 5 AND 1440),
  ADD CONSTRAINT clinic_quiet_hours CHECK (quiet_from ~ '^([01]\d|2[0-3]):[0-5]\d$' AND quiet_to ~ '^([01]\d|2[0-3]):[0-5]\d$');
ALTER TABLE waitlist_entry
  ADD CONSTRAINT waitlist_entry_status_known CHECK (status IN ('waiting', 'booked', 'left', 'lapsed')),
  ADD CONSTRAINT waitlist_entry_priority_known CHECK (priority BETWEEN 0 AND 2),
  ADD CONSTRAINT waitlist_entry_days_forward CHECK (from_day <= to_day),
  ADD CONSTRAINT waitlist_entry_weekdays_known CHECK (weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[]),
  ADD CONSTRAINT waitlist_entry_times_forward CHECK (time_from ~ '^([01]\d|2[0-3]):[0-5]\d$'
    AND time_to ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$' AND time_from < time_to);
ALTER TABLE waitlist_offer
  ADD CONSTRAINT waitlist_offer_status_known CHECK (status IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  ADD CONSTRAINT waitlist_offer_end_said CHECK ((status = 'open') = (ended_at IS NULL)),
  ADD CONSTRAINT waitlist_offer_rank_counted CHECK (rank >= 0),
  ADD CONSTRAINT waitlist_offer_expires_later CHECK (expires_at > offered_at);
-- Nobody is offered two times at once, and nobody waits twice for the same visit.
CREATE UNIQUE INDEX waitlist_offer_one_open ON waitlist_offer (clinic_id, entry_id) WHERE status = 'open';
CREATE INDEX waitlist_offer_open ON waitlist_offer (clinic_id, expires_at) WHERE status = 'open';
CREATE UNIQUE INDEX waitlist_entry_waits_once ON waitlist_entry (clinic_id, patient_id, type_id) WHERE status = 'waiting';

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['waitlist_entry', 'waitlist_offer', 'waitlist_change'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT UPDATE ON waitlist_entry, waitlist_offer TO revisit_service;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON waitlist_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON waitlist_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
