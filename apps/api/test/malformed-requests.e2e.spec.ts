import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { describeApi } from '../src/configure.js';
import { aKnownPatient } from './harness/a-known-patient.js';
import { malformedRequests, type MalformedRequest } from './harness/malformed-requests.js';
import { TestApi } from './harness/test-api.js';

/** `FUZZ_REQUESTS=20000 npm run fuzz` for the whole; a few hundred in every run of the tests. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_128);

describe('malformed requests made from the API’s own description', () => {
  let api: TestApi;
  let ids: string[];

  beforeAll(async () => {
    api = await TestApi.start();
    await aKnownPatient(api);
    const { rows } = await api.db.admin.query<{ id: string }>(`
      SELECT id::text FROM patient UNION SELECT id::text FROM appointment UNION SELECT id::text FROM staff UNION
      SELECT id::text FROM location UNION SELECT id::text FROM room UNION SELECT id::text FROM appointment_type UNION
      SELECT id::text FROM consultation UNION SELECT id::text FROM treatment UNION SELECT id::text FROM lot UNION
      SELECT id::text FROM follow_up UNION SELECT id::text FROM waitlist_entry UNION SELECT id::text FROM clearance ORDER BY 1`);
    ids = rows.map(({ id }) => id);
  });
  afterAll(() => api.stop());

  it(
    'are answered as documented, and never by a fault of ours',
    async () => {
      const statuses = new Map<number, number>();
      const wrong = new Map<string, string>();
      const memory: number[] = [];
      const batch = 500;
      for (let sent = 0; sent < REQUESTS; sent += batch) {
        const requests = fc.sample(malformedRequests(describeApi(api.app), ids), {
          seed: SEED + sent,
          numRuns: Math.min(batch, REQUESTS - sent),
        });
        for (const request of requests) {
          const status = await send(request);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const { method, path, documented } = request.operation;
          const known = documented.has(status) && status < 500;
          if (!known && !wrong.has(`${method} ${path} ${status}`))
            wrong.set(
              `${method} ${path} ${status}`,
              JSON.stringify({
                who: request.who,
                url: request.url.slice(0, 300),
                body: request.body?.slice(0, 600),
                headers: request.headers,
              }),
            );
        }
        globalThis.gc?.();
        memory.push(Math.round(process.memoryUsage().heapUsed / 1_048_576));
      }
      if (REQUESTS > batch) {
        process.stdout.write(
          `${REQUESTS} requests: ${JSON.stringify(Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)))}\n`,
        );
        process.stdout.write(`heap after each ${batch}, MiB: ${memory.join(' ')}\n`);
      }
      expect(Object.fromEntries(wrong)).toEqual({});
      expect(statuses.get(400)).toBeGreaterThan(0);
      expect([...statuses].some(([status]) => status < 300)).toBe(true);
    },
    30_000 + REQUESTS * 50,
  );

  async function send({ operation, who, url, body, headers }: MalformedRequest): Promise<number> {
    const token = who === 'nobody' ? null : api.clinic.token[who];
    const answer = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        method: operation.method,
        url,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body }),
      });
    return answer.statusCode;
  }
});
