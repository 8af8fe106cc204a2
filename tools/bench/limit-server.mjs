// The limit: a bare Fastify with prepared statements, sending the very SQL of the product (its repositories, on a bare
// connection) and answering the same rows. What it leaves out is what a service is for: no session and no permission is
// looked up, nothing is validated, no audit row, no idempotency, no confirmation mail, no repeat-visit window and no
// booking rule is minded, clock changes and absences are not thought of. Row-level security holds it too, but the clinic
// is set once a connection, so a read needs no transaction. A booking is set-up, then the span and its line of history.
import Fastify from 'fastify';
import { TakingTimeRepository } from '../../dist/libs/scheduling/src/taking-time/taking-time.repository.js';
import { SheetsQueries } from '../../dist/libs/scheduling/src/sheets/sheets.queries.js';
import { DiariesQueries } from '../../dist/libs/scheduling/src/diaries.queries.js';
import { createPool } from '../../dist/libs/database/src/pool.js';
import { newId } from '../../dist/libs/kernel/src/index.js';
import { PatientsRepository } from '../../dist/libs/patients/src/patients.repository.js';
import { CLINIC, receptionistId } from './clinic.mjs';
import { availableSlots, instantOf, wallClock } from './limit-slots.mjs';

const url = new URL(process.env['DATABASE_URL']);
const pool = createPool({
  databaseUrl: url.href,
  databasePoolSize: Number(process.env['DATABASE_POOL_SIZE']),
});
pool.options.options += ` -c app.clinic_id=${CLINIC}`;

/** What the product's repositories ask of a transaction, on a connection without one. */
const on = (connection) => {
  const rows = async (statement, values = []) => (await connection.query({ ...statement, values })).rows;
  return {
    clinicId: CLINIC,
    actor: { clinicId: CLINIC, staffId: receptionistId },
    now: new Date(),
    rows,
    one: async (statement, values) => (await rows(statement, values))[0],
    maybe: async (statement, values) => (await rows(statement, values))[0] ?? null,
    // What the service sends along (a search's time limit, the audit row) is what the limit leaves out.
    later: () => undefined,
  };
};

const diaries = new DiariesQueries();
const patients = new PatientsRepository();
const appointments = new TakingTimeRepository();
const sheets = new SheetsQueries();
const MINUTE = 60_000;

const server = Fastify();

server.get('/v1/availability', async ({ query }) => {
  const tx = on(pool);
  const { typeId, locationId, practitionerId = null, from, to } = query;
  const setUp = await diaries.setUp(tx, { locationId, typeId, practitionerId, patientId: null, from, to });
  const { zone, rooms } = setUp.location;
  const range = { start: instantOf(from, '00:00', zone), end: instantOf(to, '24:00', zone) };
  const practitionerIds = setUp.practitioners.filter(({ weekly }) => weekly.length > 0).map(({ id }) => id);
  const roomIds = rooms.filter(({ kind }) => kind === setUp.type.roomKind).map(({ id }) => id);
  const busy = await diaries.busy(tx, range, { practitionerIds, roomIds, patientId: null });
  return availableSlots({ setUp, from, to, busy, practitionerIds, roomIds, limit: 200, stepMinutes: 15 });
});

server.post('/v1/appointments', async ({ body }, reply) => {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const tx = on(connection);
    const { typeId, locationId, practitionerId, patientId, startsAt, roomId, areaIds } = body;
    const day = startsAt.slice(0, 10);
    const setUp = await diaries.setUp(tx, {
      locationId,
      typeId,
      practitionerId,
      patientId,
      from: day,
      to: day,
    });
    const { type, location } = setUp;
    const start = instantOf(day, startsAt.slice(11), location.zone);
    const visit = { start, end: start + type.durationMinutes * MINUTE };
    const busy = {
      start: start - type.bufferBeforeMinutes * MINUTE,
      end: visit.end + type.bufferAfterMinutes * MINUTE,
    };
    const id = newId(tx.now.getTime());
    const wanted = {
      id,
      patientId,
      practitionerId,
      locationId,
      typeId,
      roomIds: [roomId],
      areaIds,
      span: { visit, busy },
    };
    const taken = await appointments.take(tx, {
      ...wanted,
      note: null,
      overrideReason: null,
      overridden: null,
      heldUntil: null,
      doubleBooked: false,
    });
    await connection.query('COMMIT');
    void reply.status(taken ? 201 : 409);
    const room = location.rooms.find((one) => one.id === roomId);
    return {
      id,
      patientId,
      practitionerId,
      practitionerName: setUp.practitioners[0].name,
      roomId,
      roomName: room.name,
      locationId,
      locationName: location.name,
      zone: location.zone,
      typeId,
      typeName: type.name,
      kind: type.kind,
      startsAt: new Date(visit.start),
      endsAt: new Date(visit.end),
      localTime: startsAt,
      busyFrom: new Date(busy.start),
      busyTo: new Date(busy.end),
      status: 'booked',
      areaIds,
      version: 1,
    };
  } finally {
    connection.release();
  }
});

server.get('/v1/day-sheet', async ({ query: { locationId, on: day } }) => {
  const { zone, rows } = await sheets.read(on(pool), {
    locationId,
    practitionerId: null,
    from: day,
    to: day,
  });
  const items = rows.map((row) => ({
    ...row,
    time: wallClock(row.startsAt.getTime(), row.zone),
    minutesLate: 0,
    minutesWaiting: 0,
    delayMinutes: 0,
    alerts: [],
  }));
  return { on: day, zone, items, practitioners: [] };
});

server.get('/v1/patients', async ({ query: { find, limit } }) => ({
  items: await patients.find(on(pool), find.toLowerCase().split(' '), Number(limit)),
  next: null,
}));

server.get('/v1/patients/:id', ({ params: { id } }) => patients.read(on(pool), id));

await server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
process.on('SIGTERM', () => void server.close().then(() => pool.end()));
