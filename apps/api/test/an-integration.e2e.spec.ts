import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readConfig } from '#config';
import { Sealing } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { SystemClock } from '#kernel';
import { Outbound } from '#outbound';
import { aDesk } from '#scheduling/testing';
import { DeliverWebhook, WebhookDeliveriesRepository } from '#webhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { TestApi, type Answer } from './harness/test-api.js';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('an integration', () => {
  let api: TestApi;
  let clinic: TestClinic;
  let server: Server;
  let url: string;
  let answers: number[] = [];
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
      SECRETS_KEYS: Buffer.alloc(32, 7).toString('base64'),
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
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({
          headers: request.headers as Record<string, string>,
          body: Buffer.concat(chunks).toString(),
        });
        const status = answers.shift() ?? 204;
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  beforeEach(async () => {
    clinic = await aClinic(api.db);
    answers = [];
    received.length = 0;
    await api.db.admin.query(`DELETE FROM pgboss.job WHERE name = 'deliver-webhook'`);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
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

  it.each([
    'http://integrator.example/hook',
    'https://10.0.0.1/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://[::ffff:10.0.0.1]/hook',
    'https://[fd00::1]/hook',
    'https://0x0a000001/hook',
    'https://user:password@integrator.example/hook',
    'file:///etc/passwd',
    'no address',
  ])('is never told at %s', async (address) => {
    const { status, body } = await office('POST', '/webhooks', { url: address, events: ['webhook.ping'] });
    expect([status, body['code']]).toEqual([422, 'address_refused']);
  });
});
