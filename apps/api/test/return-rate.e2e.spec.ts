import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { demoAccounts, DEMO_PASSWORD } from '../../../prisma/seed/demo-accounts.js';
import { seed } from '../../../prisma/seed/main.js';
import { TestApi, type Answer } from './harness/test-api.js';

interface Figures {
  treatments: number;
  horizons: {
    days: number;
    probability: { probability: number | null; nAtRisk: number; denominator: number };
  }[];
  median: { days: number | string | null };
}
interface Rate {
  asOf: string;
  overall: Figures;
  cohorts: { cohort: string; suppressed: boolean; figures: Figures | null }[];
  errors?: { pointer: string; in: string }[];
  code?: string;
}

describe('the return rate of the demo clinic', () => {
  let api: TestApi;
  const tokens = new Map<string, string>();
  const ask = (email: string, query = ''): Promise<Answer<Rate>> =>
    api.send<Rate>({ token: tokens.get(email) ?? '' }, 'GET', `/v1/reports/return-rate${query}`);
  const admin = 'admin@harley.example';

  beforeAll(async () => {
    api = await TestApi.start();
    const ownerUrl = new URL(process.env['REVISIT_TEST_ADMIN_URL'] ?? '');
    ownerUrl.pathname = new URL(api.db.url).pathname;
    expect(await seed({ ownerUrl: ownerUrl.href })).toEqual({ created: true });
    expect(await seed({ ownerUrl: ownerUrl.href })).toEqual({ created: false });
    for (const { email } of demoAccounts) {
      const { status, body } = await api.send<{ token: string }>(null, 'POST', '/v1/sessions', {
        body: { email, password: DEMO_PASSWORD },
      });
      expect(status).toBe(201);
      tokens.set(email, body.token);
    }
  });
  afterAll(() => api.stop());

  it('is told to an admin, by month of treatment, each figure with what it is made of', async () => {
    const { status, body } = await ask(admin);
    expect(status).toBe(200);
    expect(body.overall.treatments).toBeGreaterThan(300);
    expect(body.cohorts.length).toBeGreaterThan(12);
    const by180 = body.overall.horizons.find(({ days }) => days === 180)?.probability;
    expect(by180?.probability).toBeGreaterThan(0.3);
    expect(by180?.probability).toBeLessThan(0.9);
    expect(by180?.nAtRisk).toBeGreaterThan(10);
    expect(body.overall.median.days).toBeGreaterThan(91);
    // A month of fewer than five patients is not told to an admin, and never alone: it would follow by subtraction.
    const hidden = body.cohorts.filter(({ suppressed }) => suppressed);
    expect(hidden.every(({ figures }) => figures === null)).toBe(true);
    expect(hidden).not.toHaveLength(1);
    const monthly = body.cohorts.reduce((sum, { figures }) => sum + (figures?.treatments ?? 0), 0);
    expect(
      monthly <= body.overall.treatments && (hidden.length > 0 || monthly === body.overall.treatments),
    ).toBe(true);
  });

  it('is refused to the desk, and to nobody signed in', async () => {
    expect((await ask('desk@harley.example')).status).toBe(403);
    expect((await api.send(null, 'GET', '/v1/reports/return-rate')).status).toBe(401);
  });

  it('of the neighbour is the neighbour’s alone', async () => {
    const own = await ask('admin@soho-ny.example');
    expect(own.body.overall.treatments).toBeGreaterThan(10);
    expect(own.body.overall.treatments).toBeLessThan(100);
    const location = await api.db.admin.query<{ id: string }>(
      `SELECT l.id FROM location l JOIN clinic c ON c.id = l.clinic_id WHERE c.slug = 'harley' LIMIT 1`,
    );
    const foreign = await ask('admin@soho-ny.example', `?locationId=${location.rows[0]?.id}`);
    const absent = await ask('admin@soho-ny.example', '?locationId=01999999-0000-7000-8000-000000000000');
    expect([foreign.status, foreign.body.code]).toEqual([404, 'report_location_not_found']);
    expect([absent.status, absent.body.code]).toEqual([foreign.status, foreign.body.code]);
  });

  it('answers the horizons asked for, in order', async () => {
    const { body } = await ask(admin, '?horizons=100,50&scope=any-area&cohortBy=quarter');
    expect(body.overall.horizons.map(({ days }) => days)).toEqual([50, 100]);
    expect(body.cohorts[0]?.cohort).toMatch(/^\d{4}-Q[1-4]$/);
  });

  it.each([
    ['asOf=2026-02-30', '/asOf'],
    ['horizons=0', '/horizons'],
    ['horizons=90,ninety', '/horizons'],
    ['horizons=90,90', '/horizons'],
    ['horizons=3651', '/horizons'],
    ['horizons=', '/horizons'],
    ['scope=everything', '/scope'],
    ['cohortBy=week', '/cohortBy'],
    ['practitionerId=me', '/practitionerId'],
    ['from=2026-05-02&to=2026-05-01', '/to'],
    ['colour=blue', '/colour'],
  ])('names what it cannot understand: %s', async (query, pointer) => {
    const { status, body } = await ask(admin, `?${query}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer, in: 'query' }]);
  });

  it('does not look into the future, nor guess at unknown products and people', async () => {
    const unknown = '01999999-0000-7000-8000-000000000000';
    const answers = await Promise.all(
      ['asOf=2999-01-01', 'product=onna', `practitionerId=${unknown}`].map((query) =>
        ask(admin, `?${query}`),
      ),
    );
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'as_of_in_future'],
      [400, 'unknown_product'],
      [404, 'staff_not_found'],
    ]);
  });

  it('rests on treatments whose signatures still fit their content', async () => {
    const { rows } = await api.db.admin.query<{ id: string }>(
      `SELECT t.id FROM treatment t JOIN clinic c ON c.id = t.clinic_id WHERE c.slug = 'harley' ORDER BY t.id LIMIT 25`,
    );
    for (const { id } of rows) {
      const { body } = await api.send<{ signature: { intact: boolean } }>(
        { token: tokens.get('okafor@harley.example') ?? '' },
        'GET',
        `/v1/treatments/${id}`,
      );
      expect(body.signature.intact).toBe(true);
    }
  });
});
