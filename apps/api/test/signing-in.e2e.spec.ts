import { aClinic, TEST_PASSWORD } from '#identity/testing';
import { aDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { MailCatcher } from './harness/mail-catcher.js';
import { TestApi } from './harness/test-api.js';

describe('signing in', () => {
  let api: TestApi;
  const signIn = (email: string, password: string, more = {}) =>
    api.send(null, 'POST', '/v1/sessions', { body: { email, password, ...more } });

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  it('opens a session that ends at once when signing out', async () => {
    const { status, body } = await signIn(api.clinic.email.practitioner.toUpperCase(), TEST_PASSWORD);
    expect([status, body['clinic']]).toEqual([201, api.clinic.slug]);
    const me = { token: String(body['token']) };
    expect((await api.send(me, 'GET', '/v1/sessions/current')).body).toMatchObject({
      staffId: api.clinic.actor.practitioner.staffId,
      roles: ['practitioner'],
      isPrescriber: false,
    });
    expect((await api.send(me, 'DELETE', '/v1/sessions/current')).status).toBe(204);
    expect((await api.send(me, 'GET', '/v1/sessions/current')).status).toBe(401);
  });

  it('stores no token, only its hash', async () => {
    const { body } = await signIn(api.clinic.email.admin, TEST_PASSWORD);
    const stored = await api.db.admin.query('SELECT * FROM session');
    expect(JSON.stringify(stored.rows)).not.toContain(String(body['token']));
  });

  it('answers alike for a wrong password and an unknown account', async () => {
    const wrong = await signIn(api.clinic.email.admin, 'wrong');
    const unknown = await signIn('nobody@nowhere.example', 'wrong');
    const { requestId: _, ...first } = wrong.body;
    const { requestId: __, ...second } = unknown.body;
    expect([wrong.status, first]).toEqual([unknown.status, second]);
    expect(first['code']).toBe('sign_in_refused');
  });

  it('asks which clinic when the same address and password work in two', async () => {
    const [one, two] = [await aClinic(api.db), await aClinic(api.db)];
    const email = one.email.receptionist;
    await api.db.admin.query('UPDATE staff SET email = $1 WHERE email = $2', [email, two.email.receptionist]);
    const unsaid = await signIn(email, TEST_PASSWORD);
    expect([unsaid.status, unsaid.body['code']]).toEqual([422, 'clinic_needed']);
    expect(unsaid.body['clinics']).toEqual(expect.arrayContaining([one.slug, two.slug]));
    const said = await signIn(email, TEST_PASSWORD, { clinic: two.slug });
    expect([said.status, said.body['clinic']]).toEqual([201, two.slug]);
    expect((await signIn(email, TEST_PASSWORD, { clinic: 'third' })).status).toBe(401);
  });

  it('refuses someone deactivated, also in the middle of a session', async () => {
    const clinic = await aClinic(api.db);
    const { body } = await signIn(clinic.email.receptionist, TEST_PASSWORD);
    await api.db.admin.query('UPDATE staff SET active = false WHERE email = $1', [clinic.email.receptionist]);
    expect((await api.send({ token: String(body['token']) }, 'GET', '/v1/patients')).status).toBe(401);
    expect((await signIn(clinic.email.receptionist, TEST_PASSWORD)).status).toBe(401);
  });

  it('refuses a session that has run out', async () => {
    const clinic = await aClinic(api.db);
    await api.db.admin.query(
      `UPDATE session SET expires_at = now() - interval '1 second' WHERE clinic_id = $1`,
      [clinic.clinicId],
    );
    expect((await api.send({ token: clinic.token.admin }, 'GET', '/v1/patients')).status).toBe(401);
  });

  it('stops guessing: 429 with Retry-After, for known and unknown accounts alike', async () => {
    const clinic = await aClinic(api.db);
    for (const email of [clinic.email.admin, 'ghost@nowhere.example']) {
      const statuses: number[] = [];
      for (let guess = 0; guess < 12; guess += 1)
        statuses.push((await signIn(email, `guess ${guess}`)).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
      const locked = await signIn(email, TEST_PASSWORD);
      expect([locked.status, locked.body['code']]).toEqual([429, 'too_many_requests']);
      expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('lets nobody lock out a device where the person signed in before, nor keep them from their own password', async () => {
    const clinic = await aClinic(api.db);
    const email = clinic.email.prescriber;
    const guessAll = async (deviceToken?: string) => {
      const more = deviceToken === undefined ? {} : { deviceToken };
      const all = await Promise.all(
        Array.from({ length: 14 }, (_, n) => signIn(email, `guess ${n}`, more).then(({ status }) => status)),
      );
      return all.filter((status) => status === 401).length;
    };
    const first = await signIn(email, TEST_PASSWORD);
    const mine = String(first.body['deviceToken']);
    expect(await guessAll()).toBe(10);
    expect((await signIn(email, TEST_PASSWORD)).status).toBe(429);
    // Of another account, made up, or altered: a stranger's.
    const other = await signIn(clinic.email.admin, TEST_PASSWORD);
    for (const no of [String(other.body['deviceToken']), 'v1.00000000.AAAA', `${mine.slice(0, -4)}AAAA`])
      expect((await signIn(email, TEST_PASSWORD, { deviceToken: no })).status).toBe(429);
    const again = await signIn(email, TEST_PASSWORD, { deviceToken: mine });
    expect([again.status, typeof again.body['deviceToken']]).toEqual([201, 'string']);
    const me = { token: String(again.body['token']) };
    const newPassword = 'a heron over the quiet marsh';
    const changed = await api.send(me, 'PUT', '/v1/profile/password', {
      body: { presentPassword: TEST_PASSWORD, newPassword },
    });
    expect(changed.status).toBe(204);
    // The device itself has ten as well, however many tokens it was given.
    expect(await guessAll(mine)).toBe(10);
    expect((await signIn(email, newPassword, { deviceToken: again.body['deviceToken'] })).status).toBe(429);
  });

  it('ends a session that nobody used for two hours; using it costs a write every five minutes at most', async () => {
    const clinic = await aClinic(api.db);
    const desk = { token: clinic.token.receptionist };
    const seen = async (): Promise<number> =>
      Number(
        (
          await api.db.admin.query(
            `SELECT extract(epoch FROM now() - last_seen_at)::int AS ago FROM session WHERE id = $1`,
            [clinic.actor.receptionist.sessionId],
          )
        ).rows[0].ago,
      );
    const age = (minutes: number) =>
      api.db.admin.query(
        `UPDATE session SET last_seen_at = now() - make_interval(mins => $1) WHERE id = $2`,
        [minutes, clinic.actor.receptionist.sessionId],
      );
    await age(4);
    expect((await api.send(desk, 'GET', '/v1/patients')).status).toBe(200);
    expect(await seen()).toBeGreaterThanOrEqual(240);
    await age(6);
    expect((await api.send(desk, 'GET', '/v1/patients')).status).toBe(200);
    expect(await seen()).toBeLessThan(60);
    await age(121);
    expect((await api.send(desk, 'GET', '/v1/patients')).status).toBe(401);
  });

  it('lets people see where they are signed in, and end one session or all others; never somebody else’s', async () => {
    const clinic = await aClinic(api.db);
    const me = { token: clinic.token.practitioner };
    const others = await Promise.all(
      [1, 2].map(async () => String((await signIn(clinic.email.practitioner, TEST_PASSWORD)).body['token'])),
    );
    const list = async () =>
      (await api.send(me, 'GET', '/v1/sessions')).body['items'] as { id: string; isCurrent: boolean }[];
    const alive = async (): Promise<number[]> =>
      Promise.all(
        others.map(async (token) => (await api.send({ token }, 'GET', '/v1/sessions/current')).status),
      );
    expect(await list()).toHaveLength(3);
    const one = (await list()).find(({ isCurrent }) => !isCurrent);
    expect((await api.send(me, 'DELETE', `/v1/sessions/${one?.id}`)).status).toBe(204);
    expect((await alive()).filter((status) => status === 200)).toHaveLength(1);
    expect((await api.send(me, 'DELETE', '/v1/sessions/others')).status).toBe(204);
    expect(await alive()).toEqual([401, 401]);
    const foreign = await api.send(me, 'DELETE', `/v1/sessions/${clinic.actor.admin.sessionId}`);
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'session_not_found']);
  });

  it('resets a password by mail, alike for unknown accounts; the link opens a locked account and ends every session', async () => {
    const clinic = await aClinic(api.db);
    const mail = new MailCatcher(api);
    const ask = (email: string) => api.send(null, 'POST', '/v1/password-resets', { body: { email } });
    const known = await ask(clinic.email.receptionist);
    const unknown = await ask('ghost@nowhere.example');
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect(known.status).toBe(202);
    for (let guess = 0; guess < 11; guess += 1) await signIn(clinic.email.receptionist, `guess ${guess}`);
    expect((await signIn(clinic.email.receptionist, TEST_PASSWORD)).status).toBe(429);
    let token: string | null = null;
    for (let n = 0; n < 100 && token === null; n += 1) {
      token = await mail.linkTo(clinic.email.receptionist);
      if (token === null) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const password = 'an owl over the quiet marsh';
    expect((await api.send(null, 'POST', '/v1/passwords', { body: { token, password } })).status).toBe(204);
    expect(mail.sent.map(({ to }) => to)).toEqual([clinic.email.receptionist]);
    expect((await api.send({ token: clinic.token.receptionist }, 'GET', '/v1/patients')).status).toBe(401);
    expect((await signIn(clinic.email.receptionist, password)).status).toBe(201);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await ask('ghost@nowhere.example')).status);
    expect(statuses).toEqual([202, 202, 429]);
  });

  it('shows the day and books at the locations where one works, and nowhere else', async () => {
    const clinic = await aClinic(api.db);
    const desk = await aDesk(api.db, clinic);
    const front = { token: clinic.token.receptionist };
    const sheet = (locationId: string) =>
      api.send(front, 'GET', `/v1/day-sheet?on=2026-12-01&locationId=${locationId}`);
    expect((await sheet(desk.london.id)).status).toBe(200);
    const office = { token: clinic.token.admin };
    const url = `/v1/staff-members/${clinic.actor.receptionist.staffId}/locations`;
    const moved = await api.send(office, 'PUT', url, { body: { locationIds: [desk.newYork.id] } });
    expect(moved.body['locationIds']).toEqual([desk.newYork.id]);
    expect((await sheet(desk.london.id)).body['code']).toBe('not_your_location');
    expect((await sheet(desk.newYork.id)).status).toBe(200);
    const booked = await api.send(front, 'POST', '/v1/appointments', {
      body: {
        patientId: await desk.aPatient(),
        startsAt: '2027-01-11T10:00',
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
      },
    });
    expect([booked.status, booked.body['code']]).toEqual([403, 'not_your_location']);
  });

  it('shows the desk no health facts until the clinic lets it read charts', async () => {
    const clinic = await aClinic(api.db);
    const as = (kind: 'receptionist' | 'practitioner') => ({ token: clinic.token[kind] });
    const body = { givenName: 'Zoë', familyName: 'Núñez', birthDate: '1984-03-12' };
    const headers = { 'idempotency-key': 'register' };
    const register = () => api.send(as('receptionist'), 'POST', '/v1/patients', { body, headers });
    const [first, again] = [await register(), await register()];
    for (const answer of [first, again]) {
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ healthFacts: null, priorToxins: null });
    }
    expect(again.headers['idempotency-replayed']).toBe('true');
    const url = `/v1/patients/${String(first.body['id'])}`;
    expect((await api.send(as('practitioner'), 'GET', url)).body).toHaveProperty('healthFacts', []);
    await api.db.admin.query('UPDATE clinic SET desk_reads_charts = true WHERE id = $1', [clinic.clinicId]);
    expect((await api.send(as('receptionist'), 'GET', url)).body).toHaveProperty('healthFacts', []);
  });
});
