import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readConfig } from '#config';
import { Sealing } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { SystemClock } from '#kernel';
import { Outbound } from '#outbound';
import { MarkMissedFollowUps } from '#follow-ups';
import type { JobHandler } from '#jobs';
import { RestateWindows } from '#repeat-visits';
import { aDesk } from '#scheduling/testing';
import { DeliverWebhook, WebhookDeliveriesRepository } from '#webhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { Charting, UPPER_FACE, UPPER_FACE_PLAN, WHOLE_RECORD } from './harness/charting.js';
import { TEST_SECRETS_KEY, TestApi, type Answer } from './harness/test-api.js';
import { WorkerOf } from './harness/worker-of.js';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('an integration', () => {
  let api: TestApi;
  let nightly: WorkerOf;
  let clinic: TestClinic;
  let server: Server;
  let url: string;
  let answers: number[] = [];
  /** Happens between the request and its answer. */
  let meanwhile: () => Promise<unknown> = () => Promise.resolve();
  const received: Received[] = [];
  const office = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Answer> =>
    api.send({ token: clinic.token.admin }, method, `/v1${path}`, body === undefined ? {} : { body });
  const makeKey = async (scopes: string[]): Promise<{ id: string; token: string }> => {
    const { body } = await office('POST', '/api-keys', { name: 'Website', scopes, expiresAt: inDays(30) });
    return { id: String(body['id']), token: String(body['key']) };
  };
  const makeHook = async (events = ['webhook.ping']): Promise<{ id: string; secret: string }> => {
    const { body } = await office('POST', '/webhooks', { url, events });
    return { id: String(body['id']), secret: String(body['secret']) };
  };
  const log = async (id: string): Promise<Record<string, unknown>[]> =>
    (await office('GET', `/webhooks/${id}/deliveries`)).body['items'] as Record<string, unknown>[];

  /** Works off what waits to be delivered, as the worker would; a failure stays for the next round. */
  const work = async (): Promise<number> => {
    const config = readConfig({
      DATABASE_URL: api.db.url,
      NODE_ENV: 'test',
      OUTBOUND_ALLOW_LOOPBACK: 'true',
      SECRETS_KEYS: TEST_SECRETS_KEY,
    });
    const { database } = api.db;
    const job = new DeliverWebhook(
      database,
      new WebhookDeliveriesRepository(),
      new Outbound(config),
      new Sealing(config),
      new SystemClock(),
    );
    const { rows } = await api.db.admin.query<{ id: string; data: { clinicId: string } }>(
      `SELECT id, data FROM pgboss.job WHERE name = 'deliver-webhook' ORDER BY created_on`,
    );
    let failed = 0;
    for (const { id, data } of rows) {
      await job.work(data).then(
        () => api.db.admin.query('DELETE FROM pgboss.job WHERE id = $1', [id]),
        () => void (failed += 1),
      );
    }
    return failed;
  };

  beforeAll(async () => {
    api = await TestApi.start();
    nightly = await WorkerOf.start(api);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          headers: request.headers as Record<string, string>,
          body: Buffer.concat(chunks).toString(),
        });
        const answer = (): unknown => {
          const status = answers.shift() ?? 204;
          return response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
        };
        void meanwhile().then(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  beforeEach(async () => {
    clinic = await aClinic(api.db);
    answers = [];
    meanwhile = () => Promise.resolve();
    received.length = 0;
    await api.db.admin.query(`DELETE FROM pgboss.job WHERE name = 'deliver-webhook'`);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await nightly.stop();
    await api.stop();
  });

  it('acts by a key within its scopes, and the audit trail names it', async () => {
    const key = await makeKey(['patients:read', 'patients:write']);
    expect(key.token).toMatch(/^rvk_[\w-]{43}$/);
    const body = { givenName: 'Zoë', familyName: 'Núñez', birthDate: '1984-03-12' };
    const made = await api.send(key, 'POST', '/v1/patients', { body, headers: { 'idempotency-key': 'one' } });
    expect(made.status).toBe(201);
    expect((await api.send(key, 'GET', '/v1/appointments/misfits')).body['code']).toBe('not_permitted');
    for (const path of ['/v1/sessions/current', '/v1/profile', '/v1/sessions', '/v1/second-factor'])
      expect((await api.send(key, 'GET', path)).body['code']).toBe('not_permitted');
    const { rows } = await api.db.admin.query(
      `SELECT s.kind, s.display_name AS name FROM audit_event e JOIN staff s ON s.id = e.staff_id WHERE e.patient_id = $1`,
      [made.body['id']],
    );
    expect(rows).toEqual([{ kind: 'integration', name: 'Website' }]);
    const [listed] = (await office('GET', '/api-keys')).body['items'] as Record<string, unknown>[];
    expect(listed).toMatchObject({
      id: key.id,
      name: 'Website',
      hint: key.token.slice(-4),
      lastUsedAt: expect.any(String),
    });
    const stored = await api.db.admin.query('SELECT k::text FROM api_key k');
    expect(JSON.stringify(stored.rows)).not.toContain(key.token.slice(4));
    const people = await api.send({ token: clinic.token.receptionist }, 'GET', '/v1/staff');
    expect(JSON.stringify(people.body)).not.toContain('Website');
  });

  it('is given no more than its maker may do, nothing that asks for a person, and a year at most', async () => {
    const make = (more: object): Promise<Answer> =>
      office('POST', '/api-keys', { name: 'X', scopes: ['patients:read'], expiresAt: inDays(30), ...more });
    const beyond = await make({ scopes: ['charts:read', 'patients:read'] });
    expect([beyond.status, beyond.body['code'], beyond.body['scopes']]).toEqual([
      403,
      'scope_beyond_own',
      ['charts:read'],
    ]);
    for (const scope of ['treatments:sign', 'staff:manage', 'integrations:manage', 'everything'])
      expect((await make({ scopes: [scope] })).status).toBe(400);
    for (const days of [-1, 400])
      expect((await make({ expiresAt: inDays(days) })).body['code']).toBe('api_key_expiry_invalid');
  });

  it('changes over to a new secret while the old one still works, and ends at once when revoked', async () => {
    const key = await makeKey(['patients:read']);
    const rotated = await office('POST', `/api-keys/${key.id}/rotate`, {
      expiresAt: inDays(60),
      overlapHours: 1,
    });
    const next = { token: String(rotated.body['key']) };
    const reach = async (): Promise<number[]> => [
      (await api.send(key, 'GET', '/v1/patients')).status,
      (await api.send(next, 'GET', '/v1/patients')).status,
    ];
    expect(await reach()).toEqual([200, 200]);
    await api.db.admin.query(`UPDATE api_key SET expires_at = now() WHERE id = $1`, [key.id]);
    expect(await reach()).toEqual([401, 200]);
    expect((await office('DELETE', `/api-keys/${String(rotated.body['id'])}`)).status).toBe(204);
    expect(await reach()).toEqual([401, 401]);
    expect((await office('DELETE', `/api-keys/${key.id}`)).body['code']).toBe('api_key_not_found');
  });

  it('is told of events by a signature it can check, ids only, under one id through all attempts', async () => {
    const hook = await makeHook();
    answers = [500, 302];
    expect((await office('POST', `/webhooks/${hook.id}/ping`)).status).toBe(202);
    expect([await work(), await work(), await work()]).toEqual([1, 1, 0]);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const { headers, body } of received) {
      const told: unknown = new Webhook(hook.secret).verify(body, headers);
      expect(told).toEqual({
        type: 'webhook.ping',
        timestamp: expect.any(String),
        data: { clinicId: clinic.clinicId },
      });
      expect(() => new Webhook(hook.secret).verify(`${body} `, headers)).toThrow();
    }
    expect(await log(hook.id)).toEqual([
      expect.objectContaining({ type: 'webhook.ping', status: 'delivered', attempts: 3, lastStatus: 204 }),
    ]);
    const { rows } = await api.db.admin.query('SELECT w::text FROM webhook_endpoint w');
    expect(JSON.stringify(rows)).not.toContain(hook.secret);
  });

  it('is told of a visit that was booked and cancelled, not of one that was refused, and only what it asked for', async () => {
    const desk = await aDesk(api.db, clinic);
    const hook = await makeHook(['appointment.*']);
    await makeHook(['treatment.signed']);
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const front = { token: clinic.token.receptionist };
    const book = async (): Promise<Answer> =>
      api.send(front, 'POST', '/v1/appointments', {
        body: {
          patientId: await desk.aPatient(),
          startsAt: `${day}T10:00`,
          typeId: desk.type.treatment,
          locationId: desk.london.id,
          practitionerId: desk.nurseId,
        },
      });
    const { body: visit } = await book();
    expect((await book()).body['code']).toBe('slot_taken');
    await api.send(front, 'POST', `/v1/appointments/${String(visit['id'])}/cancel`, {
      body: { reason: 'ill', by: 'patient' },
    });
    expect(await work()).toBe(0);
    const told = received.map(({ headers, body }) => new Webhook(hook.secret).verify(body, headers));
    const data = { clinicId: clinic.clinicId, appointmentId: visit['id'], patientId: visit['patientId'] };
    expect(told).toEqual([
      { type: 'appointment.booked', timestamp: expect.any(String), data },
      { type: 'appointment.cancelled', timestamp: expect.any(String), data },
    ]);
  });

  it('is told of patients and of what comes after a treatment: ids only, in the order in which it happened', async () => {
    const chain = await Charting.at(api, clinic);
    const hook = await makeHook(['patient.*', 'follow-up.*', 'window.*']);
    const [one, two] = [await chain.patient(), await chain.patient({ givenName: 'Zoe' })];
    const front = (method: 'POST' | 'PATCH', path: string, body: object): Promise<Answer> =>
      api.send({ token: clinic.token.receptionist }, method, `/v1/${path}`, { body });
    await front('PATCH', `patients/${one}`, { phone: '+447700900123' });
    // Refused: nobody is told.
    expect((await front('PATCH', `patients/${one}`, { birthDate: '2090-01-01' })).status).toBe(422);
    const lotId = await chain.lot();
    const { clearanceId } = await chain.cleared(one, UPPER_FACE_PLAN);
    const draft = await chain.send('POST', 'treatments', {
      patientId: one,
      locationId: chain.locationId,
      clearanceId,
      kind: 'full',
      record: WHOLE_RECORD,
      injections: UPPER_FACE.map((point) => ({ ...point, lotId })),
    });
    expect((await chain.send('POST', `treatments/${String(draft.body['id'])}/sign`, {})).status).toBe(200);
    await office('POST', `/patients/${one}/merge`, { duplicateId: two, reason: 'Same passport' });
    await office('POST', `/patients/${two}/unmerge`, { reason: 'Sisters' });
    const due = await chain.send<{ items: { id: string }[] }>('GET', `patients/${one}/follow-ups`);
    const [review] = due.body.items;
    await chain.send('POST', `follow-ups/${review?.id}/waive`, { reason: 'Lives abroad' });
    await front('POST', `patients/${two}/depart`, { cause: 'transferred', on: '2026-01-05' });
    const planned = await office('POST', `/patients/${two}/erasures`, { reason: 'By letter' });
    await office('POST', `/erasures/${String(planned.body['id'])}/execute`);
    // The night: windows come to stand elsewhere, and what nobody did is missed.
    await api.db.admin.query(
      `UPDATE repeat_visit_window SET earliest = earliest - 120, recommended_from = recommended_from - 120, target = target - 120, recommended_to = recommended_to - 120,
              lapsed_after = lapsed_after - 120, changes_on = '2026-01-01' WHERE clinic_id = $1`,
      [clinic.clinicId],
    );
    await api.db.admin.query(
      `UPDATE follow_up SET treated_on = '2025-12-10', due_from = '2026-01-01', due_to = '2026-01-02' WHERE clinic_id = $1 AND status = 'due'`,
      [clinic.clinicId],
    );
    for (const job of [RestateWindows, MarkMissedFollowUps])
      await nightly.get<JobHandler>(job).work({ clinicId: clinic.clinicId });
    // Again says nothing new.
    await nightly.get(RestateWindows).work({ clinicId: clinic.clinicId });
    expect(await work()).toBe(0);

    const told = received.map(
      ({ headers, body }) => new Webhook(hook.secret).verify(body, headers) as { type: string; data: object },
    );
    const of = (type: string): object[] => told.flatMap((event) => (event.type === type ? [event.data] : []));
    const { clinicId } = clinic;
    expect(of('patient.registered')).toEqual([
      { clinicId, patientId: one },
      { clinicId, patientId: two },
    ]);
    for (const type of ['patient.changed', 'patient.contact-changed'])
      expect([type, of(type)]).toEqual([type, [{ clinicId, patientId: one }]]);
    for (const type of ['patient.merged', 'patient.unmerged'])
      expect([type, of(type)]).toEqual([type, [{ clinicId, patientId: one, mergedPatientId: two }]]);
    for (const type of ['patient.transferred', 'patient.erased'])
      expect([type, of(type)]).toEqual([type, [{ clinicId, patientId: two }]]);
    const ids = { clinicId, patientId: one, followUpId: expect.any(String) };
    expect(of('follow-up.planned')).toEqual(due.body.items.map(() => ids));
    expect(of('follow-up.waived')).toEqual([{ ...ids, followUpId: review?.id }]);
    expect(of('follow-up.missed')).toHaveLength(due.body.items.length - 1);
    expect(of('window.issued')).toHaveLength(3);
    expect(
      new Set(told.map(({ type }) => type).filter((type) => /due|lapsed/.test(type))).size,
    ).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toMatch(/zo[eë]|n[uú][nñ]ez|7700|glabella/i);
    const order = told.map(({ type }) => type);
    expect(order.indexOf('follow-up.planned')).toBeLessThan(order.indexOf('patient.merged'));
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(received.length);
  });

  it('is one of twenty at most, whoever makes them at the same moment, and leaves its place when removed', async () => {
    const made = await Promise.all(
      Array.from({ length: 32 }, () => office('POST', '/webhooks', { url, events: ['webhook.ping'] })),
    );
    const refused = made.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => [body['code'], body['most']])).toEqual(
      Array.from({ length: 12 }, () => ['webhook_limit', 20]),
    );
    const [first] = (await office('GET', '/webhooks')).body['items'] as { id: string }[];
    await office('POST', `/webhooks/${first?.id}/ping`);
    expect((await office('DELETE', `/webhooks/${first?.id}`)).status).toBe(204);
    expect((await office('DELETE', `/webhooks/${first?.id}`)).body['code']).toBe('webhook_not_found');
    expect(await work()).toBe(0);
    expect(received).toEqual([]);
    expect((await office('POST', '/webhooks', { url, events: ['webhook.ping'] })).status).toBe(201);
    await expect(
      api.db.admin.query(
        `INSERT INTO webhook_endpoint (clinic_id, id, url, events, sealed_secret, created_by, created_at, place)
         SELECT clinic_id, gen_random_uuid(), url, events, sealed_secret, created_by, created_at, 21 FROM webhook_endpoint LIMIT 1`,
      ),
    ).rejects.toMatchObject({ constraint: 'webhook_at_most_twenty' });
  });

  it('fails no booking by being removed at that moment', async () => {
    const desk = await aDesk(api.db, clinic);
    const day = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
    const hooks = await Promise.all(Array.from({ length: 8 }, () => makeHook(['appointment.*'])));
    const patients = await Promise.all(hooks.map(() => desk.aPatient()));
    const given = await Promise.all(
      hooks.flatMap(({ id }, i) => [
        office('DELETE', `/webhooks/${id}`),
        api.send({ token: clinic.token.receptionist }, 'POST', '/v1/appointments', {
          body: {
            patientId: patients[i],
            startsAt: `${day}T${String(9 + i).padStart(2, '0')}:00`,
            typeId: desk.type.treatment,
            locationId: desk.london.id,
            practitionerId: desk.nurseId,
            override: { reason: 'A test at every hour' },
          },
        }),
      ]),
    );
    expect(given.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('shows a secret once, also to a repeat under one key, and keeps it nowhere', async () => {
    const headers = { 'idempotency-key': 'once' };
    const made = await Promise.all(
      [
        ['api-keys', { name: 'Website', scopes: ['patients:read'], expiresAt: inDays(30) }] as const,
        ['webhooks', { url, events: ['webhook.ping'] }] as const,
      ].map(([path, body]) =>
        api.send({ token: clinic.token.admin }, 'POST', `/v1/${path}`, { body, headers }),
      ),
    );
    expect(made.map(({ status }) => status)).toEqual([201, 201]);
    const { rows } = await api.db.admin.query('SELECT FROM idempotency_key WHERE clinic_id = $1', [
      clinic.clinicId,
    ]);
    expect(rows).toEqual([]);
  });

  it('signs with both secrets for a day after a rotation', async () => {
    const hook = await makeHook();
    const { body } = await office('POST', `/webhooks/${hook.id}/rotate`);
    await office('POST', `/webhooks/${hook.id}/ping`);
    await work();
    const [{ headers, body: sent }] = received as [Received];
    for (const secret of [hook.secret, String(body['secret'])])
      expect(() => new Webhook(secret).verify(sent, headers)).not.toThrow();
    await api.db.admin.query('UPDATE webhook_endpoint SET previous_until = now()');
    await office('POST', `/webhooks/${hook.id}/ping`);
    await work();
    const last = received[1];
    expect(() => new Webhook(hook.secret).verify(last?.body ?? '', last?.headers ?? {})).toThrow();
  });

  it('is told nothing more after it failed for three days or said it was gone, until it is enabled', async () => {
    const hook = await makeHook();
    const status = async (): Promise<unknown> =>
      ((await office('GET', '/webhooks')).body['items'] as Record<string, unknown>[])[0]?.['status'];
    answers = [500, 500];
    await office('POST', `/webhooks/${hook.id}/ping`);
    await work();
    await api.db.admin.query(
      `UPDATE webhook_endpoint SET failing_since = failing_since - interval '73 hours'`,
    );
    await work();
    expect(await status()).toBe('disabled');
    expect((await office('POST', `/webhooks/${hook.id}/ping`)).body['code']).toBe('webhook_disabled');
    expect((await office('PATCH', `/webhooks/${hook.id}`, { status: 'active' })).body).toMatchObject({
      status: 'active',
      failingSince: null,
    });
    answers = [410];
    await office('POST', `/webhooks/${hook.id}/ping`);
    await work();
    expect(await status()).toBe('disabled');
    await office('PATCH', `/webhooks/${hook.id}`, { status: 'active' });
    const [delivery] = await log(hook.id);
    expect(
      (await office('POST', `/webhooks/${hook.id}/deliveries/${String(delivery?.['id'])}/resend`)).status,
    ).toBe(202);
    await work();
    expect((await log(hook.id))[0]).toMatchObject({ id: delivery?.['id'], status: 'delivered' });
  });

  it('stays enabled when somebody enables it while an attempt is under way, and is told nothing while disabled', async () => {
    const hook = await makeHook(['treatment.signed']);
    const present = async (): Promise<object | undefined> =>
      ((await office('GET', '/webhooks')).body['items'] as object[])[0];
    // Whoever asks for a ping gets one, whatever else they asked for.
    await office('POST', `/webhooks/${hook.id}/ping`);
    await api.db.admin.query(`UPDATE webhook_endpoint SET failing_since = now() - interval '73 hours'`);
    answers = [500];
    meanwhile = () => office('PATCH', `/webhooks/${hook.id}`, { status: 'active' });
    expect(await work()).toBe(1);
    expect(received).toHaveLength(1);
    expect(await present()).toMatchObject({ status: 'active', failingSince: expect.any(String) });
    await office('PATCH', `/webhooks/${hook.id}`, { status: 'active' });
    await office('PATCH', `/webhooks/${hook.id}`, { status: 'disabled' });
    expect(await work()).toBe(0);
    expect(received).toHaveLength(1);
    expect(await log(hook.id)).toEqual([expect.objectContaining({ status: 'failed' })]);
    expect(await present()).toMatchObject({ status: 'disabled', failingSince: null });
  });

  it.each([
    'http://integrator.example/hook',
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/hook',
    'https://[fd00::1]/hook',
    'https://[::127.0.0.1]/hook',
    'https://0x0a000001/hook',
    'https://user:password@integrator.example/hook',
    'file:///etc/passwd',
    'no address',
  ])('is never told at %s', async (address) => {
    const { status, body } = await office('POST', '/webhooks', { url: address, events: ['webhook.ping'] });
    expect([status, body['code']]).toEqual([422, 'address_refused']);
  });
});
