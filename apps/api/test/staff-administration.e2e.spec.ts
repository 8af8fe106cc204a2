import { aClinic, TEST_PASSWORD, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { MailCatcher } from './harness/mail-catcher.js';
import { TestApi, type Answer } from './harness/test-api.js';

const PASSWORD = 'seven quiet herons landing';

describe('administering staff', () => {
  let api: TestApi;
  let mail: MailCatcher;
  let clinic: TestClinic;
  const office = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> =>
    api.send({ token: clinic.token.admin }, method, `/v1/staff-members${path}`, {
      ...(body === undefined ? {} : { body }),
      headers,
    });
  const signIn = (email: string, password: string): Promise<Answer> =>
    api.send(null, 'POST', '/v1/sessions', { body: { email, password } });
  const setPassword = (token: string | null, password = PASSWORD): Promise<Answer> =>
    api.send(null, 'POST', '/v1/passwords', { body: { token, password } });
  const invite = (email: string, roles = ['receptionist']): Promise<Answer> =>
    office('POST', '', { email, displayName: 'Nora Newcomer', roles });

  beforeAll(async () => {
    api = await TestApi.start();
    mail = new MailCatcher(api);
  });
  beforeEach(async () => {
    clinic = await aClinic(api.db);
  });
  afterAll(() => api.stop());

  it('invites by mail: the link sets a password once, and then the person signs in', async () => {
    const email = `nora@${clinic.slug}.example`;
    const { status, body } = await invite(email.toUpperCase());
    expect([status, body['status'], body['email']]).toEqual([201, 'invited', email]);
    expect((await signIn(email, PASSWORD)).status).toBe(401);
    const token = await mail.linkTo(email);
    expect((await setPassword(token)).status).toBe(204);
    expect((await signIn(email, PASSWORD)).status).toBe(201);
    const again = await setPassword(token, 'another long good one');
    expect([again.status, again.body['code']]).toEqual([422, 'account_link_over']);
    expect((await office('GET', `/${String(body['id'])}`)).body['status']).toBe('active');
  });

  it('keeps no link where it could be read: neither in a table nor in the queue', async () => {
    const email = `nora@${clinic.slug}.example`;
    await invite(email);
    const token = await mail.linkTo(email);
    for (const table of ['account_token', 'pgboss.job', 'idempotency_key', 'audit_event']) {
      const { rows } = await api.db.admin.query(`SELECT t::text FROM ${table} t`);
      expect(JSON.stringify(rows)).not.toContain(token);
    }
  });

  it('makes the first link worthless with the second, and every link after three days', async () => {
    const email = `nora@${clinic.slug}.example`;
    const { body } = await invite(email);
    const first = await mail.linkTo(email);
    expect((await office('POST', `/${String(body['id'])}/invitation`)).status).toBe(202);
    const second = await mail.linkTo(email);
    expect(second).not.toBe(first);
    expect((await setPassword(first)).body['code']).toBe('account_link_over');
    await api.db.admin.query(`UPDATE account_token SET expires_at = now() - interval '1 second'`);
    expect((await setPassword(second)).body['code']).toBe('account_link_over');
  });

  it('lets one of two win who use a link at the same moment', async () => {
    const email = `nora@${clinic.slug}.example`;
    await invite(email);
    const token = await mail.linkTo(email);
    const answers = await Promise.all([setPassword(token), setPassword(token, 'a heron lands quietly now')]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 422]);
  });

  it.each([
    ['too short', 'short', 'too-short'],
    ['a common one, repeated', 'passwordpassword', 'common'],
    ['a sequence', '12345678901234567890', 'common'],
    ['a keyboard row', 'qwertyuiopasdfghjkl', 'common'],
    ['one character', 'aaaaaaaaaaaaaaaaaaaa', 'common'],
  ])('refuses a password that is %s', async (_, password, because) => {
    const email = `nora@${clinic.slug}.example`;
    await invite(email);
    const { status, body } = await setPassword(await mail.linkTo(email), password);
    expect([status, body['code'], body['because']]).toEqual([422, 'password_refused', because]);
  });

  it('refuses an address that somebody of the clinic has, and a location of another clinic', async () => {
    expect((await invite(clinic.email.admin)).body['code']).toBe('staff_email_taken');
    const elsewhere = await office('PUT', `/${clinic.actor.receptionist.staffId}/locations`, {
      locationIds: [clinic.clinicId],
    });
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([404, 'workplace_not_found']);
  });

  it('changes roles from the next request on, and keeps what they were', async () => {
    const { staffId } = clinic.actor.receptionist;
    const desk = { token: clinic.token.receptionist };
    const charts = (): Promise<Answer> => api.send(desk, 'GET', `/v1/treatments/${clinic.clinicId}`);
    expect((await charts()).status).toBe(403);
    const { status, body } = await office(
      'PUT',
      `/${staffId}/roles`,
      { roles: ['receptionist', 'practitioner'] },
      { 'if-match': '"1"' },
    );
    expect([status, body['roles'], body['version']]).toEqual([200, ['receptionist', 'practitioner'], 2]);
    expect((await charts()).status).toBe(404);
    await office('PUT', `/${staffId}/roles`, { roles: ['receptionist'] });
    expect((await charts()).status).toBe(403);
    const stale = await office('PUT', `/${staffId}/roles`, { roles: ['admin'] }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    const { rows } = await api.db.admin.query(
      `SELECT staff_id, detail FROM audit_event WHERE action = 'staff.change-roles' AND entity_id = $1 ORDER BY id LIMIT 1`,
      [staffId],
    );
    expect(rows).toEqual([
      {
        staff_id: clinic.actor.admin.staffId,
        detail: {
          before: { roles: ['receptionist'], isPrescriber: false },
          after: { roles: ['receptionist', 'practitioner'], isPrescriber: false },
        },
      },
    ]);
  });

  it('records a registration with who checked it and when; without practising or without it nobody prescribes', async () => {
    const { staffId } = clinic.actor.practitioner;
    const wanted = { body: 'NMC', number: '98I7654E', isPrescriber: true };
    const { body } = await office('PUT', `/${staffId}/registration`, wanted);
    expect(body).toMatchObject({
      isPrescriber: true,
      registration: {
        body: 'NMC',
        number: '98I7654E',
        checkedBy: clinic.actor.admin.staffId,
        checkedAt: expect.any(String),
      },
    });
    expect((await office('DELETE', `/${staffId}/registration`)).body).toMatchObject({
      isPrescriber: false,
      registration: null,
    });
    await office('PUT', `/${staffId}/registration`, wanted);
    expect((await office('PUT', `/${staffId}/roles`, { roles: ['receptionist'] })).body['isPrescriber']).toBe(
      false,
    );
    const desk = await office('PUT', `/${clinic.actor.receptionist.staffId}/registration`, wanted);
    expect(desk.body['code']).toBe('prescriber_must_practise');
  });

  it('lets somebody go at once: session, link, key and calendar end together, and do not come back', async () => {
    const second = await invite(`max@${clinic.slug}.example`, ['admin', 'practitioner']);
    const id = String(second.body['id']);
    const email = `max@${clinic.slug}.example`;
    await setPassword(await mail.linkTo(email));
    const max = { token: String((await signIn(email, PASSWORD)).body['token']) };
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const key = await api.send(max, 'POST', '/v1/api-keys', {
      body: { name: 'Site', scopes: ['patients:read'], expiresAt },
    });
    const robot = { token: String(key.body['key']) };
    const feed = await api.send(max, 'POST', '/v1/calendar-feeds', { body: { practitionerId: id } });
    const calendar = async (): Promise<number> =>
      (
        await api.app
          .getHttpAdapter()
          .getInstance()
          .inject({ method: 'GET', url: String(feed.body['path']) })
      ).statusCode;
    const reach = async (): Promise<number[]> => [
      (await api.send(max, 'GET', '/v1/sessions/current')).status,
      (await api.send(robot, 'GET', '/v1/patients')).status,
      await calendar(),
      (await signIn(email, PASSWORD)).status,
    ];
    expect(await reach()).toEqual([200, 200, 200, 201]);
    expect((await office('POST', `/${id}/deactivate`)).body['status']).toBe('deactivated');
    expect(await reach()).toEqual([401, 401, 404, 401]);
    expect((await office('POST', `/${id}/deactivate`)).body['code']).toBe('staff_status_refused');
    expect((await office('POST', `/${id}/reactivate`)).body['status']).toBe('active');
    expect(await reach()).toEqual([401, 401, 404, 201]);
  });

  it('never loses the last admin, whoever two admins let go at the same moment', async () => {
    const { staffId } = clinic.actor.admin;
    for (const attempt of [
      office('PUT', `/${staffId}/roles`, { roles: ['receptionist'] }),
      office('POST', `/${staffId}/deactivate`),
    ])
      expect([(await attempt).status, (await attempt).body['code']]).toEqual([422, 'last_admin']);
    // An open invitation is nobody who could help.
    const { body } = await invite(`two@${clinic.slug}.example`, ['admin']);
    expect((await office('POST', `/${staffId}/deactivate`)).body['code']).toBe('last_admin');
    await setPassword(await mail.linkTo(`two@${clinic.slug}.example`));
    const two = { token: String((await signIn(`two@${clinic.slug}.example`, PASSWORD)).body['token']) };
    const answers = await Promise.all([
      office('POST', `/${String(body['id'])}/deactivate`),
      api.send(two, 'PUT', `/v1/staff-members/${staffId}/roles`, { body: { roles: ['practitioner'] } }),
    ]);
    const { rows } = await api.db.admin.query(
      `SELECT count(*)::int AS left FROM staff WHERE clinic_id = $1 AND active AND 'admin' = ANY (roles)`,
      [clinic.clinicId],
    );
    expect(rows).toEqual([{ left: 1 }]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('shows people their own account: they change name and password, and other sessions end', async () => {
    const me = { token: clinic.token.receptionist };
    expect(
      (await api.send(me, 'PATCH', '/v1/profile', { body: { displayName: 'Rhea Front' } })).body,
    ).toMatchObject({
      displayName: 'Rhea Front',
      email: clinic.email.receptionist,
    });
    const other = { token: String((await signIn(clinic.email.receptionist, TEST_PASSWORD)).body['token']) };
    const list = await api.send(me, 'GET', '/v1/sessions');
    expect(
      (list.body['items'] as { isCurrent: boolean }[]).filter(({ isCurrent }) => isCurrent),
    ).toHaveLength(1);
    const change = (presentPassword: string, newPassword: string): Promise<Answer> =>
      api.send(me, 'PUT', '/v1/profile/password', { body: { presentPassword, newPassword } });
    expect((await change('not it', PASSWORD)).body['code']).toBe('password_wrong');
    expect((await change(TEST_PASSWORD, 'Rhea Front 2026!!')).body['because']).toBe('context');
    expect((await change(TEST_PASSWORD, PASSWORD)).status).toBe(204);
    expect((await api.send(other, 'GET', '/v1/sessions/current')).status).toBe(401);
    expect((await api.send(me, 'GET', '/v1/sessions/current')).status).toBe(200);
    expect((await signIn(clinic.email.receptionist, PASSWORD)).status).toBe(201);
  });

  it('lists accounts page by page, to the office only', async () => {
    const seen: unknown[] = [];
    let after = '';
    do {
      const { body } = await office('GET', `?limit=3${after && `&after=${after}`}`);
      seen.push(...(body['items'] as unknown[]));
      after = typeof body['next'] === 'string' ? body['next'] : '';
    } while (after !== '');
    expect(seen).toHaveLength(4);
    expect((await api.send({ token: clinic.token.practitioner }, 'GET', '/v1/staff-members')).status).toBe(
      403,
    );
  });
});
