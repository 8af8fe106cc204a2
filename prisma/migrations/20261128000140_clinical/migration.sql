-- Everybody waits in line for a practitioner, a room or a patient by the same key, until the transaction ends.
CREATE FUNCTION wait_in_line(kind text, one uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY INVOKER AS $$
  SELECT pg_advisory_xact_lock(hashtextextended(public.app_clinic()::text || ' ' || kind || ' ' || one, 23)) $$;
REVOKE EXECUTE ON FUNCTION wait_in_line(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wait_in_line(text, uuid) TO revisit_service;

-- Whether a record merged into this patient has a visit in the span. The overlap constraint takes the two for two people, so
-- a booking waits in line for such a patient, as a move does; the look behind the wait sees what was moved there meanwhile.
CREATE FUNCTION busy_under_merged_record(survivor uuid, busy_since timestamptz, busy_until timestamptz, held_after timestamptz)
  RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.patient WHERE clinic_id = public.app_clinic() AND merged_into_id = survivor) THEN
    RETURN false;
  END IF;
  PERFORM public.wait_in_line('patient', survivor);
  RETURN EXISTS (
    SELECT FROM public.patient m
      JOIN public.appointment o ON o.clinic_id = m.clinic_id AND o.patient_id = m.id
     WHERE m.clinic_id = public.app_clinic() AND m.merged_into_id = survivor
       AND o.starts_at > busy_since - interval '1 day' AND o.starts_at < busy_until + interval '1 day'
       AND o.busy_from < busy_until AND o.busy_to > busy_since
       AND o.status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled')
       AND (o.status <> 'held' OR o.hold_expires_at > held_after));
END $$;
REVOKE EXECUTE ON FUNCTION busy_under_merged_record(uuid, timestamptz, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION busy_under_merged_record(uuid, timestamptz, timestamptz, timestamptz) TO revisit_service;
