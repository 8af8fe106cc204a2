-- A non-response pathway goes on with the amended version of its treatment, so that entering that in error closes it.
GRANT UPDATE (treatment_id) ON non_response_pathway TO revisit_service;
