import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

const URL = '/v1/clinic/settings';

interface Settings extends Record<string, unknown> {
  version: number;
}

describe('what a clinic has chosen', () => {
  let api: TestApi;
  const change = (body: unknown, headers = {}) =>
    api.send<Settings>('admin', 'PATCH', URL, { body, headers });

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  it('is read and changed by admins only', async () => {
    for (const who of ['receptionist', 'practitioner'] as const) {
      expect((await api.send(who, 'GET', URL)).status).toBe(403);
      expect((await api.send(who, 'PATCH', URL, { body: { contactGapDays: 1 } })).status).toBe(403);
    }
    const { status, body, headers } = await api.send<Settings>('admin', 'GET', URL);
    expect([status, headers['etag']]).toEqual([200, `"${body.version}"`]);
    expect(body).toMatchObject({
      contactGapDays: 7,
      claimMinutes: 10,
      quietFrom: '20:00',
      touchUpsAllowed: true,
    });
  });

  it('keeps what is left out, refuses a stale change, and is audited with old and new values', async () => {
    const { body: before } = await api.send<Settings>('admin', 'GET', URL);
    const fresh = { 'if-match': `"${before.version}"` };
    const changed = await change({ contactGapDays: 14, quietFrom: '19:30' }, fresh);
    expect(changed.body).toEqual({
      ...before,
      contactGapDays: 14,
      quietFrom: '19:30',
      version: before.version + 1,
    });
    expect((await change({ contactGapDays: 3 }, fresh)).status).toBe(412);
    expect((await change({ contactGapDays: 14 })).body.version).toBe(before.version + 1);
    const { rows } = await api.db.admin.query<{ detail: unknown }>(
      `SELECT detail FROM audit_event WHERE action = 'clinic-settings.change'`,
    );
    expect(rows).toEqual([
      { detail: { contactGapDays: { from: 7, to: 14 }, quietFrom: { from: '20:00', to: '19:30' } } },
    ]);
  });

  it.each([
    [{ contactGapDays: -1 }, '/contactGapDays'],
    [{ claimMinutes: 0 }, '/claimMinutes'],
    [{ quietFrom: '24:00' }, '/quietFrom'],
    [{ touchUpsAllowed: 'yes' }, '/touchUpsAllowed'],
    [{ holdMinutes: null }, '/holdMinutes'],
    [{ market: 'US' }, '/market'],
    [{ personalIntervals: true }, '/personalIntervals'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await change(body);
    expect(answer.status).toBe(400);
    expect(answer.body['errors']).toMatchObject([{ pointer }]);
  });
});
