-- Which key it was too: what is answered over a long time ends with it.
DROP FUNCTION api_key_actor(bytea);

-- The integration behind an API key; its last use is noted to the hour.
CREATE FUNCTION api_key_actor(hash bytea)
  RETURNS TABLE (clinic_id uuid, staff_id uuid, key_id uuid, scopes text[], market text, display_name text)
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
    SELECT k.clinic_id, k.staff_id, k.id, k.scopes, c.market, f.display_name
      FROM staff f JOIN clinic c ON c.id = f.clinic_id
     WHERE f.clinic_id = k.clinic_id AND f.id = k.staff_id AND f.active;
END $$;

REVOKE EXECUTE ON FUNCTION api_key_actor(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_key_actor(bytea) TO revisit_service;
