// What the desk did with the 120,000 patients of bench/windows: attempts, answers, bookings, patients nobody may ask.
import { CLINIC } from '../windows/load.mjs';

export const TODAY = '2025-06-16';

const id = (kind, n) => `('0190b000-0000-7000-80${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;
const patient = (n) => `('0190b000-0000-7000-8007-' || lpad((${n})::text, 12, '0'))::uuid`;
const staff = `'0190b000-0000-7000-8003-000000000000'::uuid`;

export const DESK_WORK = `
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes)
    VALUES ('${CLINIC}', ${id('a0', 0)}, 'Treatment', 'treatment', 30) ON CONFLICT DO NOTHING;
  INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), l.id, d, '08:00', '18:00', '2018-01-01' FROM location l, generate_series(1, 6) d
     WHERE l.clinic_id = '${CLINIC}';
  INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), ${staff}, l.id, d, '08:00', '18:00', '2018-01-01' FROM location l, generate_series(1, 6) d
     WHERE l.clinic_id = '${CLINIC}';
  UPDATE patient SET do_not_contact = true WHERE clinic_id = '${CLINIC}' AND number % 50 = 7;
  UPDATE patient SET phone = '07700 9' || lpad(number::text, 6, '0'), contact_channels = '{phone,email}' WHERE clinic_id = '${CLINIC}';
  INSERT INTO contact_attempt (clinic_id, id, patient_id, initiated_by, channel, outcome, until, area_ids, on_day, at, staff_id)
    SELECT '${CLINIC}', ${id('b0', 'n')}, ${patient('n')}, 'clinic', 'phone',
           CASE n % 20 WHEN 0 THEN 'declined' WHEN 4 THEN 'later' ELSE 'no-answer' END,
           CASE n % 20 WHEN 4 THEN date '2025-09-01' END, '{}', date '2025-06-01', timestamptz '2025-06-01 10:00Z', ${staff}
      FROM generate_series(0, 119999, 4) n;
  INSERT INTO recall_card (clinic_id, patient_id, last_contact_on)
    SELECT clinic_id, patient_id, on_day FROM contact_attempt WHERE clinic_id = '${CLINIC}' ON CONFLICT DO NOTHING;
  INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to,
                           area_ids, booked_by, overlap_allowed, override_reason)
    SELECT '${CLINIC}', ${id('c0', 'n')}, ${patient('n')}, ${staff}, l.id, ${id('a0', 0)}, s.at, s.at + interval '30 min', s.at,
           s.at + interval '30 min', '{glabella}', ${staff}, true, 'Bench'
      FROM generate_series(1, 119999, 10) n
     CROSS JOIN LATERAL (SELECT timestamptz '2025-06-20 08:00Z' + (n / 10 % 60) * interval '1 day' + (n / 600) % 18 * interval '30 min' AS at) s
     CROSS JOIN LATERAL (SELECT id FROM location WHERE clinic_id = '${CLINIC}' ORDER BY id OFFSET n % 6 LIMIT 1) l;`;
