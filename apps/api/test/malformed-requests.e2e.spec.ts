import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

import { aKnownPatient } from './harness/a-known-patient.js';
import { malformedRequests, type KnownIds, type MalformedRequest } from './harness/malformed-requests.js';
import { TestApi } from './harness/test-api.js';

/** `FUZZ_REQUESTS=20000 npm run fuzz` for the whole; a few hundred in every run of the tests. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 300);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_128);

/** By the words fields and addresses use. */
const KINDS = [
  ['patient', 'patient'],
  ['appointment', 'appointment'],
  ['hold', 'appointment'],
  ['practitioner', 'staff'],
  ['staff', 'staff'],
  ['location', 'location'],
  ['room', 'room'],
  ['type', 'appointment_type'],
  ['appointment-type', 'appointment_type'],
  ['consultation', 'consultation'],
  ['clearance', 'clearance'],
  ['treatment', 'treatment'],
  ['completes', 'treatment'],
  ['lot', 'lot'],
  ['follow-up', 'follow_up'],
  ['waitlist', 'waitlist_entry'],
] as const;

describe('malformed requests made from the API’s own description', () => {
  let api: TestApi;
  let known: KnownIds;
  const document = JSON.parse(
    readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8'),
  ) as OpenAPIObject;

  beforeAll(async () => {
    api = await TestApi.start();
    await aKnownPatient(api);
    const { rows } = await api.db.admin.query<{ kind: string; ids: string[] }>(
      KINDS.map(
        ([kind, table]) =>
          `SELECT '${kind}' AS kind, array_agg(id::text ORDER BY id) AS ids FROM ${table} HAVING count(*) > 0`,
      ).join(' UNION ALL '),
    );
    known = Object.fromEntries(rows.map(({ kind, ids }) => [kind, ids]));
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
        const requests = fc.sample(malformedRequests(document, known), {
          seed: SEED + sent,
          numRuns: Math.min(batch, REQUESTS - sent),
        });
        for (const request of requests) {
          const status = await send(request);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const { method, path, documented } = request.operation;
          const expected = documented.has(status) && status < 500;
          if (!expected && !wrong.has(`${method} ${path} ${status}`))
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
