import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

type Body = Record<string, unknown> & { code?: string; errors?: { pointer: string }[] };

describe('a clinic’s own figures', () => {
  let api: TestApi;
  const send = (
    who: 'receptionist' | 'prescriber' | 'admin',
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
    headers = {},
  ) => api.send<Body>(who, method, url, { ...(body === undefined ? {} : { body }), headers });
  const url = '/v1/protocols/ona/glabella';

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  it('are previewed, decided on with If-Match, and followed in the background', async () => {
    const before = await send('receptionist', 'GET', url);
    expect([before.status, before.headers['etag']]).toEqual([200, '"0"']);
    const preview = await send('admin', 'POST', `${url}/preview`, { targetWeeks: 14 });
    expect([preview.status, preview.body['windows'], preview.body['moved']]).toEqual([200, 0, 0]);
    const change = { targetWeeks: 14, reason: 'Our patients are back after 14 weeks' };
    const changed = await send('admin', 'PUT', url, change, { 'if-match': '"0"' });
    expect([changed.status, changed.headers['etag']]).toEqual([200, '"1"']);
    expect(changed.body).toMatchObject({
      inForce: {
        origin: 'clinic',
        version: 1,
        target: { weeks: 14, ruleId: 'clinic/ona/glabella/target' },
        to: { weeks: 20, ruleId: 'window/standard/to' },
        minimumIntervals: [{ ruleId: 'interval/ona/UK/label' }],
      },
      newest: { reason: change.reason, version: 1 },
    });
    const stale = await send('admin', 'PUT', url, change, { 'if-match': '"0"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale_version']);
    const recomputes = await send('receptionist', 'GET', '/v1/repeat-visits/recomputes');
    expect(recomputes.body['items']).toMatchObject([{ cause: 'protocol', status: 'waiting' }]);
    const [first] = recomputes.body['items'] as { id: string }[];
    expect((await send('receptionist', 'GET', `/v1/repeat-visits/recomputes/${first?.id}`)).status).toBe(200);
    const versions = await send('receptionist', 'GET', `${url}/versions`);
    expect(versions.body['items']).toMatchObject([{ version: 1, reason: change.reason }]);
  });

  it('hold beside the label’s interval, never in its place', async () => {
    const longer = { minimumInterval: { n: 1, unit: 'day' }, reason: 'A day' };
    const { body } = await send('admin', 'PUT', '/v1/protocols/ona/forehead', longer);
    expect(body).toMatchObject({
      inForce: {
        minimumIntervals: [{ ruleId: 'interval/ona/UK/label' }, { ruleId: 'clinic/ona/forehead/interval' }],
      },
    });
  });

  it('are refused where they cross, come too late, or name nothing', async () => {
    const answers = [
      await send('admin', 'PUT', url, { fromWeeks: 16, targetWeeks: 12, reason: 'x' }),
      await send('admin', 'PUT', url, { targetWeeks: 12, reason: 'x', validFrom: '2020-01-01' }),
      await send('admin', 'PUT', '/v1/protocols/nothing/glabella', { reason: 'x' }),
      await send('receptionist', 'PUT', url, { reason: 'x' }),
      await send('receptionist', 'POST', '/v1/repeat-visits/recomputes'),
      await send('admin', 'GET', '/v1/repeat-visits/recomputes/0190b000-0000-7000-8000-000000000001'),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'protocol_out_of_order'],
      [422, 'protocol_backdated'],
      [404, 'protocol_not_found'],
      [403, 'not_permitted'],
      [403, 'not_permitted'],
      [404, 'recompute_not_found'],
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ['weeks that are none', { targetWeeks: 0, toWeeks: 'x', reason: 'x' }, ['/targetWeeks', '/toWeeks']],
    ['no reason', { targetWeeks: 12 }, ['/reason']],
    ['an interval without a unit', { minimumInterval: { n: 3 }, reason: 'x' }, ['/minimumInterval/unit']],
    ['an unknown field', { weeks: 3, reason: 'x' }, ['/weeks']],
    ['a review that is no object', { review: 14, reason: 'x' }, ['/review']],
    ['a day that does not exist', { validFrom: '2027-02-30', reason: 'x' }, ['/validFrom']],
  ])('are bad input with %s', async (_, body, pointers) => {
    const answer = await send('admin', 'PUT', url, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_input']);
    expect(answer.body.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(pointers);
  });

  it('cannot be asked about for a patient who is not there, and a desk does not decide for a clinician', async () => {
    const nobody = '/v1/patients/0190b000-0000-7000-8000-000000000001/repeat-visits';
    const day = { notBefore: '2027-01-01', reason: 'x' };
    const answers = [
      await send('receptionist', 'GET', `${nobody}/proposals`),
      await send('receptionist', 'GET', `${nobody}/windows`),
      await send('prescriber', 'PUT', `${nobody}/glabella/override`, day),
      await send('receptionist', 'PUT', `${nobody}/glabella/override`, day),
      await send('receptionist', 'GET', `${nobody}/proposals?slots=0&typeId=x`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 403, 400]);
  });

  it('answer a thousand histories at once', async () => {
    const doses = Array.from({ length: 8 }, (_, i) => ({
      treatedOn: `${2019 + i}-01-31`,
      product: 'ona',
      area: 'glabella',
      kind: 'full',
    }));
    const histories = Array.from({ length: 1000 }, (_, i) => ({ ref: `p${i}`, doses }));
    const body = { market: 'UK', assessedOn: '2026-05-01', histories, proposals: true };
    const answer = await send('receptionist', 'POST', '/v1/repeat-visits/forecast', body);
    expect(answer.status).toBe(200);
    expect(answer.body['histories']).toHaveLength(1000);
    const more = { ...body, histories: [...histories, { doses: [] }] };
    expect((await send('receptionist', 'POST', '/v1/repeat-visits/forecast', more)).status).toBe(400);
  });
});
