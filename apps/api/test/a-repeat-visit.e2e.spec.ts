import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

interface Vectors {
  windows: {
    id: string;
    why: string;
    area: string;
    market: string;
    doses: { date: string; product: string; kind: string }[];
    expect: Record<string, string | number>;
  }[];
  status: { window: string; on: string; expect: string }[];
}
const vectors = JSON.parse(
  readFileSync(
    new URL('../../../libs/repeat-visits/src/testing/vectors/clinical.json', import.meta.url),
    'utf8',
  ),
) as Vectors;

interface Area {
  [field: string]: unknown;
  area: string;
  state: string | null;
}
interface Forecast {
  areas: Area[];
  market: string;
  protocolVersion: string;
}

const NAMES = {
  earliest: 'earliest',
  recommended_from: 'recommendedFrom',
  target: 'target',
  recommended_to: 'recommendedTo',
  lapsed_after: 'lapsedAfter',
  review_from: 'reviewFrom',
  review_to: 'reviewTo',
  nonresponse_check: 'nonResponseCheck',
} as const;

describe('the calculator over HTTP', () => {
  let api: TestApi;
  const calculate = (body: unknown, who: 'receptionist' | null = 'receptionist') =>
    api.send<Forecast & { code: string; errors: { pointer: string; in: string }[] }>(
      who,
      'POST',
      '/v1/repeat-visits/forecast',
      { body },
    );
  const requestOf = ({ market, area, doses }: Vectors['windows'][number], assessedOn?: string) => ({
    market,
    assessedOn:
      assessedOn ??
      doses
        .map(({ date }) => date)
        .toSorted()
        .at(-1),
    doses: doses.map(({ date, product, kind }) => ({
      treatedOn: date,
      product,
      area,
      kind: kind.replace('_', '-'),
    })),
  });
  const full = { treatedOn: '2026-01-31', product: 'ona', area: 'glabella', kind: 'full' };
  const request = { market: 'UK', assessedOn: '2026-05-01', doses: [full] };

  beforeAll(async () => {
    api = await TestApi.start({ market: 'US' });
  });
  afterAll(() => api.stop());

  it.each(vectors.windows)('$id $why', async (vector) => {
    const { status, body } = await calculate(requestOf(vector));
    expect(status).toBe(200);
    expect(body.areas).toHaveLength(1);
    const expected = Object.entries(NAMES).map(([name, field]) => [field, vector.expect[name]]);
    expect(body.areas[0]).toMatchObject({ area: vector.area, ...Object.fromEntries(expected) });
  });

  it.each(vectors.status)('$window is $expect on $on', async ({ window, on, expect: state }) => {
    const vector = vectors.windows.find(({ id }) => id === window);
    if (!vector) throw new Error(`no window ${window}`);
    const { body } = await calculate(requestOf(vector, on));
    expect(body.areas[0]?.state).toBe(state.replaceAll('_', '-'));
  });

  it('follows the market named, not that of the clinic asking, and explains every date', async () => {
    const uk = await calculate({ ...request, doses: [{ ...full, treatedOn: '2026-02-01' }] });
    const us = await calculate({
      ...request,
      market: 'US',
      assessedOn: '2026-05-02',
      doses: [{ ...full, treatedOn: '2026-02-01' }],
    });
    expect(uk.body).toMatchObject({
      market: 'UK',
      protocolVersion: 'catalogue/1/UK',
      areas: [{ earliest: '2026-05-01', state: 'due' }],
    });
    expect(us.body).toMatchObject({ market: 'US', areas: [{ earliest: '2026-05-02', state: 'due' }] });
    expect(us.body.areas[0]).toMatchObject({
      explanation: {
        earliest: {
          date: '2026-05-02',
          candidates: [
            { ruleId: 'interval/ona/US/label', result: '2026-05-01', wins: false },
            {
              ruleId: 'interval/ona/US/manufacturer',
              result: '2026-05-02',
              wins: true,
              base: { event: 'full', treatedOn: '2026-02-01', product: 'ona' },
              offsets: [{ n: 90, unit: 'day' }],
            },
          ],
          missing: [],
        },
      },
    });
  });

  it('gives areas in order, one each, whatever the order of the doses', async () => {
    const doses = ['lateral_canthal', 'forehead', 'glabella'].map((area) => ({ ...full, area }));
    const forwards = await calculate({ ...request, doses });
    const backwards = await calculate({ ...request, doses: doses.toReversed() });
    expect(forwards.body.areas.map(({ area }) => area)).toEqual(['forehead', 'glabella', 'lateral_canthal']);
    expect(backwards.body).toEqual(forwards.body);
  });

  it('says null for what nobody knows: only touch-ups, or an off-label area without an end', async () => {
    const touchUp = await calculate({ ...request, doses: [{ ...full, kind: 'touch-up' }] });
    expect(touchUp.body.areas[0]).toMatchObject({
      earliest: '2026-05-01',
      recommendedFrom: null,
      target: null,
      recommendedTo: null,
      lapsedAfter: null,
      reviewFrom: null,
      state: null,
    });
    const masseter = await calculate({ ...request, doses: [{ ...full, area: 'masseter' }] });
    expect(masseter.body.areas[0]).toMatchObject({
      recommendedTo: null,
      lapsedAfter: null,
      reviewFrom: '2026-02-28',
      onLabel: false,
    });
    expect((await calculate({ ...request, doses: [] })).body.areas).toEqual([]);
  });

  it('refuses a day before the last dose', async () => {
    const { status, body } = await calculate({ ...request, assessedOn: '2026-01-30' });
    expect([status, body.code]).toEqual([422, 'assessed_before_treatment']);
  });

  it.each<[string, unknown, string[]]>([
    ['an unknown market', { ...request, market: 'FR' }, ['/market']],
    ['no market', { assessedOn: '2026-05-01', doses: [] }, ['/market']],
    ['an impossible day', { ...request, assessedOn: '2023-02-30' }, ['/assessedOn']],
    ['a day with a time', { ...request, assessedOn: '2026-05-01T00:00:00Z' }, ['/assessedOn']],
    [
      'an impossible treatment day',
      { ...request, doses: [full, { ...full, treatedOn: '2025-02-29' }] },
      ['/doses/1/treatedOn'],
    ],
    [
      'a treatment beyond the calendar',
      { ...request, assessedOn: '9999-12-31', doses: [{ ...full, treatedOn: '9999-12-31' }] },
      ['/doses/0/treatedOn'],
    ],
    ['an unknown product', { ...request, doses: [{ ...full, product: 'botox' }] }, ['/doses/0/product']],
    [
      'an unknown area and product',
      { ...request, doses: [{ ...full, product: 'toString', area: 'nose' }] },
      ['/doses/0/product', '/doses/0/area'],
    ],
    ['an unknown kind', { ...request, doses: [{ ...full, kind: 'touch_up' }] }, ['/doses/0/kind']],
    [
      'no kind',
      { ...request, doses: [{ treatedOn: '2026-01-31', product: 'ona', area: 'glabella' }] },
      ['/doses/0/kind'],
    ],
    ['an unknown field', { ...request, patient: 'x' }, ['/patient']],
    ['an unknown field of a dose', { ...request, doses: [{ ...full, units: 20 }] }, ['/doses/0/units']],
    ['doses that are no list', { ...request, doses: full }, ['/doses']],
    ['no doses', { market: 'UK', assessedOn: '2026-05-01' }, ['/doses']],
    ['a dose that is null', { ...request, doses: [full, null] }, ['/doses']],
    ['a dose that is a text', { ...request, doses: ['ona'] }, ['/doses']],
    ['a dose that is a list', { ...request, doses: [[]] }, ['/doses']],
    ['a number for an id', { ...request, doses: [{ ...full, product: 7 }] }, ['/doses/0/product']],
    ['1,001 doses', { ...request, doses: Array.from({ length: 1001 }, () => full) }, ['/doses']],
    ['a list', [request], ['']],
  ])('refuses %s', async (_, body, pointers) => {
    const answer = await calculate(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
    expect(answer.body.errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('takes 1,000 doses', async () => {
    const { status, body } = await calculate({ ...request, doses: Array.from({ length: 1000 }, () => full) });
    expect([status, body.areas.length]).toEqual([200, 1]);
  });

  it('is for people who are signed in', async () => {
    expect((await calculate(request, null)).status).toBe(401);
  });
});
