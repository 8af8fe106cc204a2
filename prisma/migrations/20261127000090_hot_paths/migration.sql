-- The diary's hot paths: what takes time is read from an index alone, and what they rest on is promised here.

-- Every search for what overlaps looks a day back from a span and no further.
ALTER TABLE appointment ADD CONSTRAINT appointment_within_a_day CHECK (busy_to - busy_from <= interval '24 hours');

-- Rooms: only what takes time, with all that a search for a free room asks, so that the rows themselves are not read.
DROP INDEX appointment_clinic_id_room_id_starts_at_idx;
CREATE INDEX appointment_room_taken ON appointment (clinic_id, room_id, busy_from)
  INCLUDE (busy_to, status, hold_expires_at, practitioner_id)
  WHERE status IN ('held', 'booked', 'confirmed', 'arrived', 'in-progress', 'fulfilled');

-- Practitioners: the same, and their sheets, which show what was cancelled too.
DROP INDEX appointment_clinic_id_practitioner_id_starts_at_idx;
CREATE INDEX appointment_practitioner_taken
  ON appointment (clinic_id, practitioner_id, starts_at, busy_from, busy_to, status, hold_expires_at, room_id);
