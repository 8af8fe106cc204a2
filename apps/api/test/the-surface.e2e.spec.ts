import type { AddressInfo } from 'node:net';

import { TEST_PASSWORD } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { aKnownPatient, KNOWN, TELL_WHO, type KnownPatient } from './harness/a-known-patient.js';
import { TestApi } from './harness/test-api.js';

const APP = 'https://app.clinic.example';

describe('what the service shows to the outside', () => {
  let api: TestApi;
  const ask = (headers: Record<string, string>, method: 'GET' | 'OPTIONS' = 'GET') =>
    api.app.getHttpAdapter().getInstance().inject({ method, url: '/v1/patients', headers });

  beforeAll(async () => {
    api = await TestApi.start({ env: { CORS_ORIGINS: APP } });
  });
  afterAll(() => api.stop());

  it('tells browsers to frame, sniff and keep nothing, on answers and refusals alike', async () => {
    for (const authorization of [`Bearer ${api.clinic.token.admin}`, 'Bearer x']) {
      const { headers } = await ask({ authorization });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': expect.stringMatching(/max-age=\d{8}/),
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
      expect(headers['x-powered-by'] ?? headers['server']).toBeUndefined();
    }
  });

  it('lets pages of the named origins call, and no other', async () => {
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const allowed = await ask({ origin: APP, ...preflight }, 'OPTIONS');
    expect(allowed.headers['access-control-allow-origin']).toBe(APP);
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
    for (const origin of ['https://evil.example', 'null', `${APP}.evil.example`])
      expect(
        (await ask({ origin, ...preflight }, 'OPTIONS')).headers['access-control-allow-origin'],
      ).toBeUndefined();
  });

  it('waits for nobody for ever', () => {
    const { requestTimeout, headersTimeout, keepAliveTimeout } = api.app.getHttpServer();
    expect(requestTimeout).toBe(30_000);
    expect(headersTimeout).toBeGreaterThan(0);
    expect(keepAliveTimeout).toBeGreaterThan(0);
  });
});

describe('without named origins', () => {
  it('no page of another origin may call', async () => {
    const api = await TestApi.start();
    const answer = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({ url: '/health/live', headers: { origin: APP } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    await api.stop();
  });
});

describe('when the service is stopped', () => {
  it('answers what was under way, and takes nothing more', async () => {
    const api = await TestApi.start();
    await api.app.listen(0, '127.0.0.1');
    const { port } = api.app.getHttpServer().address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const lock = await api.db.admin.connect();
    await lock.query('BEGIN; LOCK TABLE patient IN ACCESS EXCLUSIVE MODE');
    const slow = fetch(`${url}/v1/patients`, {
      headers: { authorization: `Bearer ${api.clinic.token.receptionist}` },
    });
    for (let waiting = 0; waiting === 0;)
      waiting = (
        await api.db.admin.query(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
      ).rows[0].n;
    const stopped = api.app.close();
    await lock.query('ROLLBACK');
    lock.release();
    expect((await slow).status).toBe(200);
    await stopped;
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    await api.db.drop();
  });
});

describe('what is logged', () => {
  const lines: string[] = [];
  let api: TestApi;
  let known: KnownPatient;

  beforeAll(async () => {
    process.env['TEST_LOG_LEVEL'] = 'debug';
    const keep = (chunk: unknown): boolean => {
      lines.push(String(chunk));
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
    api = await TestApi.start();
    known = await aKnownPatient(api);
  });
  afterAll(async () => {
    await api.stop();
    jest.restoreAllMocks();
    delete process.env['TEST_LOG_LEVEL'];
  });

  it('tells what was asked and how it went, and nothing of patients, passwords or tokens', async () => {
    const signIn = { email: api.clinic.email.admin, password: TEST_PASSWORD };
    const { body } = await api.send('admin', 'POST', '/v1/sessions', { body: signIn });
    await api.send('admin', 'POST', '/v1/sessions', { body: { ...signIn, password: 'a-wrong-guess-2026' } });
    const find = encodeURIComponent(`${KNOWN.givenName} ${KNOWN.familyName}`);
    await api.send('receptionist', 'GET', `/v1/patients?find=${find}`);
    await api.send('receptionist', 'GET', `/v1/patients/${known.id}?${find}=1`);
    await api.send('receptionist', 'POST', '/v1/patients', { body: { ...KNOWN } });
    await api.send('receptionist', 'POST', '/v1/patients', { body: `{"givenName":"${KNOWN.givenName}"` });
    await api.db.admin.query(
      `ALTER TABLE patient ADD CONSTRAINT broken CHECK (note <> 'Quirinalda') NOT VALID`,
    );
    const broken = await api.send('receptionist', 'PATCH', `/v1/patients/${known.id}`, {
      body: { note: 'Quirinalda' },
    });
    expect(broken.status).toBe(500);
    const log = lines.join('').toLowerCase();
    expect(log).toContain('"route":"/v1/patients"');
    expect(log).toContain('23514');
    const secrets = [
      String(body['token']),
      ...Object.values(api.clinic.token),
      TEST_PASSWORD,
      'a-wrong-guess-2026',
      ...Object.values(api.clinic.email),
    ];
    expect(
      [...TELL_WHO, ...secrets.map((secret) => secret.toLowerCase())].filter((word) => log.includes(word)),
    ).toEqual([]);
  });
});
