import { newId } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

/** The suite plays small; HOT_SLOT_ROUNDS=30 HOT_SLOT_CALLERS=100 is the proof. */
const ROUNDS = Number(process.env['HOT_SLOT_ROUNDS'] ?? 1);
const CALLERS = Number(process.env['HOT_SLOT_CALLERS'] ?? 30);
const TEAM = 8;
jest.setTimeout(300_000);

const OVERLAPS = `
  SELECT count(*)::int AS n FROM appointment a JOIN appointment b
      ON a.clinic_id = b.clinic_id AND a.id < b.id AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to
     AND (a.practitioner_id = b.practitioner_id OR a.room_id = b.room_id OR a.patient_id = b.patient_id)
   WHERE a.status NOT IN ('cancelled', 'no-show', 'entered-in-error', 'released')
     AND b.status NOT IN ('cancelled', 'no-show', 'entered-in-error', 'released')`;

interface Told {
  readonly status: number;
  readonly body: { readonly id?: string; readonly code?: string };
  readonly milliseconds: number;
}
type Call = () => Promise<Told>;

describe('one slot that everybody wants, over real sockets', () => {
  let api: TestApi;
  let desk: TestDesk;
  let address: string;
  let patientIds: string[];
  const team: { practitionerId: string; roomId: string }[] = [];
  let goalsUsed = 0;
  let spotsUsed = 0;
  const all: Told[] = [];

  const dayAt = (day: number, time: string): string =>
    `${new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10)}T${time}`;
  /** A time nobody has used yet, within the booking horizon. */
  const goalAt = (): string => {
    goalsUsed += 1;
    return dayAt(2 + (goalsUsed % 100), ['10:00', '13:00', '16:00'][Math.floor(goalsUsed / 100)] ?? '');
  };
  /** A place far away from every goal, another at each call: one of the team, in the room of their own. */
  const spot = (): [string, (typeof team)[number] | undefined] => {
    const turn = Math.floor(spotsUsed / TEAM);
    const place = team[spotsUsed % TEAM];
    spotsUsed += 1;
    const minutes = 8 * 60 + 15 + (turn % 12) * 45;
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    return [dayAt(120 + Math.floor(turn / 12), time), place];
  };

  const post = async (path: string, body?: object): Promise<Told> => {
    const started = performance.now();
    const answer = await fetch(`${address}/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${api.clinic.token.receptionist}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const told = (await answer.json()) as Told['body'];
    return { status: answer.status, body: told, milliseconds: performance.now() - started };
  };
  const wish = (patientId: string, startsAt: string, change: object = {}): object => ({
    patientId,
    startsAt,
    typeId: desk.type.treatment,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    ...change,
  });
  const booked = async (patientId: string, startsAt: string, change: object = {}): Promise<string> => {
    const { status, body } = await post('appointments', wish(patientId, startsAt, change));
    expect(status).toBe(201);
    return String(body.id);
  };
  const move =
    (id: string, change: object): Call =>
    () =>
      post(`appointments/${id}/reschedule`, change);

  /** Makes the calls at once: so many win, the others are refused as a conflict, and nothing fails. */
  const race = async (calls: readonly Call[], winners: number): Promise<void> => {
    const answers = await Promise.all(calls.map((call) => call()));
    all.push(...answers);
    const refused = answers.filter(
      ({ status, body }) => status === 409 && ['slot_taken', 'hold_over'].includes(body.code ?? ''),
    );
    const won = answers.filter(({ status }) => status === 200 || status === 201);
    expect([won.length, refused.length]).toEqual([winners, calls.length - winners]);
  };
  const rounds = async (round: (goal: string) => Promise<void>): Promise<void> => {
    for (let i = 0; i < ROUNDS; i += 1) await round(goalAt());
  };

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
    patientIds = await Promise.all(Array.from({ length: CALLERS }, () => desk.aPatient()));
    const { clinicId } = api.clinic;
    for (let i = 0; i < TEAM; i += 1) {
      const [practitionerId, roomId] = [newId(), newId()];
      await api.db.admin.query(
        `INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles) VALUES ($1, $2, $3, $3, 'x', '{practitioner}')`,
        [clinicId, practitionerId, `team-${i}@example.com`],
      );
      await api.db.admin.query(
        `INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
         SELECT $1, gen_random_uuid(), $2, $3, weekday, '08:00', '18:00', '2020-01-01' FROM generate_series(1, 7) AS weekday`,
        [clinicId, practitionerId, desk.london.id],
      );
      await api.db.admin.query(
        `INSERT INTO room (clinic_id, id, location_id, name, kind) VALUES ($1, $2, $3, $4, 'treatment')`,
        [clinicId, roomId, desk.london.id, `Team room ${i}`],
      );
      team.push({ practitionerId, roomId });
    }
  });
  afterEach(async () => {
    const { rows } = await api.db.admin.query<{ n: number }>(OVERLAPS);
    expect(rows).toEqual([{ n: 0 }]);
  });
  afterAll(async () => {
    const times = all.map(({ milliseconds }) => Math.round(milliseconds)).toSorted((x, y) => x - y);
    const told = { calls: times.length, p50: times[times.length >> 1], longest: times.at(-1) };
    if (process.env['HOT_SLOT_REPORT'] === 'true') process.stdout.write(`${JSON.stringify(told)}\n`);
    await api.stop();
  });

  const asking = (path: 'appointments' | 'holds', patientId: string, goal: string): Call => {
    const body = wish(patientId, goal);
    return () => post(path, body);
  };
  const movers = (ids: readonly string[], goal: string): Promise<Call[]> =>
    Promise.all(
      ids.map(async (patientId) =>
        move(await booked(patientId, ...spot()), { startsAt: goal, practitionerId: desk.nurseId }),
      ),
    );
  const returners = async (ids: readonly string[], goal: string): Promise<Call[]> => {
    const calls: Call[] = [];
    for (const patientId of ids) {
      const id = await booked(patientId, goal);
      await post(`appointments/${id}/cancel`, { by: 'clinic', reason: 'Practice' });
      calls.push(() => post(`appointments/${id}/reinstate`, { reason: 'Practice' }));
    }
    return calls;
  };

  it('is held by one of all who want to keep it', () =>
    rounds((goal) =>
      race(
        patientIds.map((id) => asking('holds', id, goal)),
        1,
      ),
    ));

  it('is moved into by one', () => rounds(async (goal) => race(await movers(patientIds, goal), 1)));

  it('is taken up again by one', () => rounds(async (goal) => race(await returners(patientIds, goal), 1)));

  it('is confirmed once, however often it is asked', () =>
    rounds(async (goal) => {
      const { body } = await post('holds', wish(String(patientIds[0]), goal));
      await race(
        patientIds.map(() => () => post(`holds/${body.id}/confirm`)),
        1,
      );
    }));

  it('goes to the holder or to one of the others when confirming meets the expiry', () =>
    rounds(async (goal) => {
      const [holder, ...others] = patientIds;
      const { body } = await post('holds', wish(String(holder), goal));
      await api.db.admin.query(
        `UPDATE appointment SET hold_expires_at = now() + interval '15 ms' WHERE id = $1`,
        [body.id],
      );
      const confirming = patientIds.map(() => () => post(`holds/${body.id}/confirm`));
      const taking = others.map((id, i) => asking(i % 2 === 0 ? 'appointments' : 'holds', id, goal));
      const mixed = confirming.flatMap((call, i) => [call, ...taking.slice(i, i + 1)]);
      await race(mixed, 1);
    }));

  it('goes to one when some book, hold, move into it and take it up again', () =>
    rounds(async (goal) => {
      const quarter = Math.floor(CALLERS / 4);
      const part = (i: number): string[] => patientIds.slice(i * quarter, (i + 1) * quarter);
      const again = await returners(part(0), goal);
      const moving = await movers(part(1), goal);
      const fresh = [
        ...part(2).map((id) => asking('appointments', id, goal)),
        ...part(3).map((id) => asking('holds', id, goal)),
      ];
      await race([...again, ...moving, ...fresh], 1);
    }));

  it('gives a practitioner to one of those who change to them, and a room likewise', () =>
    rounds(async (goal) => {
      const ids = await Promise.all(team.map((one, i) => booked(String(patientIds[i]), goal, one)));
      await race(
        ids.map((id) => move(id, { roomId: desk.london.roomIds[0] })),
        1,
      );
      await race(
        ids.map((id, i) => move(id, { practitionerId: desk.doctorId, roomId: team[i]?.roomId })),
        1,
      );
    }));

  it('grows over its neighbour, or the neighbour comes first', () =>
    rounds(async (goal) => {
      const [first, ...others] = patientIds;
      const short = await booked(String(first), goal, { typeId: desk.type.review });
      const beside = goal.replace(':00', ':30');
      await race(
        [
          move(short, { typeId: desk.type.treatment }),
          ...others.map((id) => asking('appointments', id, beside)),
        ],
        1,
      );
    }));
});
