-- The recall funnel as it was known on a day.

-- Treatments that never were, and since when that is known; an amended one was.
CREATE VIEW treatment_taken_back WITH (security_invoker = true) AS
  SELECT clinic_id, treatment_id, at FROM treatment_withdrawal WHERE cause = 'entered-in-error';
GRANT SELECT ON treatment_taken_back TO revisit_service;

-- Both said how things stand now; patient_leaving and contact_attempt say when it was recorded.
DROP VIEW recall_list_contact, patient_departure;
