-- Extensions of the server's own contrib; all trusted, so the owner of the database may create them.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- CreateTable
CREATE TABLE "catalogue_release" (
    "version" INTEGER NOT NULL,
    "checksum" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "catalogue_release_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "product" (
    "id" TEXT NOT NULL,
    "inn" TEXT NOT NULL,
    "unit_label" TEXT NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "area" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "on_label" BOOLEAN NOT NULL,

    CONSTRAINT "area_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "protocol" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "product_id" TEXT NOT NULL,
    "area_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "figures" JSONB NOT NULL,
    "catalogue_version" INTEGER NOT NULL,
    "valid_from" DATE NOT NULL,
    "author_id" UUID,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "protocol_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "consultation" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "appointment_id" UUID,
    "held_on" DATE NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "catalogue_version" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consultation_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "screening_answer" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "question_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "answer" JSONB NOT NULL,
    "answered_on" DATE NOT NULL,
    "recorded_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "screening_answer_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "plan_item" (
    "clinic_id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "units" DECIMAL(8,2) NOT NULL,

    CONSTRAINT "plan_item_pkey" PRIMARY KEY ("clinic_id","consultation_id","area_id","product_id")
);

-- CreateTable
CREATE TABLE "safety_finding" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "rule_code" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "severity" TEXT NOT NULL,
    "product_id" TEXT,
    "because" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "decision" TEXT,
    "decision_reason" TEXT,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "safety_finding_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "consent" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "area_id" TEXT,
    "text_version" TEXT NOT NULL,
    "text_hash" TEXT NOT NULL,
    "signed_name" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_by" UUID NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "clearance" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "consultation_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "decided_on" DATE NOT NULL,
    "expires_on" DATE,
    "decided_by" UUID NOT NULL,
    "prescriber_id" UUID,
    "face_to_face_on" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clearance_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "follow_up" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "treated_on" DATE NOT NULL,
    "non_response_day" SMALLINT NOT NULL,
    "rule_ids" TEXT[],
    "area_ids" TEXT[],
    "due_from" DATE NOT NULL,
    "due_to" DATE NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'due',
    "status_reason" TEXT,
    "appointment_id" UUID,
    "booked_for" DATE,
    "outcome" JSONB,
    "completed_on" DATE,
    "completed_by" UUID,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "follow_up_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "clinic" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "market" TEXT NOT NULL,
    "touch_ups_allowed" BOOLEAN NOT NULL DEFAULT true,
    "late_cancel_hours" INTEGER NOT NULL DEFAULT 24,
    "booking_horizon_days" INTEGER NOT NULL DEFAULT 400,
    "booking_notice_minutes" INTEGER NOT NULL DEFAULT 0,
    "hold_minutes" INTEGER NOT NULL DEFAULT 10,
    "clearance_days" INTEGER NOT NULL DEFAULT 180,
    "last_patient_number" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clinic_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "roles" TEXT[],
    "is_prescriber" BOOLEAN NOT NULL DEFAULT false,
    "registration_body" TEXT,
    "registration_number" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "session" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" BYTEA NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "hits" INTEGER NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "patient" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "preferred_name" TEXT,
    "birth_date" DATE NOT NULL,
    "sex" TEXT,
    "email" TEXT,
    "phone" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "status_on" DATE,
    "status_recorded_at" TIMESTAMPTZ(3),
    "merged_into_id" UUID,
    "do_not_contact" BOOLEAN NOT NULL DEFAULT false,
    "contact_channels" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "search_text" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "patient_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "health_fact" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "code_system" TEXT,
    "code" TEXT,
    "noted_on" DATE NOT NULL,
    "ended_on" DATE,
    "recorded_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "health_fact_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "prior_toxin" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "product_id" TEXT,
    "indication" TEXT NOT NULL,
    "units" DECIMAL(8,2),
    "given_on" DATE NOT NULL,
    "recorded_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prior_toxin_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "clinic_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "status" INTEGER NOT NULL,
    "response" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("clinic_id","staff_id","key")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "clinic_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "staff_id" UUID,
    "session_id" UUID,
    "request_id" TEXT,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" UUID,
    "patient_id" UUID,
    "outcome" TEXT NOT NULL,
    "detail" JSONB,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "repeat_visit_window" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "treatment_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "product_id" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "earliest" DATE,
    "recommended_from" DATE,
    "target" DATE,
    "recommended_to" DATE,
    "lapsed_after" DATE,
    "review_from" DATE,
    "review_to" DATE,
    "non_response_check" DATE,
    "protocol_version" TEXT NOT NULL,
    "input_hash" TEXT NOT NULL,
    "input" JSON NOT NULL,
    "explanation" JSON NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,

    CONSTRAINT "repeat_visit_window_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "location" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "location_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "opening_hours" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "weekday" SMALLINT NOT NULL,
    "opens" TEXT NOT NULL,
    "closes" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "opening_hours_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "closed_day" (
    "clinic_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "closed_day_pkey" PRIMARY KEY ("clinic_id","location_id","day")
);

-- CreateTable
CREATE TABLE "room" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "equipment" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "room_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "appointment_type" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "buffer_before_minutes" INTEGER NOT NULL DEFAULT 0,
    "buffer_after_minutes" INTEGER NOT NULL DEFAULT 0,
    "room_kind" TEXT,
    "equipment" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "needs_prescriber" BOOLEAN NOT NULL DEFAULT false,
    "practitioner_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "colour" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "appointment_type_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "working_hours" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "weekday" SMALLINT NOT NULL,
    "starts" TEXT NOT NULL,
    "ends" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,

    CONSTRAINT "working_hours_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "absence" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "absence_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "extra_hours" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "extra_hours_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "appointment" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "room_id" UUID,
    "location_id" UUID NOT NULL,
    "type_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "busy_from" TIMESTAMPTZ(3) NOT NULL,
    "busy_to" TIMESTAMPTZ(3) NOT NULL,
    "during" tstzrange GENERATED ALWAYS AS (tstzrange(busy_from, busy_to)) STORED,
    "status" TEXT NOT NULL DEFAULT 'booked',
    "area_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "note" TEXT,
    "override_reason" TEXT,
    "overlap_allowed" BOOLEAN NOT NULL DEFAULT false,
    "hold_expires_at" TIMESTAMPTZ(3),
    "late_cancel" BOOLEAN,
    "arrived_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "booked_by" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "appointment_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "appointment_change" (
    "clinic_id" UUID NOT NULL,
    "appointment_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "verb" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "staff_id" UUID NOT NULL,
    "reason" TEXT,
    "detail" JSONB,
    "xact" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,

    CONSTRAINT "appointment_change_pkey" PRIMARY KEY ("clinic_id","appointment_id","version")
);

-- CreateTable
CREATE TABLE "calendar_feed" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "practitioner_id" UUID,
    "location_id" UUID,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_feed_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "lot" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "product_id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "expires_on" DATE NOT NULL,
    "gtin" TEXT,
    "serial" TEXT,
    "vial_units" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'in-use',
    "received_on" DATE NOT NULL,
    "received_by" UUID NOT NULL,

    CONSTRAINT "lot_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "treatment" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "appointment_id" UUID,
    "clearance_id" UUID,
    "treated_on" DATE NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'full',
    "completes_id" UUID,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "version" INTEGER NOT NULL DEFAULT 1,
    "amends_id" UUID,
    "amend_reason" TEXT,
    "note" TEXT,
    "dose_findings" JSONB NOT NULL DEFAULT '[]',
    "signed_at" TIMESTAMPTZ(3),
    "signed_by" UUID,
    "signed_name" TEXT,
    "signed_meaning" TEXT,
    "content_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "treatment_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "injection" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "area_id" TEXT NOT NULL,
    "muscle" TEXT,
    "side" TEXT NOT NULL,
    "x" DECIMAL(6,5),
    "y" DECIMAL(6,5),
    "depth" TEXT,
    "product_id" TEXT NOT NULL,
    "lot_id" UUID NOT NULL,
    "units" DECIMAL(8,2) NOT NULL,
    "volume_ml" DECIMAL(8,4),

    CONSTRAINT "injection_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "treatment_withdrawal" (
    "clinic_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "replaced_by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "treatment_withdrawal_pkey" PRIMARY KEY ("clinic_id","treatment_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "protocol_version_unique" ON "protocol"("clinic_id", "product_id", "area_id", "version");

-- CreateIndex
CREATE INDEX "consultation_clinic_id_patient_id_held_on_idx" ON "consultation"("clinic_id", "patient_id", "held_on");

-- CreateIndex
CREATE INDEX "screening_answer_clinic_id_consultation_id_idx" ON "screening_answer"("clinic_id", "consultation_id");

-- CreateIndex
CREATE INDEX "screening_answer_clinic_id_patient_id_question_id_answered__idx" ON "screening_answer"("clinic_id", "patient_id", "question_id", "answered_on");

-- CreateIndex
CREATE INDEX "safety_finding_clinic_id_consultation_id_idx" ON "safety_finding"("clinic_id", "consultation_id");

-- CreateIndex
CREATE INDEX "consent_clinic_id_consultation_id_idx" ON "consent"("clinic_id", "consultation_id");

-- CreateIndex
CREATE INDEX "clearance_clinic_id_patient_id_decided_on_idx" ON "clearance"("clinic_id", "patient_id", "decided_on");

-- CreateIndex
CREATE UNIQUE INDEX "clearance_once" ON "clearance"("clinic_id", "consultation_id");

-- CreateIndex
CREATE INDEX "follow_up_clinic_id_status_due_from_id_idx" ON "follow_up"("clinic_id", "status", "due_from", "id");

-- CreateIndex
CREATE INDEX "follow_up_clinic_id_due_from_id_idx" ON "follow_up"("clinic_id", "due_from", "id");

-- CreateIndex
CREATE INDEX "follow_up_clinic_id_patient_id_idx" ON "follow_up"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "follow_up_clinic_id_treatment_id_idx" ON "follow_up"("clinic_id", "treatment_id");

-- CreateIndex
CREATE INDEX "follow_up_clinic_id_appointment_id_idx" ON "follow_up"("clinic_id", "appointment_id");

-- CreateIndex
CREATE UNIQUE INDEX "clinic_slug_key" ON "clinic"("slug");

-- CreateIndex
CREATE INDEX "staff_email_idx" ON "staff"("email");

-- CreateIndex
CREATE UNIQUE INDEX "staff_email_unique" ON "staff"("clinic_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_unique" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "appointment_change_clinic_id_xact_idx" ON "appointment_change"("clinic_id", "xact");

-- CreateIndex
CREATE UNIQUE INDEX "calendar_feed_token_unique" ON "calendar_feed"("token_hash");

-- CreateIndex
CREATE INDEX "session_clinic_id_staff_id_idx" ON "session"("clinic_id", "staff_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "patient_clinic_id_family_name_given_name_id_idx" ON "patient"("clinic_id", "family_name", "given_name", "id");

-- CreateIndex
CREATE INDEX "patient_clinic_id_birth_date_idx" ON "patient"("clinic_id", "birth_date");

-- CreateIndex
CREATE INDEX "patient_search" ON "patient" USING GIN ("clinic_id" uuid_ops, "search_text" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "patient_number_unique" ON "patient"("clinic_id", "number");

-- CreateIndex
CREATE INDEX "health_fact_clinic_id_patient_id_idx" ON "health_fact"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "prior_toxin_clinic_id_patient_id_idx" ON "prior_toxin"("clinic_id", "patient_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "audit_event_clinic_id_patient_id_id_idx" ON "audit_event"("clinic_id", "patient_id", "id");

-- CreateIndex
CREATE INDEX "repeat_visit_window_clinic_id_patient_id_area_id_idx" ON "repeat_visit_window"("clinic_id", "patient_id", "area_id");

-- CreateIndex
CREATE UNIQUE INDEX "location_name_unique" ON "location"("clinic_id", "name");

-- CreateIndex
CREATE INDEX "opening_hours_clinic_id_location_id_idx" ON "opening_hours"("clinic_id", "location_id");

-- CreateIndex
CREATE UNIQUE INDEX "room_name_unique" ON "room"("clinic_id", "location_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "appointment_type_name_unique" ON "appointment_type"("clinic_id", "name");

-- CreateIndex
CREATE INDEX "working_hours_clinic_id_practitioner_id_idx" ON "working_hours"("clinic_id", "practitioner_id");

-- CreateIndex
CREATE INDEX "absence_clinic_id_practitioner_id_ends_at_idx" ON "absence"("clinic_id", "practitioner_id", "ends_at");

-- CreateIndex
CREATE INDEX "extra_hours_clinic_id_practitioner_id_ends_at_idx" ON "extra_hours"("clinic_id", "practitioner_id", "ends_at");

-- CreateIndex
CREATE INDEX "appointment_clinic_id_location_id_starts_at_idx" ON "appointment"("clinic_id", "location_id", "starts_at");

-- CreateIndex
CREATE INDEX "appointment_clinic_id_practitioner_id_starts_at_idx" ON "appointment"("clinic_id", "practitioner_id", "starts_at");

-- CreateIndex
CREATE INDEX "appointment_clinic_id_room_id_starts_at_idx" ON "appointment"("clinic_id", "room_id", "starts_at");

-- CreateIndex
CREATE INDEX "appointment_clinic_id_patient_id_starts_at_idx" ON "appointment"("clinic_id", "patient_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "lot_number_unique" ON "lot"("clinic_id", "product_id", "number");

-- CreateIndex
CREATE INDEX "treatment_clinic_id_patient_id_treated_on_idx" ON "treatment"("clinic_id", "patient_id", "treated_on");

-- CreateIndex
CREATE INDEX "treatment_clinic_id_treated_on_idx" ON "treatment"("clinic_id", "treated_on");

-- CreateIndex
CREATE INDEX "injection_clinic_id_treatment_id_idx" ON "injection"("clinic_id", "treatment_id");

-- CreateIndex
CREATE INDEX "injection_clinic_id_lot_id_idx" ON "injection"("clinic_id", "lot_id");

-- AddForeignKey
ALTER TABLE "protocol" ADD CONSTRAINT "protocol_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "protocol" ADD CONSTRAINT "protocol_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "area"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consultation" ADD CONSTRAINT "consultation_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consultation" ADD CONSTRAINT "consultation_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consultation" ADD CONSTRAINT "consultation_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consultation" ADD CONSTRAINT "consultation_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "screening_answer" ADD CONSTRAINT "screening_answer_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_item" ADD CONSTRAINT "plan_item_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_finding" ADD CONSTRAINT "safety_finding_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent" ADD CONSTRAINT "consent_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clearance" ADD CONSTRAINT "clearance_clinic_id_consultation_id_fkey" FOREIGN KEY ("clinic_id", "consultation_id") REFERENCES "consultation"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "follow_up" ADD CONSTRAINT "follow_up_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "follow_up" ADD CONSTRAINT "follow_up_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "follow_up" ADD CONSTRAINT "follow_up_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "health_fact" ADD CONSTRAINT "health_fact_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prior_toxin" ADD CONSTRAINT "prior_toxin_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repeat_visit_window" ADD CONSTRAINT "repeat_visit_window_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repeat_visit_window" ADD CONSTRAINT "repeat_visit_window_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opening_hours" ADD CONSTRAINT "opening_hours_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "closed_day" ADD CONSTRAINT "closed_day_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room" ADD CONSTRAINT "room_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "working_hours" ADD CONSTRAINT "working_hours_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "working_hours" ADD CONSTRAINT "working_hours_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "absence" ADD CONSTRAINT "absence_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extra_hours" ADD CONSTRAINT "extra_hours_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extra_hours" ADD CONSTRAINT "extra_hours_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_clinic_id_room_id_fkey" FOREIGN KEY ("clinic_id", "room_id") REFERENCES "room"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_clinic_id_type_id_fkey" FOREIGN KEY ("clinic_id", "type_id") REFERENCES "appointment_type"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment_change" ADD CONSTRAINT "appointment_change_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "calendar_feed" ADD CONSTRAINT "calendar_feed_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "lot" ADD CONSTRAINT "lot_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_patient_id_fkey" FOREIGN KEY ("clinic_id", "patient_id") REFERENCES "patient"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_practitioner_id_fkey" FOREIGN KEY ("clinic_id", "practitioner_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_location_id_fkey" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_appointment_id_fkey" FOREIGN KEY ("clinic_id", "appointment_id") REFERENCES "appointment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_clearance_id_fkey" FOREIGN KEY ("clinic_id", "clearance_id") REFERENCES "clearance"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_completes_id_fkey" FOREIGN KEY ("clinic_id", "completes_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "treatment" ADD CONSTRAINT "treatment_clinic_id_amends_id_fkey" FOREIGN KEY ("clinic_id", "amends_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "injection" ADD CONSTRAINT "injection_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "injection" ADD CONSTRAINT "injection_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "area"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "injection" ADD CONSTRAINT "injection_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "injection" ADD CONSTRAINT "injection_clinic_id_lot_id_fkey" FOREIGN KEY ("clinic_id", "lot_id") REFERENCES "lot"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_withdrawal" ADD CONSTRAINT "treatment_withdrawal_clinic_id_treatment_id_fkey" FOREIGN KEY ("clinic_id", "treatment_id") REFERENCES "treatment"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;


