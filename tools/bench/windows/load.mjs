// A clinic's eight years by bulk SQL: 1,000,000 signed treatments of 120,000 patients in 257,142 patient-areas.
import { step } from '../../steps/progress.mjs';

export const CLINIC = '0190b000-0000-7000-8000-000000000001';
export const PATIENTS = 120_000;
export const TREATMENTS = 1_000_000;

const id = (kind, n) => `('0190b000-0000-7000-800${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;

/** One, two or three areas a patient, fifteen among seven. */
const AREAS_OF = `(ARRAY[1, 2, 2, 2, 3, 2, 3])[p % 7 + 1]`;

const SET_UP = `
  INSERT INTO clinic (id, slug, name, market, last_patient_number)
    VALUES ('${CLINIC}', 'bench-windows', 'Bench Clinic', 'UK', ${PATIENTS});
  INSERT INTO location (clinic_id, id, name, zone)
    SELECT '${CLINIC}', ${id(1, 'n')}, 'Location ' || n, 'Europe/London' FROM generate_series(0, 5) n;
  INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles, is_prescriber)
    VALUES ('${CLINIC}', ${id(3, 0)}, 'p@bench.example', 'Dr Practitioner', 'none', '{practitioner}', true);
  INSERT INTO lot (clinic_id, id, product_id, number, expires_on, vial_units, received_on, received_by)
    SELECT '${CLINIC}', ${id(4, 'n')}, (ARRAY['ona', 'abo', 'rela'])[n + 1], 'LOT' || n, '2099-01-01', 100, '2018-01-01', ${id(3, 0)}
      FROM generate_series(0, 2) n;
  INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
    SELECT '${CLINIC}', ${id(7, 'n')}, n + 1, 'Mary', 'Anderson', '1980-01-01' FROM generate_series(0, ${PATIENTS - 1}) n;`;

// The k-th treatment of patient p is in one of the patient's areas in turn; one in fifty completes the one before it in
// that area as a touch-up, three weeks later. One patient in five is treated with another product now and then.
const TREATMENTS_SQL = `
  CREATE UNLOGGED TABLE plan AS
    SELECT n, n % ${PATIENTS} AS p, n / ${PATIENTS} AS k FROM generate_series(0, ${TREATMENTS - 1}) n;
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, kind, completes_id, status,
                         signed_at, signed_by, signed_name, signed_meaning, content_hash)
    SELECT '${CLINIC}', ${id(8, 'n')}, ${id(7, 'p')}, ${id(3, 0)}, ${id(1, 'p % 6')},
           date '2018-03-01' + k * 300 + p * 37 % 290, 'full', NULL, 'signed', now(), ${id(3, 0)}, 'Dr P', 'I gave it', 'none'
      FROM plan;
  UPDATE treatment t SET kind = 'touch-up', completes_id = f.id, treated_on = f.treated_on + 18
    FROM (SELECT n, n - ${PATIENTS} * ${AREAS_OF} AS completes FROM plan WHERE k >= 4 AND n % 50 = 0) n,
         treatment f
   WHERE t.clinic_id = '${CLINIC}' AND t.id = ${id(8, 'n.n')} AND f.clinic_id = '${CLINIC}' AND f.id = ${id(8, 'n.completes')};
  INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
    SELECT '${CLINIC}', ${id(9, 'n')}, ${id(8, 'n')}, (ARRAY['glabella', 'forehead', 'lateral_canthal'])[k % ${AREAS_OF} + 1], 'midline',
           CASE WHEN p % 5 = 0 AND k % 3 = 1 THEN 'abo' WHEN p % 25 = 3 AND k % ${AREAS_OF} = 0 THEN 'rela' ELSE 'ona' END,
           ${id(4, `CASE WHEN p % 5 = 0 AND k % 3 = 1 THEN 1 WHEN p % 25 = 3 AND k % ${AREAS_OF} = 0 THEN 2 ELSE 0 END`)}, 20
      FROM plan;
  DROP TABLE plan;`;

/** @param {import('pg').Client} admin a superuser, in a migrated database */
export async function load(admin) {
  await admin.query(
    `SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '128MB'`,
  );
  await step('120,000 patients', () => admin.query(SET_UP));
  // No trigger needs to look: the rows refer to what was just loaded, by the same arithmetic.
  await admin.query('SET session_replication_role = replica');
  await step('1,000,000 treatments', () => admin.query(TREATMENTS_SQL));
  await admin.query('SET session_replication_role = origin');
  await step('Statistics', () => admin.query('VACUUM ANALYZE'));
  await admin.query('CHECKPOINT');
}
