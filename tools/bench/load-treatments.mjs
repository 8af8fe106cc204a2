// Five years of treatments for the return rates: 1,000,000 signed full treatments of 120,000 patients by 20 practitioners
// in ten areas, with the courses kept as the product keeps them.
import { step } from '../steps/progress.mjs';
import { CLINIC, LOCATION_OF, PATIENTS, PRACTITIONERS } from './clinic.mjs';

export const TREATMENTS = 1_000_000;
const YEARS = 5;
const BATCH = 4000;
const AREAS = [
  'glabella',
  'forehead',
  'lateral_canthal',
  'masseter',
  'bunny_lines',
  'chin',
  'dao',
  'lip_flip',
  'gummy_smile',
  'platysma',
];
const PRODUCTS = ['ona', 'abo', 'inco'];

const id = (kind, n) => `('0190b000-0000-7000-800${kind}-' || lpad((${n})::text, 12, '0'))::uuid`;
const words = (list) => `ARRAY[${list.map((word) => `'${word}'`).join(', ')}]`;

/**
 * @param {import('pg').Client} admin a superuser, in the loaded bench database
 * @param {string} today the day the database was loaded for
 */
export async function loadTreatments(admin, today) {
  // The courses come last: where they are whole, the rest is.
  const { rows } = await admin.query(
    `SELECT coalesce(sum(length(packed)), 0)::bigint AS bytes FROM return_course WHERE clinic_id = '${CLINIC}'`,
  );
  if (Number(rows[0].bytes) > TREATMENTS * 12) return;
  await admin.query(
    `SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'`,
  );
  await admin.query(
    `DELETE FROM return_course; DELETE FROM return_setting; DELETE FROM injection; DELETE FROM treatment_withdrawal; DELETE FROM treatment`,
  );
  await admin.query(
    `INSERT INTO area (id, name, on_label) SELECT a, a, true FROM unnest(${words(AREAS)}) a ON CONFLICT DO NOTHING`,
  );
  await step('1,000,000 treatments', () => admin.query(treatments(today)));
  await step('Their injections', () => admin.query(injections()));
  await admin.query(`SET session_replication_role = origin`);
  await admin.query('VACUUM ANALYZE treatment, injection, treatment_withdrawal');
  await step('Their courses', () => keepCourses(admin));
  await admin.query(`RESET work_mem; RESET synchronous_commit`);
  await admin.query('VACUUM ANALYZE return_course, return_setting');
  await admin.query('CHECKPOINT');
}

// Patient n comes every 70 to 300 days for as long as a whim lasts; most stay with one practitioner. Some five in a
// hundred were signed a day later.
const treatments = (today) => `
  INSERT INTO treatment (clinic_id, id, patient_id, practitioner_id, location_id, treated_on, kind, status, signed_at,
                         signed_by, signed_name, signed_meaning, content_hash)
  SELECT '${CLINIC}', ${id(8, 'k')}, ${id(7, 'n')}, ${id(3, 'p')}, ${id(1, `(ARRAY[${LOCATION_OF.join(', ')}])[p + 1]`)}, day, 'full', 'signed',
         day + time '12:00' + CASE WHEN k % 20 = 0 THEN interval '1 day' ELSE interval '0' END, ${id(3, 'p')}, 'Dr', 'I treated', 'bench'
    FROM (SELECT row_number() OVER () - 1 AS k, n, day, p FROM (
      SELECT n, day, CASE WHEN hashint8(n * 31 + i)::bit(3)::int = 0 THEN abs(hashint8(n * 7 + i)::bigint) % ${PRACTITIONERS} ELSE abs(hashint8(n)::bigint) % ${PRACTITIONERS} END AS p
        FROM (SELECT n, i, date '${today}' - (abs(hashint8(n * 13)::bigint) % 365)::int
                     - (sum(70 + abs(hashint8(n * 101 + i)::bigint) % 75 + CASE WHEN abs(hashint8(n * 17 + i)::bigint) % 5 = 0 THEN 150 ELSE 0 END) OVER (PARTITION BY n ORDER BY i))::int + 70 AS day
                FROM generate_series(0, ${PATIENTS - 1}) n, generate_series(1, 30) i) visits
       WHERE day > date '${today}' - ${YEARS * 365} AND day <= date '${today}' AND i <= 4 + abs(hashint8(n * 3)::bigint) % 12
       ORDER BY day, n) dated LIMIT ${TREATMENTS}) picked`;

const injections = () => `
  INSERT INTO injection (clinic_id, id, treatment_id, area_id, side, product_id, lot_id, units)
  SELECT t.clinic_id, uuidv7(), t.id, (${words(AREAS)})[(h + a * 3) % ${AREAS.length} + 1], 'midline', (${words(PRODUCTS)})[h % ${PRODUCTS.length} + 1], ${id(9, '0')}, 10
    FROM (SELECT clinic_id, id, abs(uuid_hash(patient_id)::bigint) AS h, abs(uuid_hash(id)::bigint) AS v FROM treatment WHERE clinic_id = '${CLINIC}') t,
         LATERAL generate_series(0, CASE WHEN v % 10 < 6 THEN 0 WHEN v % 10 < 9 THEN 1 ELSE 2 END) a`;

async function keepCourses(admin) {
  await admin.query(`SELECT set_config('app.clinic_id', '${CLINIC}', false)`);
  for (let from = 0; from < PATIENTS; from += BATCH) {
    // Without statistics every dose would look through all settings.
    await admin.query('ANALYZE return_setting');
    await admin.query(
      `SELECT keep_return_courses('${CLINIC}', (SELECT array_agg(id ORDER BY number) FROM patient WHERE clinic_id = '${CLINIC}' AND number > ${from} AND number <= ${from + BATCH}))`,
    );
  }
}
