import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

/** The suite plays small; SERIES_ROUNDS=30 is the proof. */
const ROUNDS = Number(process.env['SERIES_ROUNDS'] ?? 1);
jest.setTimeout(300_000);

const TAKING = `status NOT IN ('cancelled', 'no-show', 'entered-in-error', 'released')`;
const OVERLAPS = `
  SELECT count(*)::int AS n FROM appointment a JOIN appointment b
      ON a.clinic_id = b.clinic_id AND a.id < b.id AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to
     AND (a.practitioner_id = b.practitioner_id OR a.room_id = b.room_id OR a.patient_id = b.patient_id)
   WHERE a.${TAKING} AND b.${TAKING}`;
const DEADLOCKS = 'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()';

interface Body {
  readonly id?: string;
  readonly code?: string;
  readonly version?: number;
  readonly visits?: readonly {
    readonly number: number;
    readonly appointment: { readonly id: string; readonly localTime: string };
  }[];
  readonly items?: readonly { readonly state: string; readonly appointmentId: string }[];
  readonly errors?: readonly { readonly pointer: string }[];
}
interface Told {
  readonly status: number;
  readonly body: Body;
}

describe('a series, over real sockets', () => {
  let api: TestApi;
  let desk: TestDesk;
  let address: string;
  let patientIds: string[];
  const all: number[] = [];

  const dayAt = (day: number, time: string): string =>
    `${new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10)}T${time}`;
  const call = async (
    method: string,
    path: string,
    body?: object,
    headers: object = {},
    who: 'receptionist' | 'practitioner' = 'receptionist',
  ): Promise<Told> => {
    const started = performance.now();
    const answer = await fetch(`${address}/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${api.clinic.token[who]}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    all.push(performance.now() - started);
    return { status: answer.status, body: (await answer.json()) as Body };
  };
  const post = (path: string, body?: object, headers: object = {}): Promise<Told> =>
    call('POST', path, body, headers);
  const wish = (patientId: string | undefined, startsAt: string, change: object = {}): object => ({
    patientId,
    startsAt,
    typeId: desk.type.consultation,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    ...change,
  });
  const one = async (query: string): Promise<number> =>
    Number((await api.db.admin.query<{ n: number }>(query)).rows[0]?.n);
  const sound = async (answers: readonly Told[], codes: readonly string[]): Promise<void> => {
    const strange = answers.filter(
      ({ status, body }) =>
        !(status === 200 || status === 201 || (status === 409 && codes.includes(body.code ?? ''))),
    );
    expect(strange).toEqual([]);
    expect(await one(OVERLAPS)).toBe(0);
  };

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
    patientIds = await Promise.all(Array.from({ length: 60 }, () => desk.aPatient()));
    // A consultation in a room makes the rooms scarce too.
    await api.db.admin.query(`UPDATE appointment_type SET room_kind = 'treatment' WHERE id = $1`, [
      desk.type.consultation,
    ]);
  });
  afterAll(async () => {
    const times = all.map(Math.round).toSorted((x, y) => x - y);
    const told = { calls: times.length, p50: times[times.length >> 1], longest: times.at(-1) };
    if (process.env['SERIES_REPORT'] === 'true') process.stdout.write(`${JSON.stringify(told)}\n`);
    await api.stop();
  });

  it('is asked for, booked once however often it is sent, moved from here on, and cancelled', async () => {
    const body = wish(patientIds[0], dayAt(3, '09:00'), { everyWeeks: 2, visits: 3 });
    expect(await post('series/preview', body)).toMatchObject({ status: 200, body: { free: true } });
    const key = { 'idempotency-key': 'series-1' };
    const booked = await post('series', body, key);
    expect(booked).toMatchObject({ status: 201, body: { version: 1, visits: [{}, {}, {}] } });
    expect(await post('series', body, key)).toEqual(booked);
    const path = `series/${booked.body.id}`;
    expect(await call('GET', path)).toEqual({ status: 200, body: booked.body });
    expect(await call('GET', `series?patientId=${patientIds[0]}`)).toMatchObject({
      body: { items: [{ id: booked.body.id }] },
    });
    const change = {
      fromVisit: 2,
      time: '11:00',
      practitionerId: desk.doctorId,
      reason: 'Afternoons no more',
    };
    expect(await post(`${path}/change/preview`, { fromVisit: 2, time: '11:00' })).toMatchObject({
      body: { free: true },
    });
    const changed = await post(`${path}/change`, change, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { version: 2 } });
    expect(changed.body.visits?.map(({ appointment }) => appointment.localTime.slice(11))).toEqual([
      '09:00',
      '11:00',
      '11:00',
    ]);
    expect(await post(`${path}/change`, change, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    const over = await post(
      `${path}/cancel`,
      { fromVisit: 2, by: 'patient', reason: 'Moves away' },
      { 'if-match': '"2"' },
    );
    expect(over).toMatchObject({
      status: 200,
      body: { visits: [{}, { appointment: { status: 'cancelled' } }, {}] },
    });
    expect(await post(`${path}/cancel`, { fromVisit: 2, by: 'patient', reason: 'Again' })).toMatchObject({
      status: 409,
      body: { code: 'series_nothing_open' },
    });
  });

  it('answers bad input by pointer, and what is not there as absent', async () => {
    const body = wish(patientIds[0], dayAt(3, '09:00'), { everyWeeks: 2, visits: 3 });
    const pointers = async (path: string, wrong: object): Promise<unknown> => {
      const { status, body: told } = await post(path, wrong);
      return [status, told.errors?.map(({ pointer }) => pointer)];
    };
    expect(await pointers('series', { ...body, everyWeeks: 0, visits: 27 })).toEqual([
      400,
      ['/everyWeeks', '/visits'],
    ]);
    expect(await pointers('series', { ...body, visits: 1, skip: [0] })).toEqual([400, ['/visits', '/skip']]);
    expect(await pointers('series', { ...body, replacements: [{ number: 2, startsAt: 'soon' }] })).toEqual([
      400,
      ['/replacements/0/startsAt'],
    ]);
    expect(await pointers('series/preview', { ...body, skipBlocked: true })).toEqual([400, ['/skipBlocked']]);
    expect(await pointers('group-moves', { practitionerId: 'x', reason: ' ' })).toEqual([
      400,
      ['/practitionerId', '/locationId', '/startsAt', '/endsAt', '/reason'],
    ]);
    expect(await post('series', { ...body, patientId: api.clinic.clinicId })).toMatchObject({ status: 404 });
    expect(await post('series', { ...body, skip: [9] })).toMatchObject({
      status: 400,
      body: { code: 'series_visit_unknown' },
    });
    expect(await call('GET', `series/${api.clinic.clinicId}`)).toMatchObject({
      status: 404,
      body: { code: 'series_not_found' },
    });
    expect(await call('GET', `group-moves/${api.clinic.clinicId}`)).toMatchObject({ status: 404 });
  });

  it('never overlaps nor waits in a circle when many series and single bookings want the same weeks', async () => {
    const before = await one(DEADLOCKS);
    const answers: Told[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const minutes = (round % 2) * 60;
      const time = `${String(10 + (minutes >= 60 ? 1 : 0) + (Math.floor(round / 2) % 5))}:00`;
      const first = 10 + (round % 7);
      const who = [desk.nurseId, desk.doctorId];
      const racing = patientIds.slice(0, 50).map((patientId, i) => {
        const practitionerId = who[i % 2];
        // Some start later than others, so that the weeks they take are met in different orders.
        const week = dayAt(first + 7 * (i % 5), time);
        if (i < 30)
          return post(
            'series',
            wish(patientId, week, {
              practitionerId,
              everyWeeks: 1 + (i % 2),
              visits: 8,
              skipBlocked: i % 3 === 0,
            }),
          );
        return post('appointments', wish(patientId, dayAt(first + 7 * (i % 12), time), { practitionerId }));
      });
      answers.push(...(await Promise.all(racing)));
    }
    await sound(answers, ['series_blocked', 'slot_taken']);
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(await one(DEADLOCKS)).toBe(before);
  });

  it('moves from here on while others book, move and take up again what it leaves and takes', async () => {
    const before = await one(DEADLOCKS);
    const answers: Told[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = 100 + (round % 7);
      const hour = 8 + (Math.floor(round / 7) % 4);
      const times = Array.from(
        { length: 8 },
        (_, i) => `${String(hour + Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '15' : '45'}`,
      );
      const series = await Promise.all(
        times.map((time, i) =>
          post(
            'series',
            wish(patientIds[i], dayAt(first, time), {
              everyWeeks: 1,
              visits: 5,
              practitionerId: i % 2 ? desk.nurseId : desk.doctorId,
            }),
          ),
        ),
      );
      const ids = series.flatMap(({ status, body }) => (status === 201 ? [body] : []));
      const singles = ids.flatMap(({ visits }) => visits?.[4]?.appointment.id ?? []);
      answers.push(
        ...(await Promise.all([
          ...ids.map(({ id }, i) =>
            post(`series/${id}/change`, {
              fromVisit: 1 + (i % 3),
              time: times[(i + 1) % times.length],
              skipBlocked: i % 2 === 0,
            }),
          ),
          ...ids.map(({ id }, i) =>
            post(`series/${id}/change`, {
              fromVisit: 2,
              startsAt: dayAt(first + 14, String(times[(i + 3) % times.length])),
              skipBlocked: true,
            }),
          ),
          ...singles.map((id, i) =>
            post(`appointments/${id}/reschedule`, {
              startsAt: dayAt(first + 7 * (i % 5), String(times[(i + 2) % times.length])),
            }),
          ),
          ...patientIds.slice(20, 40).map((patientId, i) =>
            post(
              'appointments',
              wish(patientId, dayAt(first + 7 * (i % 5), String(times[i % times.length])), {
                practitionerId: i % 2 ? desk.nurseId : desk.doctorId,
              }),
            ),
          ),
        ])),
      );
    }
    await sound(answers, ['series_blocked', 'slot_taken', 'series_nothing_open']);
    expect(await one(DEADLOCKS)).toBe(before);
  });

  it('gives way to a group move, applied by several at once while others book its goals', async () => {
    const before = await one(DEADLOCKS);
    const answers: Told[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const day = 190 + round;
      const booked = await Promise.all(
        patientIds
          .slice(0, 8)
          .map((patientId, i) =>
            post(
              'appointments',
              wish(patientId, dayAt(day, `${10 + Math.floor(i / 2)}:${i % 2 ? '30' : '00'}`)),
            ),
          ),
      );
      expect(booked.every(({ status }) => status === 201)).toBe(true);
      const away = { locationId: desk.london.id, startsAt: dayAt(day, '00:00'), endsAt: dayAt(day, '23:59') };
      const move = await post('group-moves', { practitionerId: desk.nurseId, ...away, reason: 'Ill' });
      expect(move.body.items).toHaveLength(8);
      const path = `group-moves/${move.body.id}/apply`;
      answers.push(
        ...(await Promise.all([
          post(path, {}),
          post(path, {}),
          post(path, { appointmentIds: [String(booked[0]?.body.id)] }),
          ...patientIds.slice(20, 32).map((patientId, i) =>
            post(
              'appointments',
              wish(patientId, dayAt(day, `${10 + (i % 4)}:${i % 2 ? '30' : '00'}`), {
                practitionerId: desk.doctorId,
              }),
            ),
          ),
          ...booked
            .slice(4)
            .map(({ body }) => post(`appointments/${body.id}/reschedule`, { practitionerId: desk.doctorId })),
        ])),
      );
      const after = await call('GET', `group-moves/${move.body.id}`);
      const states = new Set(after.body.items?.map(({ state }) => state));
      expect([...states].every((state) => ['moved', 'conflict', 'gone'].includes(state))).toBe(true);
      const kept = await api.db.admin.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM appointment WHERE id = ANY ($1) AND status = 'booked'`,
        [booked.map(({ body }) => body.id)],
      );
      expect(kept.rows).toEqual([{ n: 8 }]);
    }
    await sound(answers, ['slot_taken', 'group_move_item_settled']);
    expect(await one(DEADLOCKS)).toBe(before);
  });
});
