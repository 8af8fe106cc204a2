import { aClinic, TEST_PASSWORD, type StaffKind, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';

import { TestApi, type Answer } from './harness/test-api.js';

const STEP_MS = 30_000;

describe('a second factor', () => {
  let api: TestApi;
  let clinic: TestClinic;
  const as = (kind: StaffKind) => ({ token: clinic.token[kind] });
  const signIn = (kind: StaffKind, code?: string): Promise<Answer> =>
    api.send(null, 'POST', '/v1/sessions', {
      body: { email: clinic.email[kind], password: TEST_PASSWORD, ...(code && { code }) },
    });
  /** Codes of this period and the next: each works once. */
  const codesOf = (secret: string): [string, string] => {
    const app = new TOTP({ secret: Secret.fromBase32(secret) });
    const now = Date.now();
    return [app.generate({ timestamp: now }), app.generate({ timestamp: now + STEP_MS })];
  };
  const setUp = async (who: StaffKind | { token: string }) => {
    const person = typeof who === 'string' ? as(who) : who;
    const begun = await api.send(person, 'POST', '/v1/second-factor', { body: { password: TEST_PASSWORD } });
    const [code, next] = codesOf(String(begun.body['secret']));
    const confirmed = await api.send(person, 'POST', '/v1/second-factor/confirm', { body: { code } });
    return { begun, confirmed, code, next, recoveryCodes: confirmed.body['recoveryCodes'] as string[] };
  };

  beforeAll(async () => {
    api = await TestApi.start();
  });
  beforeEach(async () => {
    clinic = await aClinic(api.db);
  });
  afterAll(() => api.stop());

  it('is asked for once it is confirmed; each code works once', async () => {
    const { begun, confirmed, code, next } = await setUp('practitioner');
    expect([begun.status, confirmed.status]).toEqual([201, 200]);
    expect(String(begun.body['uri'])).toMatch(/^otpauth:\/\/totp\//);
    const without = await signIn('practitioner');
    expect([without.status, without.body['code']]).toEqual([401, 'second_factor_needed']);
    const replayed = await signIn('practitioner', code);
    expect([replayed.status, replayed.body['code']]).toEqual([401, 'second_factor_refused']);
    expect((await signIn('practitioner', next)).status).toBe(201);
    expect((await signIn('practitioner', next)).body['code']).toBe('second_factor_refused');
    expect((await signIn('practitioner', '000 000')).body['code']).toBe('second_factor_refused');
  });

  it('takes a code from one of two who send it at the same moment', async () => {
    const { next } = await setUp('practitioner');
    const answers = await Promise.all([signIn('practitioner', next), signIn('practitioner', next)]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 401]);
  });

  it('tells nobody who has the wrong password that it is there', async () => {
    await setUp('practitioner');
    const { status, body } = await api.send(null, 'POST', '/v1/sessions', {
      body: { email: clinic.email.practitioner, password: 'wrong', code: '123456' },
    });
    expect([status, body['code']]).toEqual([401, 'sign_in_refused']);
  });

  it('has ten recovery codes that work once each, until they are made anew', async () => {
    const { recoveryCodes, next } = await setUp('practitioner');
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    expect((await signIn('practitioner', first.toUpperCase().replaceAll('-', ' '))).status).toBe(201);
    expect((await signIn('practitioner', first)).body['code']).toBe('second_factor_refused');
    expect((await api.send(as('practitioner'), 'GET', '/v1/second-factor')).body['recoveryCodesLeft']).toBe(
      9,
    );
    expect(
      (
        await api.send(as('practitioner'), 'POST', '/v1/second-factor/recovery-codes', {
          body: { code: next },
        })
      ).status,
    ).toBe(200);
    expect((await signIn('practitioner', second)).body['code']).toBe('second_factor_refused');
  });

  it('keeps its secret and its recovery codes where nobody reads them', async () => {
    const { begun, recoveryCodes } = await setUp('practitioner');
    for (const table of ['second_factor', 'recovery_code', 'idempotency_key', 'audit_event']) {
      const { rows } = await api.db.admin.query(`SELECT t::text FROM ${table} t`);
      for (const secret of [String(begun.body['secret']), ...recoveryCodes])
        expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });

  it('opens nothing when its row is moved to another account', async () => {
    const { next } = await setUp('practitioner');
    await setUp('receptionist');
    await api.db.admin.query(
      `UPDATE second_factor f SET last_step = 0, sealed_secret = (SELECT sealed_secret FROM second_factor WHERE staff_id = $1) WHERE staff_id = $2`,
      [clinic.actor.practitioner.staffId, clinic.actor.receptionist.staffId],
    );
    expect((await signIn('receptionist', next)).status).toBe(500);
  });

  it('is set up by who knows the password, and removed by who has it', async () => {
    const begin = (body: object): Promise<Answer> =>
      api.send(as('practitioner'), 'POST', '/v1/second-factor', { body });
    expect((await begin({})).body['code']).toBe('password_wrong');
    expect((await begin({ password: 'wrong' })).body['code']).toBe('password_wrong');
    const { next } = await setUp('practitioner');
    expect((await begin({ password: TEST_PASSWORD })).body['code']).toBe('second_factor_set_up');
    const remove = (code: string): Promise<Answer> =>
      api.send(as('practitioner'), 'POST', '/v1/second-factor/remove', { body: { code } });
    expect((await remove('000000')).body['code']).toBe('second_factor_code_wrong');
    expect((await remove(next)).status).toBe(204);
    expect((await signIn('practitioner')).status).toBe(201);
  });

  it('is asked of everybody when the clinic says so: until then a session can only set it up', async () => {
    const policy = (body: object): Promise<Answer> =>
      api.send(as('admin'), 'PUT', '/v1/sign-in-policy', { body });
    const wanted = { requireSecondFactor: true, deskReadsCharts: false };
    expect((await policy(wanted)).body['code']).toBe('second_factor_missing');
    await setUp('admin');
    expect((await policy(wanted)).status).toBe(200);
    const desk = await signIn('receptionist');
    expect([desk.status, desk.body['secondFactorDue']]).toEqual([201, true]);
    const session = { token: String(desk.body['token']) };
    for (const [method, url] of [
      ['GET', '/v1/patients'],
      ['GET', '/v1/profile'],
      ['DELETE', '/v1/sessions/others'],
    ] as const) {
      const { status, body } = await api.send(session, method, url);
      expect([status, body['code']]).toEqual([403, 'second_factor_due']);
    }
    expect((await api.send(session, 'GET', '/v1/sessions/current')).body['secondFactorDue']).toBe(true);
    const { next } = await setUp(session);
    expect((await api.send(session, 'GET', '/v1/patients')).status).toBe(200);
    const remove = await api.send(session, 'POST', '/v1/second-factor/remove', { body: { code: next } });
    expect(remove.body['code']).toBe('second_factor_obligatory');
  });

  it('that is lost is removed by the office, and every session ends with it', async () => {
    await setUp('practitioner');
    const url = `/v1/staff-members/${clinic.actor.practitioner.staffId}/second-factor`;
    expect((await api.send(as('receptionist'), 'DELETE', url)).status).toBe(403);
    expect((await api.send(as('admin'), 'DELETE', url)).status).toBe(204);
    expect((await api.send(as('practitioner'), 'GET', '/v1/sessions/current')).status).toBe(401);
    expect((await signIn('practitioner')).status).toBe(201);
  });
});
