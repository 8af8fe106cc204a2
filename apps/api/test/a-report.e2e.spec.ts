import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

interface Problem {
  code?: string;
  errors?: { pointer: string; in: string }[];
}

describe('a report over HTTP', () => {
  let api: TestApi;
  const get = (url: string, who: 'admin' | 'receptionist' | 'practitioner' | null = 'admin') =>
    api.send<Problem>(who, 'GET', `/v1/reports/${url}`);

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  const READS = [
    'return-groups?by=area',
    'return-cohorts',
    'figures',
    'other-systems',
    'due-forecast',
    'expiring-stock',
    'documents',
  ];

  it.each(READS)(
    '%s is told to an admin, of a clinic without a record too, and to nobody else',
    async (url) => {
      expect((await get(url)).status).toBe(200);
      expect((await get(url, 'receptionist')).status).toBe(403);
      expect((await get(url, 'practitioner')).status).toBe(403);
      expect((await get(url, null)).status).toBe(401);
    },
  );

  it.each([
    ['return-groups', '/by'],
    ['return-groups?by=', '/by'],
    ['return-groups?by=mood', '/by'],
    ['return-groups?by=area,area', '/by'],
    ['return-groups?by=area,product,location,practitioner', '/by'],
    ['return-groups?by=area&curves=perhaps', '/curves'],
    ['return-groups?by=area&limit=501', '/limit'],
    ['return-groups?by=area&asOf=2023-02-30', '/asOf'],
    ['return-cohorts?by=area,product,location', '/by'],
    ['return-cohorts?limit=0', '/limit'],
    ['return-cohorts?after=nonsense', '/after'],
    ['figures?from=2026-05-02&to=2026-05-01', '/to'],
    ['figures?practitionerId=me', '/practitionerId'],
    ['figures?colour=blue', '/colour'],
    ['due-forecast?weeks=27', '/weeks'],
    ['expiring-stock?days=ten', '/days'],
    ['documents?limit=101', '/limit'],
    ['documents?after=nonsense', '/after'],
  ])('names what it cannot understand: %s', async (url, pointer) => {
    const { status, body } = await get(url);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer, in: 'query' }]);
  });

  it('refuses days to come, and locations and people of nobody', async () => {
    const nobody = '01999999-0000-7000-8000-000000000000';
    const answers = await Promise.all(
      [
        'figures?asOf=2999-01-01',
        `figures?locationId=${nobody}`,
        `due-forecast?locationId=${nobody}`,
        `other-systems?practitionerId=${nobody}`,
        `documents/${nobody}`,
        `documents/${nobody}/content`,
      ].map((url) => get(url)),
    );
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'as_of_in_future'],
      [404, 'report_location_not_found'],
      [404, 'report_location_not_found'],
      [404, 'staff_not_found'],
      [404, 'report_document_not_found'],
      [404, 'report_document_not_found'],
    ]);
  });

  it('is asked for as a document once, whatever the connection repeats, and is not ready before it is made', async () => {
    const ask = (body: object) =>
      api.send<Problem & { id: string; status: string }>('admin', 'POST', '/v1/reports/documents', {
        body,
        headers: { 'idempotency-key': 'report-once' },
      });
    const first = await ask({ kind: 'return-rate', format: 'html', by: 'area' });
    const again = await ask({ kind: 'return-rate', format: 'html', by: 'area' });
    expect([first.status, first.body.status]).toEqual([202, 'waiting']);
    expect(again.body.id).toBe(first.body.id);
    const content = await get(`documents/${first.body.id}/content`);
    expect([content.status, content.body.code]).toEqual([409, 'report_document_not_ready']);
    for (const [body, pointer] of [
      [{ format: 'html' }, '/kind'],
      [{ kind: 'return-rate', format: 'pdf' }, '/format'],
      [{ kind: 'return-rate', format: 'csv', horizons: [0] }, '/horizons'],
      [{ kind: 'return-rate', format: 'csv', by: 'mood' }, '/by'],
    ] as const) {
      const refused = await api.send<Problem>('admin', 'POST', '/v1/reports/documents', { body });
      expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
    }
  });
});
