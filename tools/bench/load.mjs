// Two years of a clinic by bulk SQL: 20 practitioners, 6 locations, 120,000 patients, 500,000 appointments that never
// overlap, beside a small second clinic. The overlap constraints are built once, over the finished rows, and so proved.
import { createHash } from 'node:crypto';
import { step } from '../steps/progress.mjs';
import {
  CLINIC,
  DAYS_LOADED,
  LOCATION_OF,
  names,
  PATIENTS,
  PRACTITIONERS,
  QUARTERS_A_DAY,
  receptionistId,
  SMALL_CLINIC,
  sessionId,
  TOKEN,
  ZONE,
} from './clinic.mjs';

const id = (kind, n) => `('0190b000-0000-7000-800${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;
const words = (list) => `ARRAY[${list.map((word) => `'${word}'`).join(', ')}]`;
const APPOINTMENTS = ['appointment', 'appointment_change'];

/**
 * @param {import('pg').Client} admin a superuser, in the migrated database
 * @param {string} firstDay the first of two years, `YYYY-MM-DD`
 */
export async function load(admin, firstDay) {
  await admin.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
  await step('Set-up of both clinics', () => admin.query(setUp()));
  await step('120,000 patients', () => admin.query(patients()));
  const indexes = await restorable(admin);
  await step('500,000 appointments', async () => {
    await admin.query(indexes.drop);
    // No trigger needs to look: the rows refer to what was just loaded, by the same arithmetic.
    await admin.query('SET session_replication_role = replica');
    await admin.query(appointments(firstDay));
    await admin.query('SET session_replication_role = origin');
  });
  await step('Indexes and overlap constraints over them', () => admin.query(indexes.restore));
  await step('Statistics', () => admin.query('VACUUM ANALYZE'));
  await admin.query('CHECKPOINT');
}

/** What would slow the load down, as it stands in the migrated schema, and how to put it back. */
async function restorable(admin) {
  const { rows } = await admin.query(
    `SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %I ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS restore
       FROM pg_constraint WHERE conrelid::regclass::text = ANY ($1) AND contype = 'x'
      UNION ALL
     SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
       FROM pg_index i WHERE i.indrelid::regclass::text = ANY ($1) AND NOT i.indisunique AND NOT i.indisexclusion`,
    [APPOINTMENTS],
  );
  const script = (key) => rows.map((row) => row[key]).join('; ');
  return { drop: script('drop'), restore: script('restore') };
}

const setUp = () => `
  INSERT INTO clinic (id, slug, name, market) VALUES
    ('${CLINIC}', 'bench', 'Bench Clinic', 'UK'), ('${SMALL_CLINIC}', 'bench-small', 'Small Clinic', 'UK');
  UPDATE clinic SET last_patient_number = ${PATIENTS} WHERE id = '${CLINIC}';
  INSERT INTO location (clinic_id, id, name, zone)
    SELECT '${CLINIC}', ${id(1, 'n')}, 'Location ' || n, '${ZONE}' FROM generate_series(0, 5) n;
  INSERT INTO opening_hours (clinic_id, id, location_id, weekday, opens, closes, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), ${id(1, 'n')}, d, '08:00', '20:00', '2020-01-01'
      FROM generate_series(0, 5) n, generate_series(1, 6) d;
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles, is_prescriber)
    SELECT '${CLINIC}', ${id(3, 'n')}, 'p' || n || '@bench.example', 'Dr Practitioner ' || n, 'none', '{practitioner}', n % 2 = 0
      FROM generate_series(0, ${PRACTITIONERS - 1}) n;
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles)
    VALUES ('${CLINIC}', '${receptionistId}', 'desk@bench.example', 'Rhea Desk', 'none', '{receptionist}');
  INSERT INTO session (clinic_id, id, staff_id, token_hash, expires_at)
    VALUES ('${CLINIC}', '${sessionId}', '${receptionistId}', '\\x${createHash('sha256').update(TOKEN).digest('hex')}', now() + interval '10 years');
  CREATE TEMP TABLE works AS
    SELECT ordinality::int - 1 AS p, l FROM unnest(ARRAY[${LOCATION_OF.join(', ')}]) WITH ORDINALITY AS w (l, ordinality);
  INSERT INTO room (clinic_id, id, location_id, name, kind)
    SELECT '${CLINIC}', ${id(2, 'p')}, ${id(1, 'l')}, 'Room ' || p, 'treatment' FROM works;
  INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
    SELECT '${CLINIC}', gen_random_uuid(), ${id(3, 'p')}, ${id(1, 'l')}, d, '08:00', '20:00', '2020-01-01'
      FROM works, generate_series(1, 6) d;
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes, buffer_after_minutes, room_kind) VALUES
    ('${CLINIC}', ${id(4, 0)}, 'Treatment', 'treatment', 10, 5, 'treatment'),
    ('${CLINIC}', ${id(4, 1)}, 'Consultation', 'consultation', 15, 0, 'treatment'),
    ('${CLINIC}', ${id(4, 2)}, 'Review', 'review', 15, 0, 'treatment');
  INSERT INTO location (clinic_id, id, name, zone) VALUES ('${SMALL_CLINIC}', ${id(1, 90)}, 'Only one', '${ZONE}');
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles)
    SELECT '${SMALL_CLINIC}', ${id(3, 'n')}, 'p' || n || '@small.example', 'Dr Small ' || n, 'none', '{practitioner}'
      FROM generate_series(90, 91) n;
  INSERT INTO appointment_type (clinic_id, id, name, kind, duration_minutes)
    VALUES ('${SMALL_CLINIC}', ${id(4, 90)}, 'Consultation', 'consultation', 15);`;

const { given, start, end } = names;
const patients = () => `
  INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date, email, phone, contact_channels)
    SELECT '${CLINIC}', ${id(7, 'n')}, n + 1, (${words(given)})[n % ${given.length} + 1],
           (${words(start)})[n / ${given.length} % ${start.length} + 1]
             || (${words(end)})[n / ${given.length * start.length} % ${end.length} + 1],
           date '1940-01-01' + n * 37 % 23000, 'patient' || n || '@example.com',
           '+44 7' || lpad((n::bigint * 7919 % 1000000000)::text, 9, '0'), '{email}'
      FROM generate_series(0, ${PATIENTS - 1}) n;
  INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
    SELECT '${SMALL_CLINIC}', ${id(7, `n + ${PATIENTS}`)}, n + 1, 'Mary', 'Anderson', '1980-01-01' FROM generate_series(0, 499) n;
  INSERT INTO health_fact (clinic_id, id, patient_id, kind, text, noted_on, recorded_by)
    SELECT '${CLINIC}', uuidv7(), ${id(7, 'n')}, 'allergy', 'Latex', '2025-01-01', ${id(3, 0)}
      FROM generate_series(0, ${PATIENTS - 1}, 5) n;`;

// In each working day every practitioner has 40 of 48 quarters taken; which are free moves from day to day. One patient
// comes again after 125 days, never twice in a quarter.
const appointments = (firstDay) => `
  CREATE TEMP TABLE plan AS
    SELECT w.p, w.l, d.n AS d, q, uuidv7(((d.day + q * interval '15 minutes') AT TIME ZONE 'UTC') - interval '30 days' - now()) AS id,
           (d.day + time '08:00' + q * interval '15 minutes') AT TIME ZONE '${ZONE}' AS starts, (d.n + q + w.p) % 3 AS type,
           ((d.n * ${QUARTERS_A_DAY} + q) * ${PRACTITIONERS} + w.p) % ${PATIENTS} AS patient
      FROM (SELECT row_number() OVER (ORDER BY day)::int - 1 AS n, day
              FROM generate_series(timestamp '${firstDay}', timestamp '${firstDay}' + interval '760 days', '1 day') day
             WHERE extract(isodow FROM day) < 7 ORDER BY day LIMIT ${DAYS_LOADED}) d,
           generate_series(0, ${QUARTERS_A_DAY - 1}) q, works w
     WHERE (q + 5 * w.p + 7 * d.n) % 6 <> 0
     ORDER BY d.n, q, w.p;
  INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, room_id, location_id, type_id, starts_at, ends_at,
                           busy_from, busy_to, status, booked_by, created_at, updated_at)
    SELECT '${CLINIC}', id, ${id(7, 'patient')}, ${id(3, 'p')}, ${id(2, 'p')}, ${id(1, 'l')}, ${id(4, 'type')}, starts,
           starts + CASE WHEN type = 0 THEN interval '10 minutes' ELSE interval '15 minutes' END, starts, starts + interval '15 minutes',
           CASE WHEN starts < now() THEN 'fulfilled' ELSE 'booked' END, '${receptionistId}', starts - interval '30 days', starts
      FROM plan;
  INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, at, staff_id)
    SELECT '${CLINIC}', id, 1, 'book', 'booked', starts - interval '30 days', '${receptionistId}' FROM plan;
  INSERT INTO audit_event (clinic_id, at, staff_id, action, entity, entity_id, patient_id, outcome)
    SELECT '${CLINIC}', starts - interval '30 days', '${receptionistId}', 'appointment.book', 'appointment', id, ${id(7, 'patient')}, 'done'
      FROM plan;
  INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to,
                           status, booked_by)
    SELECT '${SMALL_CLINIC}', uuidv7(), ${id(7, `${PATIENTS} + n % 500`)}, ${id(3, '90 + n % 2')}, ${id(1, 90)}, ${id(4, 90)},
           at, at + interval '15 minutes', at, at + interval '15 minutes', 'booked', ${id(3, 90)}
      FROM (SELECT n, timestamptz '${firstDay}' + n * interval '2 hours' AS at FROM generate_series(0, 1999) n) small;`;
