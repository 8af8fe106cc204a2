-- Rules somebody set aside where an appointment of a group move should go: what was decided stands whoever applies it.
ALTER TABLE "group_move_item" ADD COLUMN "overridden" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "group_move_item" ADD CONSTRAINT "group_move_item_overridden_list" CHECK (jsonb_typeof("overridden") = 'array');

-- Who may be the same person: two signs of name, birth date and telephone, or the same e-mail address. In the order of their
-- numbers, those beyond one of them, so that nobody is left out where many are alike.
DROP FUNCTION similar_patients(text, text, date, text, text);
CREATE FUNCTION similar_patients(given text, family text, born date, telephone text, mail text, beyond int, most int)
  RETURNS TABLE (similar_id uuid, because text[])
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
  named CONSTANT text := searchable(given || ' ' || family);
  -- Hyphens, apostrophes and spaces of a name, and how a country is dialled, are written in many ways.
  letters CONSTANT text := regexp_replace(named, '[^[:alnum:]]', '', 'g');
  digits CONSTANT text := NULLIF(right(regexp_replace(telephone, '\D', '', 'g'), 9), '');
BEGIN
  RETURN QUERY
    SELECT id, signs FROM (
      SELECT id, number, array_remove(ARRAY[
               CASE WHEN similarity(regexp_replace(searchable(given_name || ' ' || family_name), '[^[:alnum:]]', '', 'g'),
                                    letters) >= 0.6 THEN 'name' END,
               CASE WHEN birth_date = born THEN 'birth-date' END,
               CASE WHEN right(regexp_replace(phone, '\D', '', 'g'), 9) = digits THEN 'phone' END,
               CASE WHEN lower(email) = lower(mail) THEN 'email' END], NULL) AS signs
        FROM patient
       WHERE clinic_id = app_clinic() AND status <> 'merged' AND number > beyond
         AND (birth_date = born OR search_text LIKE '%' || regexp_replace(named, '([\\%_])', '\\\1', 'g') || '%'
              OR search_text LIKE '%' || regexp_replace(searchable(mail), '([\\%_])', '\\\1', 'g') || '%'
              OR search_text LIKE '%' || digits || '%')) seen
     WHERE cardinality(signs) >= 2 OR 'email' = ANY (signs) ORDER BY number LIMIT most;
END $$;

REVOKE EXECUTE ON FUNCTION similar_patients(text, text, date, text, text, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION similar_patients(text, text, date, text, text, int, int) TO revisit_service;
