-- AlterTable
ALTER TABLE "clinic" ADD COLUMN     "desk_reads_charts" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "require_second_factor" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "address" TEXT,
ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "second_factor" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "user_agent" TEXT;

-- AlterTable
ALTER TABLE "staff" ADD COLUMN     "deactivated_at" TIMESTAMPTZ(3),
ADD COLUMN     "joined_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'person',
ADD COLUMN     "registration_checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "registration_checked_by" UUID,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1,
ALTER COLUMN "password_hash" DROP NOT NULL;

-- CreateTable
CREATE TABLE "staff_location" (
    "clinic_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,

    CONSTRAINT "staff_location_pkey" PRIMARY KEY ("clinic_id","staff_id","location_id")
);

-- CreateTable
CREATE TABLE "account_token" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "account_token_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "second_factor" (
    "clinic_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "sealed_secret" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "last_step" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "second_factor_pkey" PRIMARY KEY ("clinic_id","staff_id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "clinic_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("clinic_id","staff_id","code_hash")
);

-- CreateTable
CREATE TABLE "identity_provider" (
    "clinic_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "sealed_client_secret" TEXT,
    "redirect_uri" TEXT NOT NULL,
    "vouches_second_factor" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "identity_provider_pkey" PRIMARY KEY ("clinic_id")
);

-- CreateTable
CREATE TABLE "staff_login" (
    "clinic_id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "staff_id" UUID NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_login_pkey" PRIMARY KEY ("clinic_id","issuer","subject")
);

-- CreateTable
CREATE TABLE "api_key" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "webhook_endpoint" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "sealed_secret" TEXT NOT NULL,
    "sealed_previous_secret" TEXT,
    "previous_until" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'active',
    "failing_since" TIMESTAMPTZ(3),
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "clinic_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_attempt_at" TIMESTAMPTZ(3),
    "last_status" INTEGER,
    "last_failure" TEXT,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("clinic_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_token_unique" ON "account_token"("token_hash");

-- CreateIndex
CREATE INDEX "account_token_clinic_id_staff_id_idx" ON "account_token"("clinic_id", "staff_id");

-- CreateIndex
CREATE INDEX "staff_login_clinic_id_staff_id_idx" ON "staff_login"("clinic_id", "staff_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_unique" ON "api_key"("token_hash");

-- CreateIndex
CREATE INDEX "api_key_clinic_id_staff_id_idx" ON "api_key"("clinic_id", "staff_id");

-- CreateIndex
CREATE INDEX "api_key_clinic_id_created_by_idx" ON "api_key"("clinic_id", "created_by");

-- CreateIndex
CREATE INDEX "webhook_delivery_clinic_id_endpoint_id_id_idx" ON "webhook_delivery"("clinic_id", "endpoint_id", "id");

-- CreateIndex
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery"("created_at");

-- AddForeignKey
ALTER TABLE "staff_location" ADD CONSTRAINT "staff_location_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_location" ADD CONSTRAINT "staff_location_exists" FOREIGN KEY ("clinic_id", "location_id") REFERENCES "location"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_token" ADD CONSTRAINT "account_token_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "second_factor" ADD CONSTRAINT "second_factor_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "second_factor"("clinic_id", "staff_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_login" ADD CONSTRAINT "staff_login_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_clinic_id_staff_id_fkey" FOREIGN KEY ("clinic_id", "staff_id") REFERENCES "staff"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_clinic_id_endpoint_id_fkey" FOREIGN KEY ("clinic_id", "endpoint_id") REFERENCES "webhook_endpoint"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------- tenants, and who may do what
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['staff_location', 'account_token', 'second_factor', 'recovery_code', 'identity_provider', 'staff_login',
                           'api_key', 'webhook_endpoint', 'webhook_delivery'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic())', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO revisit_service', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['staff_location', 'account_token', 'second_factor', 'recovery_code', 'identity_provider', 'staff_login',
                           'webhook_delivery'] LOOP
    EXECUTE format('GRANT DELETE ON %I TO revisit_service', t);
  END LOOP;
END $$;
GRANT UPDATE (require_second_factor, desk_reads_charts) ON clinic TO revisit_service;

-- Before a clinic is known: whoever names a clinic may find it, whoever holds a link or a key what it opens.
CREATE POLICY named ON clinic FOR SELECT USING (slug = NULLIF(current_setting('app.clinic_slug', true), ''));
CREATE POLICY bearer ON account_token FOR SELECT
  USING (token_hash = decode(NULLIF(current_setting('app.account_token_hash', true), ''), 'hex'));
CREATE POLICY bearer ON api_key FOR SELECT
  USING (token_hash = decode(NULLIF(current_setting('app.api_key_hash', true), ''), 'hex'));

-- ---------------------------------------------------------------- values that cannot be
ALTER TABLE staff DROP CONSTRAINT staff_roles_known;
ALTER TABLE staff
  ADD CONSTRAINT staff_kind_known CHECK (kind IN ('person', 'integration')),
  ADD CONSTRAINT staff_roles_known CHECK (roles <@ ARRAY['receptionist', 'practitioner', 'admin']
    AND (cardinality(roles) > 0) = (kind = 'person')),
  ADD CONSTRAINT staff_integration_never_signs_in CHECK (kind = 'person' OR password_hash IS NULL);
ALTER TABLE account_token ADD CONSTRAINT account_token_purpose_known CHECK (purpose IN ('invitation', 'reset'));
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_status_known CHECK (status IN ('active', 'disabled'));
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_status_known CHECK (status IN ('pending', 'delivered', 'failed'));

-- A clinic always keeps somebody who can manage it. Whoever takes an admin away waits for whoever else is doing so, and
-- counts what is left then.
CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('admins ' || OLD.clinic_id, 7));
  IF NOT EXISTS (SELECT FROM staff s WHERE s.clinic_id = OLD.clinic_id AND s.id <> OLD.id AND s.active
                    AND s.joined_at IS NOT NULL AND 'admin' = ANY (s.roles)) THEN
    RAISE EXCEPTION 'The last admin of a clinic stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'clinic_keeps_an_admin';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_an_admin BEFORE UPDATE ON staff FOR EACH ROW
  WHEN (OLD.active AND OLD.joined_at IS NOT NULL AND 'admin' = ANY (OLD.roles)
        AND NOT (NEW.active AND NEW.joined_at IS NOT NULL AND 'admin' = ANY (NEW.roles)))
  EXECUTE FUNCTION keep_an_admin();

-- ---------------------------------------------------------------- who is behind a secret, in one round trip each
DROP FUNCTION session_actor(bytea);

-- The person behind a session token; no row when it is unknown, expired, left alone for longer than `idle`, revoked or its
-- person deactivated. That it is in use is noted every five minutes at most.
CREATE FUNCTION session_actor(hash bytea, idle interval)
  RETURNS TABLE (clinic_id uuid, staff_id uuid, session_id uuid, roles text[], is_prescriber boolean, market text,
                 display_name text, location_ids uuid[], second_factor_due boolean, desk_reads_charts boolean)
  LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE s session;
BEGIN
  PERFORM set_config('app.session_hash', encode(hash, 'hex'), true);
  SELECT * INTO s FROM session x
   WHERE x.token_hash = hash AND x.revoked_at IS NULL AND x.expires_at > now() AND x.last_seen_at > now() - idle;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.clinic_id', s.clinic_id::text, true);
  IF s.last_seen_at < now() - interval '5 minutes' THEN
    UPDATE session x SET last_seen_at = now() WHERE x.clinic_id = s.clinic_id AND x.id = s.id;
  END IF;
  RETURN QUERY
    SELECT s.clinic_id, s.staff_id, s.id, f.roles, f.is_prescriber, c.market, f.display_name,
           ARRAY(SELECT l.location_id FROM staff_location l WHERE l.clinic_id = f.clinic_id AND l.staff_id = f.id),
           c.require_second_factor AND NOT s.second_factor, c.desk_reads_charts
      FROM staff f JOIN clinic c ON c.id = f.clinic_id
     WHERE f.clinic_id = s.clinic_id AND f.id = s.staff_id AND f.active;
END $$;

-- The integration behind an API key; its last use is noted to the hour.
CREATE FUNCTION api_key_actor(hash bytea)
  RETURNS TABLE (clinic_id uuid, staff_id uuid, scopes text[], market text, display_name text)
  LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE k api_key;
BEGIN
  PERFORM set_config('app.api_key_hash', encode(hash, 'hex'), true);
  SELECT * INTO k FROM api_key x WHERE x.token_hash = hash AND x.revoked_at IS NULL AND x.expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.clinic_id', k.clinic_id::text, true);
  IF k.last_used_at IS NULL OR k.last_used_at < date_trunc('hour', now()) THEN
    UPDATE api_key x SET last_used_at = date_trunc('hour', now()) WHERE x.clinic_id = k.clinic_id AND x.id = k.id;
  END IF;
  RETURN QUERY
    SELECT k.clinic_id, k.staff_id, k.scopes, c.market, f.display_name
      FROM staff f JOIN clinic c ON c.id = f.clinic_id
     WHERE f.clinic_id = k.clinic_id AND f.id = k.staff_id AND f.active;
END $$;

-- Whose password a link may set; no row when it is unknown, over, used, or its person deactivated.
CREATE FUNCTION account_token_owner(hash bytea) RETURNS TABLE (clinic_id uuid, staff_id uuid, token_id uuid, purpose text)
  LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE t account_token;
BEGIN
  PERFORM set_config('app.account_token_hash', encode(hash, 'hex'), true);
  SELECT * INTO t FROM account_token x WHERE x.token_hash = hash AND x.used_at IS NULL AND x.expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM set_config('app.clinic_id', t.clinic_id::text, true);
  RETURN QUERY SELECT t.clinic_id, t.staff_id, t.id, t.purpose FROM staff f
                WHERE f.clinic_id = t.clinic_id AND f.id = t.staff_id AND f.active;
END $$;

REVOKE EXECUTE ON FUNCTION session_actor(bytea, interval), api_key_actor(bytea), account_token_owner(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_actor(bytea, interval), api_key_actor(bytea), account_token_owner(bytea) TO revisit_service;
