-- A clinic may say that its people sign in at its identity provider only; whoever says so has signed in there.
ALTER TABLE clinic ADD COLUMN passwords_allowed boolean NOT NULL DEFAULT true;
GRANT UPDATE (passwords_allowed) ON clinic TO revisit_service;
ALTER TABLE staff_login ADD COLUMN signed_in_at timestamptz(3);

-- Strangers, known devices and open sessions are counted by themselves; a reset by mail forgets all of an account.
ALTER TABLE rate_limit ADD COLUMN account bytea;
CREATE INDEX rate_limit_account_idx ON rate_limit (account);

-- The trail is looked through by what was done, by record, and for what was refused, over years too; few rows are of a rare
-- action, of one record, or refused, so none of these may read the others.
CREATE INDEX audit_event_clinic_id_action_at_id_idx ON audit_event (clinic_id, action, at, id);
CREATE INDEX audit_event_of_record ON audit_event (clinic_id, entity_id, at, id) WHERE entity_id IS NOT NULL;
CREATE INDEX audit_event_refused ON audit_event (clinic_id, at, id) WHERE outcome = 'refused';
