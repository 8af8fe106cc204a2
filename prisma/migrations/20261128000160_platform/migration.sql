-- A clinic may say that its people sign in at its identity provider only; whoever says so has signed in there.
ALTER TABLE clinic ADD COLUMN passwords_allowed boolean NOT NULL DEFAULT true;
GRANT UPDATE (passwords_allowed) ON clinic TO revisit_service;
ALTER TABLE staff_login ADD COLUMN signed_in_at timestamptz(3);

-- Strangers, known devices and open sessions are counted by themselves; a reset by mail forgets all of an account.
ALTER TABLE rate_limit ADD COLUMN account bytea;
CREATE INDEX rate_limit_account_idx ON rate_limit (account);
