-- Whether an erasure of this clinic is being executed, the table may hold a patient's rows at all, and no record of the person
-- is held: the erasure may be planned of a merged one, the hold stand on the one it was merged into.
CREATE OR REPLACE FUNCTION assert_erasing(request uuid, target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.erasure e JOIN pg_class c ON c.oid = target AND c.relnamespace = 'public'::regnamespace
                  WHERE e.clinic_id = public.app_clinic() AND e.id = request AND e.status = 'executing'
                    AND c.relname NOT IN ('audit_event', 'audit_seal', 'erasure', 'erased_patient', 'erased_file', 'clinic', 'staff', 'session'))
     OR EXISTS (SELECT FROM public.erasure e JOIN public.legal_hold h ON h.clinic_id = e.clinic_id AND h.lifted_at IS NULL
                 WHERE e.clinic_id = public.app_clinic() AND e.id = request
                   AND h.patient_id = ANY ((SELECT public.person_records(e.patient_id))::uuid[])) THEN
    RAISE EXCEPTION 'nothing is erased outside an erasure, nor under a legal hold' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- The bytes still to go are asked for in the order of their keys, so that one the store keeps refusing stops none behind it.
DROP INDEX erased_file_waiting;
CREATE INDEX erased_file_waiting ON erased_file (clinic_id, key) WHERE removed_at IS NULL;
