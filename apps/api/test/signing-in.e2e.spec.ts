import { aClinic, TEST_PASSWORD } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

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
});
