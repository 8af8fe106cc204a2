// EXPLAIN (ANALYZE, BUFFERS) of the hot queries, as the service role behind row-level security, planned as the prepared
// statements are after a few uses.
import { createPool } from '../../dist/libs/database/src/pool.js';
import { TakingTimeRepository } from '../../dist/libs/scheduling/src/taking-time/taking-time.repository.js';
import { SheetsQueries } from '../../dist/libs/scheduling/src/sheets/sheets.queries.js';
import { DiariesQueries } from '../../dist/libs/scheduling/src/diaries.queries.js';
import { PatientsRepository } from '../../dist/libs/patients/src/patients.repository.js';
import {
  CLINIC,
  dayAfter,
  locationId,
  patientId,
  practitionerId,
  receptionistId,
  roomId,
  TREATMENT,
} from './clinic.mjs';

const TEN = Array.from({ length: 10 }, (_, n) => n);
const USES_BEFORE = 6;

/** @param {{ serviceUrl: string, today: string }} database */
export async function explainHotQueries({ serviceUrl, today }) {
  const pool = createPool({ databaseUrl: serviceUrl, databasePoolSize: 1 });
  const connection = await pool.connect();
  try {
    for (const [title, work] of Object.entries(hotQueries(today))) {
      for (const { text, values } of await sent(work)) {
        console.log(`\n## ${title}\n`);
        console.log(await plan(connection, text, values));
      }
    }
  } finally {
    connection.release();
    await pool.end();
  }
}

function hotQueries(today) {
  const [from, to] = [dayAfter(today, 7), dayAfter(today, 20)];
  const at = (day, hour) => Date.parse(`${day}T${hour}:00:00Z`);
  const free = dayAfter(today, 200);
  const span = { start: at(free, '10'), end: at(free, '10') + 900_000 };
  const diaries = new DiariesQueries();
  return {
    'availability, any of 10 × 14 days: whose time is taken': (tx) =>
      diaries.busy(
        tx,
        { start: at(from, '00'), end: at(to, '23') },
        {
          practitionerIds: TEN.map(practitionerId),
          roomIds: TEN.map(roomId),
          patientId: null,
        },
      ),
    'booking: the first free room and the span': (tx) =>
      new TakingTimeRepository().take(tx, {
        id: patientId(1),
        patientId: patientId(1),
        practitionerId: practitionerId(0),
        locationId: locationId(0),
        typeId: TREATMENT,
        roomIds: TEN.map(roomId),
        span: { visit: span, busy: span },
        areaIds: ['glabella'],
        note: null,
        overrideReason: null,
        overridden: null,
        heldUntil: null,
        doubleBooked: false,
      }),
    'day sheet of 200': (tx) =>
      new SheetsQueries().read(tx, { locationId: locationId(1), practitionerId: null, from, to: from }),
    'patient search': (tx) => new PatientsRepository().find(tx, ['zoë', 'andersonson'], 20),
  };
}

/** The statements a query class sends, caught on their way. */
async function sent(work) {
  const statements = [];
  const rows = ({ text }, values) => {
    statements.push({ text, values });
    return Promise.resolve([]);
  };
  const actor = { clinicId: CLINIC, staffId: receptionistId };
  await Promise.resolve(
    // What a search only sends along is no query to explain.
    work({ clinicId: CLINIC, actor, now: new Date(), rows, one: rows, maybe: rows, later: () => undefined }),
  ).catch(() => {});
  return statements;
}

async function plan(connection, text, values) {
  await connection.query('BEGIN');
  try {
    await connection.query(`SELECT set_config('app.clinic_id', $1, true)`, [CLINIC]);
    await connection.query(`PREPARE hot AS ${text}`);
    const call = `EXECUTE hot (${values.map((value) => literal(connection, value)).join(', ')})`;
    let rows = [];
    for (let use = 0; use <= USES_BEFORE; use += 1) {
      await connection.query('SAVEPOINT before');
      ({ rows } = await connection.query(`EXPLAIN (ANALYZE, BUFFERS) ${call}`));
      await connection.query('ROLLBACK TO SAVEPOINT before');
    }
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await connection.query('ROLLBACK');
    await connection.query('DEALLOCATE ALL');
  }
}

function literal(connection, value) {
  if (value === null) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return connection.escapeLiteral(value.toISOString());
  if (Array.isArray(value)) return connection.escapeLiteral(`{${value.map((one) => `"${one}"`).join(',')}}`);
  return connection.escapeLiteral(value);
}
