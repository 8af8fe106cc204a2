import { createHash } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { callersOf } from '../../../tools/proofs/callers.mjs';
import { overlaps } from '../../../tools/proofs/findings.mjs';
import { clinic } from '../../../tools/proofs/scene.mjs';
import {
  alternating,
  type Call,
  expireSoon,
  KEPT,
  pairs,
  type Stage,
  VERBS,
} from '../../../tools/proofs/verbs.mjs';
import { TestApi } from './harness/test-api.js';

/** The suite plays small; `npm run prove` is the proof with the same verbs: 30 rounds of 100 callers. */
const CALLERS = 4;
const TOKEN = 'proof_'.padEnd(43, '0');
const all = Array.from({ length: CALLERS }, (_, n) => n);
const [even, odd] = [all.filter((n) => n % 2 === 0), all.filter((n) => n % 2 === 1)];
jest.setTimeout(60_000);

describe('one slot, and two verbs that both want it', () => {
  let api: TestApi;
  let stage: Stage;
  let used = 0;

  const goal = (): string => {
    used += 1;
    const day = new Date(Date.now() + (2 + used) * 86_400_000).toISOString().slice(0, 10);
    return `${day}T11:30:00.000Z`;
  };
  const verb = (name: string) => {
    const found = VERBS[name];
    if (!found) throw new Error(`There is no verb ${name}`);
    return found;
  };
  /** Makes the calls at once: who does not win is refused as a conflict, and nothing fails. Returns how many won. */
  const race = async (calls: readonly Call[]): Promise<number> => {
    const answers = await Promise.all(calls.map((call) => call()));
    expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([]);
    return answers.filter(({ status }) => status < 300).length;
  };

  beforeAll(async () => {
    api = await TestApi.start();
    await api.db.admin.query(clinic(CALLERS, createHash('sha256').update(TOKEN).digest('hex')));
    await api.app.listen(0, '127.0.0.1');
    stage = { post: callersOf({ address: await api.app.getUrl(), token: TOKEN }), admin: api.db.admin };
  });
  afterAll(() => api.stop());
  afterEach(async () => {
    expect(await overlaps(api.db.admin)).toBe(0);
  });

  it.each(Object.keys(VERBS))('%s: one wins', async (name) => {
    expect(await race(await verb(name).prepare(stage, all, goal()))).toBe(1);
  });

  it.each(pairs(Object.keys(VERBS)))('%s + %s: one wins of what both want', async (first, second) => {
    const at = goal();
    const calls = alternating(
      await verb(first).prepare(stage, even, at),
      await verb(second).prepare(stage, odd, at),
    );
    const isShared = verb(first).takes.some((what) => verb(second).takes.includes(what));
    expect(await race(calls)).toBe(isShared ? 1 : 2);
  });

  it.each(Object.entries(KEPT))('%s: once, however often it is asked', async (_, keep) => {
    expect(await race((await keep(stage, all, goal())).calls)).toBe(1);
  });

  const takers = Object.keys(VERBS).filter((name) => name !== 'offer from waitlist');
  it.each(Object.keys(KEPT).flatMap((kept) => takers.map((name) => [kept, name] as const)))(
    '%s at the end of its time + %s: never two',
    async (kept, name) => {
      const at = goal();
      const taking = await verb(name).prepare(stage, odd, at);
      const held = await KEPT[kept]?.(stage, even, at);
      if (!held) throw new Error(`Nothing is kept by ${kept}`);
      await expireSoon(api.db.admin, held.holdId, 10);
      expect(await race(alternating(held.calls, taking))).toBeLessThanOrEqual(1);
    },
  );
});
