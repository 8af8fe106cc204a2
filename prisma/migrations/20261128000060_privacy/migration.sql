-- An erasure's certificate accounts for what it took out of signed records, is made with the operator's key, and reaches the files.

ALTER TABLE "erasure" ADD COLUMN "certificate_key_id" TEXT, ADD COLUMN "certificate_mac" BYTEA;
GRANT UPDATE (certificate_key_id, certificate_mac) ON erasure TO revisit_service;
ALTER TABLE erasure ADD CONSTRAINT erasure_keyed CHECK ((certificate_mac IS NULL) = (certificate_key_id IS NULL)
  AND (certificate_mac IS NULL OR (certificate IS NOT NULL AND length(certificate_mac) = 32)));

-- ---------------------------------------------------------------- files
CREATE TABLE "erased_file" (
    "clinic_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "erasure_id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "erased_file_pkey" PRIMARY KEY ("clinic_id","key")
);
CREATE INDEX "erased_file_clinic_id_erasure_id_idx" ON "erased_file"("clinic_id", "erasure_id");
ALTER TABLE "erased_file" ADD CONSTRAINT "erased_file_clinic_id_erasure_id_fkey"
  FOREIGN KEY ("clinic_id", "erasure_id") REFERENCES "erasure"("clinic_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX erased_file_waiting ON erased_file (clinic_id, erased_at) WHERE removed_at IS NULL;
ALTER TABLE erased_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE erased_file FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erased_file USING (clinic_id = app_clinic()) WITH CHECK (clinic_id = app_clinic());
GRANT SELECT, INSERT, UPDATE (removed_at, erasure_id, erased_at) ON erased_file TO revisit_service;

-- ---------------------------------------------------------------- webhooks
-- Each endpoint of a clinic sits in one of twenty places: as many as it may have, whoever asks at the same moment.
ALTER TABLE "webhook_endpoint" ADD COLUMN "place" SMALLINT;
UPDATE webhook_endpoint w SET place = n.place
  FROM (SELECT clinic_id, id, row_number() OVER (PARTITION BY clinic_id ORDER BY id) AS place FROM webhook_endpoint) n
 WHERE n.clinic_id = w.clinic_id AND n.id = w.id;
ALTER TABLE "webhook_endpoint" ALTER COLUMN "place" SET NOT NULL;
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_at_most_twenty CHECK (place BETWEEN 1 AND 20);
CREATE UNIQUE INDEX "webhook_place_once" ON "webhook_endpoint"("clinic_id", "place");
GRANT DELETE ON webhook_endpoint, webhook_delivery TO revisit_service;

-- ---------------------------------------------------------------- taking a person out of texts
-- In JSON only what is said is looked at, never the names of fields, numbers or null: a family may be called Null.
CREATE FUNCTION redact_json(value jsonb, identifiers text) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RETURN CASE jsonb_typeof(value)
    WHEN 'string' THEN to_jsonb(regexp_replace(value #>> '{}', identifiers, '[erased]', 'gi'))
    WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(key, redact_json(inner_value, identifiers)), '{}')
                          FROM jsonb_each(value) AS o (key, inner_value))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(redact_json(one, identifiers) ORDER BY n), '[]')
                         FROM jsonb_array_elements(value) WITH ORDINALITY AS a (one, n))
    ELSE value END;
END $$;

CREATE FUNCTION redact_text(said text, identifiers text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF said IS NULL OR said !~* identifiers THEN RETURN said; END IF;
  IF said IS JSON OBJECT OR said IS JSON ARRAY THEN RETURN redact_json(said::jsonb, identifiers)::text; END IF;
  RETURN regexp_replace(said, identifiers, '[erased]', 'gi');
END $$;

-- Whether an erasure of this clinic is being executed and the table may hold a patient's rows at all.
CREATE OR REPLACE FUNCTION assert_erasing(request uuid, target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.erasure e JOIN pg_class c ON c.oid = target AND c.relnamespace = 'public'::regnamespace
                  WHERE e.clinic_id = public.app_clinic() AND e.id = request AND e.status = 'executing'
                    AND c.relname NOT IN ('audit_event', 'audit_seal', 'erasure', 'erased_patient', 'erased_file', 'clinic', 'staff', 'session'))
     OR EXISTS (SELECT FROM public.erasure e JOIN public.legal_hold h ON h.clinic_id = e.clinic_id AND h.lifted_at IS NULL
                  JOIN public.patient p ON p.clinic_id = h.clinic_id AND p.id = h.patient_id
                 WHERE e.clinic_id = public.app_clinic() AND e.id = request AND e.patient_id IN (p.id, p.merged_into_id)) THEN
    RAISE EXCEPTION 'nothing is erased outside an erasure, nor under a legal hold' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- The columns of a table people write in, and how: no keys, no references, nothing that takes one of a few words.
CREATE FUNCTION written_columns(target regclass) RETURNS TABLE (name name, kind text) LANGUAGE sql STABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT a.attname, CASE WHEN t.typelem <> 0 AND t.typcategory = 'A' THEN 'texts' WHEN t.typname IN ('json', 'jsonb') THEN t.typname::text ELSE 'text' END
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
   WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     AND (t.typname IN ('json', 'jsonb') OR t.typcategory = 'S' OR e.typcategory = 'S')
     AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = target AND i.indisunique AND a.attnum = ANY (i.indkey))
     AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = target AND a.attnum = ANY (c.conkey)
                        AND (c.contype = 'f' OR (c.contype = 'c' AND c.convalidated AND pg_get_constraintdef(c.oid) ~
                             ('\m' || a.attname || '\M"?\)?(::text)?(\[\])? (= ANY|<@) \(*ARRAY'))))
$$;

-- In the rows of these keys: replaces the texts named in `cleared` whole (empties those that are no text) and takes out of
-- every other text, alone, in a list or in JSON, what matches.
CREATE OR REPLACE FUNCTION redact_rows(request uuid, target regclass, keys jsonb, identifiers text, cleared text[]) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n int; assigned text; touched text;
BEGIN
  PERFORM assert_erasing(request, target), set_config('app.erasing', 'yes', true);
  SELECT string_agg(format('%I = %s', attname, made), ', '),
         string_agg(format('t.%I::text IS DISTINCT FROM (%s)::text', attname, made), ' OR ')
    INTO assigned, touched
    FROM (SELECT a.attname, CASE
                   WHEN a.attname = ANY (cleared) AND a.atttypid = 'text'::regtype
                     THEN format('CASE WHEN t.%I IS NOT NULL THEN ''[erased]'' END', a.attname)
                   WHEN a.attname = ANY (cleared) THEN 'NULL'
                   WHEN w.kind = 'texts' THEN format('CASE WHEN cardinality(t.%1$I) > 0 THEN (SELECT array_agg(redact_text(one, $2) ORDER BY o) FROM unnest(t.%1$I) WITH ORDINALITY AS u (one, o)) ELSE t.%1$I END', a.attname)
                   WHEN w.kind = 'jsonb' THEN format('redact_json(t.%I, $2)', a.attname)
                   WHEN w.kind = 'json' THEN format('redact_text(t.%I::text, $2)::json', a.attname)
                   ELSE format('redact_text(t.%I, $2)', a.attname) END AS made
            FROM pg_attribute a LEFT JOIN written_columns(target) w ON w.name = a.attname
           WHERE a.attrelid = target AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
             AND (w.kind IS NOT NULL OR a.attname = ANY (cleared))) editable;
  IF assigned IS NULL THEN RETURN 0; END IF;
  EXECUTE format('UPDATE %s t SET %s FROM jsonb_populate_recordset(NULL::%s, $1) k WHERE t.clinic_id = app_clinic() AND %s AND (%s)',
                 target, assigned, target, key_match(target), touched) USING keys, identifiers;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM set_config('app.erasing', 'no', true);
  RETURN n;
END $$;

-- The copy of a signed record becomes what is left of the record.
CREATE FUNCTION redact_signed_copy(request uuid, record_kind text, record uuid, remainder text) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n int;
BEGIN
  PERFORM assert_erasing(request, 'signed_record'::regclass), set_config('app.erasing', 'yes', true);
  UPDATE signed_record SET content = remainder
   WHERE clinic_id = app_clinic() AND kind = record_kind AND record_id = record AND content <> remainder;
  GET DIAGNOSTICS n = ROW_COUNT;
  PERFORM set_config('app.erasing', 'no', true);
  RETURN n;
END $$;
REVOKE EXECUTE ON FUNCTION redact_signed_copy(uuid, text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION redact_signed_copy(uuid, text, uuid, text) TO revisit_service;
