import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';

import { seed as seedDemo } from '../../../prisma/seed/main.js';
import { aKnownPatient } from './harness/a-known-patient.js';
import { DescribedAnswers, type PlainAnswer } from './harness/fuzz/described-answers.js';
import { FuzzCallers } from './harness/fuzz/fuzz-callers.js';
import { MalformedRequests, type MalformedRequest } from './harness/fuzz/malformed-requests.js';
import { operationsOf, type Operation } from './harness/fuzz/operations.js';
import { TestApi } from './harness/test-api.js';

/** `npm run fuzz` for the whole, against the demo clinic; one of each kind in every run of the tests. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 301);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_128);
const WHOLE = process.env['FUZZ_REQUESTS'] !== undefined;
const AT_ONCE = 8;
const ROUND = 10;

describe('malformed requests made from the API’s own description', () => {
  let api: TestApi;
  let callers: FuzzCallers;
  let document: OpenAPIObject;
  let answers: DescribedAnswers;
  let operations: Operation[];
  let address: string;

  beforeAll(async () => {
    const kept = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
    document = JSON.parse(kept) as OpenAPIObject;
    operations = operationsOf(document);
    answers = new DescribedAnswers(document);
    api = await TestApi.start();
    callers = await FuzzCallers.join(api, WHOLE ? await theDemoClinic() : api.clinic.clinicId);
    if (!WHOLE) await aKnownPatient(api);
    await api.app.listen(0, '127.0.0.1');
    address = await api.app.getUrl();
  }, 120_000);
  afterAll(() => api.stop());

  it(
    'are answered as documented, and never by a fault of ours',
    async () => {
      const statuses = new Map<number, number>();
      const perOperation = Math.max(1, Math.round(REQUESTS / operations.length));
      const findings = new Map<string, string>();
      const reached = new Set<Operation>();
      const memory = [inUse()];
      let sent = 0;
      const began = performance.now();
      for (let round = 0; round * ROUND < perOperation; round += 1) {
        await callers.restore();
        // What earlier rounds made is known to the next.
        const requests = new MalformedRequests(document, await callers.knownIds());
        const each = Math.min(ROUND, perOperation - round * ROUND);
        const queue = operations.flatMap((operation, i) =>
          requests.sample(operation, SEED + round * operations.length + i, each),
        );
        // Neighbours in the queue go to one operation: what they change is changed at once by several.
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            for (let request = queue.shift(); request; request = queue.shift()) {
              const answer = await send(request);
              sent += 1;
              statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
              if (answer.statusCode < 300) reached.add(request.operation);
              note(findings, request, answer);
              if (sent % 500 === 0 || signsOut(request)) await callers.restore();
            }
          }),
        );
        memory.push(inUse());
      }
      if (WHOLE) {
        const seconds = Math.round((performance.now() - began) / 1000);
        const byStatus = [...statuses].toSorted(([a], [b]) => a - b);
        process.stdout.write(
          [
            `${sent} requests to ${operations.length} operations in ${seconds} s, seed ${SEED}`,
            `by status: ${byStatus.map(([status, count]) => `${status}: ${count}`).join(', ')}`,
            `5xx: ${byStatus.filter(([status]) => status >= 500).reduce((sum, [, count]) => sum + count, 0)}`,
            `findings (undocumented statuses, codes, media types and shapes): ${findings.size}`,
            `operations that said yes at least once: ${reached.size}`,
            `heap after a collection, MiB: ${memory.join(' ')}`,
            '',
          ].join('\n'),
        );
      }
      expect(Object.fromEntries(findings)).toEqual({});
      expect(statuses.get(400)).toBeGreaterThan(0);
      expect(reached.size).toBeGreaterThan(20);
    },
    60_000 + REQUESTS * 50,
  );

  /** The first request of each kind of fault is kept, so that it can be sent again. */
  function note(findings: Map<string, string>, request: MalformedRequest, answer: PlainAnswer): void {
    const { operation, who, url, body, headers } = request;
    const faults = answers.faultsOf(operation, answer);
    if (answer.statusCode >= 500) faults.push('a fault of ours');
    for (const fault of faults) {
      const key = `${operation.method} ${operation.path} ${answer.statusCode}: ${fault}`;
      if (findings.has(key)) continue;
      findings.set(
        key,
        JSON.stringify({
          who,
          url: url.slice(0, 300),
          headers,
          body: body?.slice(0, 600),
          told: answer.body.slice(0, 300),
        }),
      );
    }
  }

  async function send({ operation, who, url, body, headers }: MalformedRequest): Promise<PlainAnswer> {
    const token = callers.token[who];
    const all = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    if ('text/event-stream' in (operation.responses['200']?.content ?? {})) return opened(url, all);
    return api.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        method: operation.method,
        url,
        headers: all,
        ...(body === undefined ? {} : { payload: operation.form ? Buffer.from(body, 'latin1') : body }),
      });
  }

  /** A stream that goes on is left once it has begun. */
  async function opened(url: string, headers: Record<string, string>): Promise<PlainAnswer> {
    const leave = new AbortController();
    const sendable = Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]*$/.test(value));
    const answer = await fetch(`${address}${url}`, {
      headers: Object.fromEntries(sendable),
      signal: leave.signal,
    });
    const told = Object.fromEntries(answer.headers);
    const body = answer.ok ? '' : await answer.text();
    leave.abort();
    return { statusCode: answer.status, headers: told, body };
  }

  async function theDemoClinic(): Promise<string> {
    await seedDemo({ ownerUrl: api.db.adminUrl });
    const { rows } = await api.db.admin.query<{ id: string }>(
      `SELECT id FROM clinic WHERE id <> $1 ORDER BY slug LIMIT 1`,
      [api.clinic.clinicId],
    );
    return String(rows[0]?.id);
  }
});

const signsOut = ({ operation: { method, path } }: MalformedRequest): boolean =>
  method === 'DELETE' && path === '/v1/sessions/current';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** MiB of the heap after a collection. */
function inUse(): number {
  collect();
  return Math.round(process.memoryUsage().heapUsed / 1_048_576);
}
