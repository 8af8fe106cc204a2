import { setTimeout as pause } from 'node:timers/promises';

import { aClinic } from '#identity/testing';
import { DaySheetLive } from '#scheduling';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const DAY = inDays(3);

interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** A client of server-sent events over a real socket. */
class Following {
  readonly told: Told[] = [];
  beats = 0;
  ended = false;
  readonly #abort = new AbortController();

  static async open(url: string, token: string, lastEventId?: string): Promise<Following> {
    const one = new Following();
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
      signal: one.#abort.signal,
    });
    expect(answer.headers.get('content-type')).toMatch('text/event-stream');
    void one.#read(answer);
    return one;
  }

  get lastId(): string {
    return this.told.at(-1)?.id ?? '';
  }

  /** What was told of appointments, waiting until there is as much. */
  async events(count: number, event = 'appointment'): Promise<Told[]> {
    const until = Date.now() + 8000;
    const some = (): Told[] => this.told.filter((one) => one.event === event);
    while (some().length < count && Date.now() < until) await pause(10);
    return some();
  }

  async toEnd(): Promise<boolean> {
    const until = Date.now() + 3000;
    while (!this.ended && Date.now() < until) await pause(10);
    return this.ended;
  }

  /** Whether so many signs of life came. */
  async toBeat(count: number): Promise<boolean> {
    const until = Date.now() + 8000;
    while (this.beats < count && Date.now() < until) await pause(10);
    return this.beats >= count;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(answer: Response): Promise<void> {
    let text = '';
    try {
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        blocks.forEach((block) => this.#take(block));
      }
    } catch {
      // Closed by the test.
    }
    this.ended = true;
  }

  #take(block: string): void {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    if (block.startsWith(':')) this.beats += 1;
    else this.told.push({ event: field('event'), id: field('id'), data: JSON.parse(field('data')) });
  }
}

describe('a day followed live', () => {
  let api: TestApi;
  let desk: TestDesk;
  let base: string;
  let hour = 8;
  const open: Following[] = [];

  /** A change may be told once more while older transactions run, those of other tests' databases too. */
  const whatWasIsTold = async (): Promise<void> => {
    const isTold = `SELECT coalesce(max(xact), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS told FROM appointment_change`;
    while (!(await api.db.admin.query<{ told: boolean }>(isTold)).rows[0]?.told)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const follow = async ({
    token = api.clinic.token.receptionist,
    locationId = desk.london.id,
    on = DAY,
    since = undefined as string | undefined,
  } = {}): Promise<Following> => {
    if (since === undefined) await whatWasIsTold();
    const one = await Following.open(
      `${base}/v1/day-sheet/live?locationId=${locationId}&on=${on}`,
      token,
      since,
    );
    open.push(one);
    if (since === undefined) await one.events(1, 'ready');
    return one;
  };
  const book = async (change: object = {}, days = DAY): Promise<string> => {
    const answer = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: {
        patientId: await desk.aPatient(),
        typeId: desk.type.review,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt: `${days}T${String((hour += 1)).padStart(2, '0')}:00`,
        ...change,
      },
    });
    expect(answer).toMatchObject({ status: 201 });
    return String(answer.body['id']);
  };
  const verb = (id: string, what: string, body?: object) =>
    api.send('receptionist', 'POST', `/v1/appointments/${id}/${what}`, body ? { body } : {});

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    await api.app.listen(0, '127.0.0.1');
    base = await api.app.getUrl();
  });
  afterEach(() => open.splice(0).forEach((one) => one.close()));
  afterAll(() => api.stop());

  it('tells each change as it happens, with ids and no names', async () => {
    const desktop = await follow();
    const id = await book();
    await verb(id, 'confirm');
    const told = await desktop.events(2);
    expect(told.map(({ data }) => data)).toEqual([
      { appointmentId: id, version: 1, verb: 'book', status: 'booked', at: expect.any(String) },
      { appointmentId: id, version: 2, verb: 'confirm', status: 'confirmed', at: expect.any(String) },
    ]);
  });

  it('tells only of the own clinic, location and day', async () => {
    const other = await aClinic(api.db);
    const otherDesk = await aDesk(api.db, other);
    const desktop = await follow();
    const elsewhere = await follow({ locationId: desk.newYork.id });
    const tomorrow = await follow({ on: inDays(4) });
    const stranger = await follow({ token: other.token.receptionist, locationId: otherDesk.london.id });
    const id = await book();
    expect(await desktop.events(1)).toHaveLength(1);
    await verb(id, 'reschedule', { startsAt: `${inDays(4)}T08:00`, reason: 'Ill' });
    // Who had it on their sheet is told, and who has it now.
    expect((await desktop.events(2)).map(({ data }) => data['verb'])).toEqual(['book', 'reschedule']);
    expect((await tomorrow.events(1)).map(({ data }) => data['verb'])).toEqual(['reschedule']);
    await verb(id, 'reschedule', { locationId: desk.newYork.id, startsAt: `${DAY}T15:30` });
    expect(await elsewhere.events(1)).toHaveLength(1);
    expect((await tomorrow.events(2)).map(({ data }) => data['version'])).toEqual([2, 3]);
    expect(stranger.told.map(({ event }) => event)).toEqual(['ready']);
    const foreign = await api.send(
      { token: other.token.receptionist },
      'GET',
      `/v1/day-sheet/live?locationId=${desk.london.id}&on=${DAY}`,
    );
    expect(foreign).toMatchObject({ status: 404, body: { code: 'location_not_found' } });
  });

  it('goes on after the last event a client saw, missing none', async () => {
    const before = await follow();
    const first = await book();
    await before.events(1);
    before.close();
    await verb(first, 'confirm');
    const second = await book();
    const again = await follow({ since: before.lastId });
    const versions = new Set(
      (await again.events(2)).map(
        ({ data }) => `${String(data['appointmentId'])} ${String(data['version'])}`,
      ),
    );
    expect(versions).toContain(`${first} 2`);
    expect(versions).toContain(`${second} 1`);
    await verb(second, 'confirm');
    const known = (await again.events(again.told.length + 1)).at(-1);
    expect(known?.data).toMatchObject({ appointmentId: second, version: 2 });
  });

  it('misses no change whose transaction was still open when a later one was told', async () => {
    const desktop = await follow();
    const slow = await book();
    await desktop.events(1);
    const late = await api.db.admin.connect();
    const note = `INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, staff_id)
                  VALUES ($1, $2, $3, $4, 'booked', $5)`;
    await late.query('BEGIN');
    await late.query(note, [api.clinic.clinicId, slow, 7, 'late', desk.nurseId]);
    const quick = await book();
    await desktop.events(2);
    desktop.close();
    await late.query('COMMIT');
    late.release();
    const again = await follow({ since: desktop.lastId });
    const told = await again.events(1);
    expect(told.map(({ data }) => [data['appointmentId'], data['version']])).toContainEqual([slow, 7]);
    expect(told.some(({ data }) => data['appointmentId'] === quick)).toBe(true);
  });

  it('says resync when the last event is not known here, or too much happened since', async () => {
    for (const since of ['999999999999', 'yesterday']) {
      expect(await (await follow({ since })).events(1, 'resync')).toHaveLength(1);
    }
    const desktop = await follow();
    const id = await book();
    await desktop.events(1);
    desktop.close();
    await api.db.admin.query(
      `INSERT INTO appointment_change (clinic_id, appointment_id, version, verb, status, staff_id)
       SELECT $1, $2, n, 'noted', 'booked', $3 FROM generate_series(2, 800) n`,
      [api.clinic.clinicId, id, desk.nurseId],
    );
    expect(await (await follow({ since: desktop.lastId })).events(1, 'resync')).toHaveLength(1);
  });

  it('hears again after the database connection was lost, also what happened meanwhile', async () => {
    const desktop = await follow();
    const { rows } = await api.db.admin.query<{ pid: number }>(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'revisit listening' AND datname = current_database()`,
    );
    expect(rows).toHaveLength(1);
    const id = await book();
    expect((await desktop.events(1)).map(({ data }) => data['appointmentId'])).toEqual([id]);
    await verb(id, 'confirm');
    expect(await desktop.events(2)).toHaveLength(2);
  });

  it('shows that it lives, and ends with the session', async () => {
    const other = await aClinic(api.db);
    const otherDesk = await aDesk(api.db, other);
    const leaving = await follow({ token: other.token.receptionist, locationId: otherDesk.london.id });
    const staying = await follow();
    await api.app.get(DaySheetLive).beat();
    await api.send({ token: other.token.receptionist }, 'DELETE', '/v1/sessions/current');
    await api.app.get(DaySheetLive).beat();
    expect(await leaving.toEnd()).toBe(true);
    expect(await staying.toBeat(2)).toBe(true);
    expect(staying.ended).toBe(false);
  });

  it.each([
    ['left idle', `UPDATE session SET last_seen_at = now() - interval '3 hours' WHERE staff_id = $1`],
    ['revoked', 'UPDATE session SET revoked_at = now() WHERE staff_id = $1'],
    ['over', `UPDATE session SET expires_at = now() - interval '1 second' WHERE staff_id = $1`],
    ['of somebody deactivated', 'UPDATE staff SET active = false WHERE id = $1'],
    [
      'of somebody who works elsewhere by now',
      `INSERT INTO staff_location (clinic_id, staff_id, location_id)
       SELECT s.clinic_id, s.id, l.id FROM staff s JOIN location l ON l.clinic_id = s.clinic_id WHERE s.id = $1 AND l.name <> 'London' LIMIT 1`,
    ],
    [
      'without the second factor the clinic asks for by now',
      'UPDATE clinic c SET require_second_factor = true FROM staff s WHERE s.id = $1 AND c.id = s.clinic_id',
    ],
  ])('tells nothing more to a session that is %s', async (_, change) => {
    const other = await aClinic(api.db);
    const otherDesk = await aDesk(api.db, other);
    const one = await follow({ token: other.token.receptionist, locationId: otherDesk.london.id });
    const { rowCount } = await api.db.admin.query(change, [other.actor.receptionist.staffId]);
    expect(rowCount).toBe(1);
    await api.send({ token: other.token.practitioner }, 'POST', '/v1/appointments', {
      body: {
        patientId: await otherDesk.aPatient(),
        typeId: otherDesk.type.review,
        locationId: otherDesk.london.id,
        practitionerId: otherDesk.nurseId,
        startsAt: `${DAY}T10:00`,
      },
    });
    await api.app.get(DaySheetLive).beat();
    expect(await one.toEnd()).toBe(true);
    expect(one.told.map(({ event }) => event)).toEqual(['ready']);
  });

  it('is followed by one person five times at most, over all sessions; a stream that broke off leaves its place', async () => {
    const other = await aClinic(api.db);
    const otherDesk = await aDesk(api.db, other);
    const { receptionist: token } = other.token;
    const url = `/v1/day-sheet/live?locationId=${otherDesk.london.id}&on=${DAY}`;
    const status = async (as = token) => {
      const abort = new AbortController();
      const headers = { authorization: `Bearer ${as}` };
      const answer = await fetch(`${base}${url}`, { headers, signal: abort.signal });
      return { answer, close: () => abort.abort() };
    };
    const refused = await api.send({ token }, 'GET', url.replace(otherDesk.london.id, desk.london.id));
    expect(refused.status).toBe(404);
    const all = await Promise.all(Array.from({ length: 8 }, () => status()));
    const [taken, turnedAway] = [200, 429].map((code) => all.filter(({ answer }) => answer.status === code));
    expect([taken?.length, turnedAway?.length]).toEqual([5, 3]);
    expect(await turnedAway?.[0]?.answer.json()).toMatchObject({ code: 'too_many_streams', most: 5 });
    const colleague = await status(other.token.practitioner);
    expect(colleague.answer.status).toBe(200);
    taken?.forEach(({ close }) => close());
    colleague.close();
    const until = Date.now() + 5000;
    let again = await status();
    while (again.answer.status === 429 && Date.now() < until) {
      await pause(10);
      again = await status();
    }
    expect(again.answer.status).toBe(200);
    again.close();
  });

  it('may be followed with an API key, until the key is revoked', async () => {
    const made = await api.send('admin', 'POST', '/v1/api-keys', {
      body: { name: 'Wall screen', scopes: ['appointments:read'], expiresAt: `${inDays(30)}T00:00:00Z` },
    });
    const [token, keyId] = [String(made.body['key']), String(made.body['id'])];
    hour = 8;
    const screen = await follow({ token, on: inDays(5) });
    await book({}, inDays(5));
    expect(await screen.events(1)).toHaveLength(1);
    await api.send('admin', 'DELETE', `/v1/api-keys/${keyId}`);
    await book({}, inDays(5));
    expect(await screen.toEnd()).toBe(true);
    expect(screen.told.filter(({ event }) => event === 'appointment')).toHaveLength(1);
  });
});
