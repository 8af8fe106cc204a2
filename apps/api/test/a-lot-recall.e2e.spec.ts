import type { StaffKind } from '#identity/testing';
import { addDays, dateIn } from '#kernel';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { aSignedTreatment } from '#treatments/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Papa from 'papaparse';

import { TestApi, type Answer } from './harness/test-api.js';

describe('a lot is recalled', () => {
  let api: TestApi;
  let desk: TestDesk;
  let patientId: string;
  let lotId: string;
  let vialId: string;
  let recallId: string;
  const today = dateIn(new Date(), 'Europe/London');
  const get = <Body = Record<string, unknown>>(who: StaffKind, url: string): Promise<Answer<Body>> =>
    api.send<Body>(who, 'GET', `/v1/${url}`);
  const post = <Body = Record<string, unknown>>(
    who: StaffKind,
    url: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> => api.send<Body>(who, 'POST', `/v1/${url}`, { body, headers });

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    desk = await aDesk(api.db, api.clinic);
    const someone = {
      givenName: 'Zoë',
      familyName: '=Núñez',
      birthDate: '1984-03-12',
      phone: '+44 20 7946 0000',
    };
    patientId = String((await post('receptionist', 'patients', someone)).body['id']);
  });
  afterAll(() => api.stop());

  it('after it was scanned in with its vials, opened and drawn from', async () => {
    const scan = ']d201003002392320131790060010B77\u001d21S1';
    const delivery = { locationId: desk.london.id, vials: 3 };
    const received = await post('practitioner', 'lots', { product: 'ona', vialUnits: 100, scan, delivery });
    expect(received).toMatchObject({
      status: 201,
      body: {
        number: 'B77',
        expiresOn: '1990-06-30',
        warnings: ['brand_of_other_market'],
      },
    });
    const fresh = { product: 'ona', vialUnits: 100, number: 'B78', expiresOn: addDays(today, 200), delivery };
    lotId = String((await post('practitioner', 'lots', fresh)).body['id']);
    const opening = { lotId, locationId: desk.london.id, diluentMl: 2.5 };
    expect((await post('receptionist', 'vials/open', opening)).status).toBe(403);
    const opened = await post('practitioner', 'vials/open', opening);
    expect(opened).toMatchObject({ status: 201, body: { unitsPerTenthMl: 4, leftUnits: 100 } });
    vialId = String(opened.body['id']);
    const draw = (units: number, key: string) =>
      post('practitioner', `vials/${vialId}/draw`, { patientId, units }, { 'idempotency-key': key });
    expect(await draw(20, 'draw-1')).toMatchObject({ status: 200, body: { leftUnits: 80 } });
    expect(await draw(20, 'draw-1')).toMatchObject({ status: 200, body: { leftUnits: 80 } });
    expect(await draw(80.01, 'draw-2')).toMatchObject({
      status: 422,
      body: {
        code: 'vial_overdrawn',
        asked: 80.01,
        left: 80,
      },
    });
    expect((await draw(0.001, 'draw-3')).status).toBe(400);
    expect(await get('admin', `stock?locationId=${desk.london.id}&product=ona`)).toMatchObject({
      body: {
        items: [
          { lotNumber: 'B77', sealedVials: 3 },
          { lotNumber: 'B78', sealedVials: 2, openVials: 1, openUnits: 80 },
        ],
      },
    });
    expect(
      await get('practitioner', `stock/suggestion?locationId=${desk.london.id}&product=ona`),
    ).toMatchObject({
      body: {
        items: [
          { kind: 'open-vial', vialId },
          { kind: 'sealed-vial', lotId, sealedVials: 2 },
        ],
      },
    });
    expect(await get('admin', `stock/expiring?days=1`)).toMatchObject({
      body: { items: [{ lotNumber: 'B77', units: 300, unitsAtRisk: 300 }] },
    });
  });

  it('by name and at once: nothing more is drawn, everybody who had it is known', async () => {
    expect((await post('receptionist', `lots/${lotId}/recall`, { reason: 'Notice' })).status).toBe(403);
    const recall = await post('admin', `lots/${lotId}/recall`, { reason: 'Notice', reference: 'EL(26)A/12' });
    expect(recall).toMatchObject({ status: 201, body: { lotId, progress: { patients: 1, outstanding: 1 } } });
    recallId = String(recall.body['id']);
    expect(await post('practitioner', `vials/${vialId}/draw`, { patientId, units: 1 })).toMatchObject({
      status: 422,
      body: {
        code: 'lot_not_usable',
        status: 422,
      },
    });
    expect(await get('admin', `lots/${lotId}/trace`)).toMatchObject({
      body: { totals: { patients: 1, units: 20 }, items: [{ patientId, unchartedUnits: 20 }], next: null },
    });
    expect((await get('receptionist', `lots/${lotId}/trace`)).status).toBe(403);
  });

  it('and worked off at the desk, which sees whom to call and nothing of the treatment', async () => {
    const list = await get<{ items: object[] }>('receptionist', `lot-recalls/${recallId}/patients`);
    expect(list.body.items).toMatchObject([{ patientId, phone: '+44 20 7946 0000', state: 'outstanding' }]);
    expect(Object.keys(list.body.items[0] ?? {})).not.toContain('units');
    const told = { patientId, channel: 'phone', outcome: 'acknowledged' };
    expect(await post('receptionist', `lot-recalls/${recallId}/contacts`, told)).toMatchObject({
      status: 201,
      body: {
        progress: {
          told: 1,
          outstanding: 0,
        },
      },
    });
    expect((await get('receptionist', `lot-recalls/${recallId}/patients.csv`)).status).toBe(403);
    const file = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        method: 'GET',
        url: `/v1/lot-recalls/${recallId}/patients.csv`,
        headers: { authorization: `Bearer ${api.clinic.token.admin}` },
      });
    expect([file.statusCode, file.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    const { data, errors } = Papa.parse<Record<string, string>>(file.body.slice(1), { header: true });
    expect(errors.filter(({ type }) => type !== 'FieldMismatch')).toEqual([]);
    expect(data[0]).toMatchObject({
      name: 'Zoë =Núñez',
      phone: "'+44 20 7946 0000",
      'last outcome': 'acknowledged',
    });
    const closing = [{ reason: 'Everybody was told' }, { 'if-match': '"1"' }] as const;
    expect((await post('receptionist', `lot-recalls/${recallId}/close`, ...closing)).status).toBe(403);
    expect((await post('admin', `lot-recalls/${recallId}/close`, ...closing)).status).toBe(200);
    expect(await post('receptionist', `lot-recalls/${recallId}/contacts`, told)).toMatchObject({
      status: 409,
      body: { code: 'lot_recall_closed' },
    });
  });

  it('beside an adverse event, which is reported to the regulator of the market', async () => {
    const treatmentId = await aSignedTreatment(api.db, api.clinic, {
      patientId,
      treatedOn: addDays(today, -5),
    });
    const event = {
      treatmentId,
      term: 'Neck weakness, dysphagia, dysphonia',
      onsetOn: addDays(today, -2),
      severity: 'severe',
      outcome: 'not-recovered',
      seriousness: ['hospitalisation'],
    };
    expect((await post('receptionist', 'adverse-events', event)).status).toBe(403);
    const recorded = await post<{ id: string; tasks: { id: string }[] }>(
      'practitioner',
      'adverse-events',
      event,
    );
    expect(recorded).toMatchObject({
      status: 201,
      body: {
        serious: true,
        status: 'active',
        notes: [{ code: 'area_untypical' }],
        injections: [{ lotNumber: 'T-ona' }],
        tasks: [
          {
            kind: 'urgent-review',
            dueOn: today,
          },
          {
            kind: 'report-to-regulator',
            regulator: 'yellow-card',
          },
        ],
      },
    });
    expect(recorded.headers['etag']).toBe('"1"');
    const bad = { ...event, term: 'x', onsetOn: '2026-02-30', severity: 'awful', seriousness: ['bad'] };
    const refused = await post<{ errors: { pointer: string }[] }>('practitioner', 'adverse-events', bad);
    expect([refused.status, refused.body.errors.map(({ pointer }) => pointer)]).toEqual([
      400,
      ['/onsetOn', '/severity', '/seriousness'],
    ]);
    const [, report] = recorded.body.tasks;
    const complete = (body: object) => post('admin', `clinical-tasks/${report?.id}/complete`, body);
    expect(await complete({})).toMatchObject({ status: 422, body: { code: 'report_reference_missing' } });
    expect((await complete({ reference: 'YC-2026-1' })).status).toBe(200);
    const over = { outcome: 'recovered', resolvedOn: today };
    const stale = await post('practitioner', `adverse-events/${recorded.body.id}/resolve`, over, {
      'if-match': '"7"',
    });
    expect(stale.status).toBe(412);
    expect(await post('practitioner', `adverse-events/${recorded.body.id}/resolve`, over)).toMatchObject({
      status: 200,
      body: {
        status: 'resolved',
        version: 2,
      },
    });
    expect((await get('receptionist', 'clinical-tasks')).status).toBe(403);
    expect((await get('receptionist', 'adverse-events')).status).toBe(403);
  });
});
