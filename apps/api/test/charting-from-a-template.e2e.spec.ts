import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Charting, UPPER_FACE, UPPER_FACE_PLAN, WHOLE_RECORD } from './harness/charting.js';
import { TestApi } from './harness/test-api.js';

interface Draft extends Record<string, unknown> {
  id: string;
  injections: Record<string, unknown>[];
}
interface Completeness extends Record<string, unknown> {
  missing: { field: number; code: string; blocks: boolean; where: string }[];
  fields: { field: number; state: string; text: string }[];
}

describe('charting a three-area treatment from a template', () => {
  let api: TestApi;
  let at: Charting;
  let lotId: string;
  let templateId: string;

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    at = await Charting.at(api, api.clinic);
    lotId = await at.lot();
  });
  afterAll(() => api.stop());

  const begin = async (fill?: object) => {
    const patientId = await at.patient();
    const { clearanceId } = await at.cleared(patientId, UPPER_FACE_PLAN);
    const place = { patientId, locationId: at.locationId, clearanceId, kind: 'full' };
    return {
      patientId,
      clearanceId,
      begun: () => at.send<Draft>('POST', 'treatments', { ...place, ...(fill ? { fill } : {}) }),
    };
  };

  it('keeps her usual points under a name, for herself', async () => {
    const kept = await at.send('POST', 'treatment-templates', {
      name: 'My usual upper face',
      points: UPPER_FACE,
    });
    expect(kept).toMatchObject({ status: 201, body: { name: 'My usual upper face', version: 1 } });
    templateId = String(kept.body['id']);
    const again = await at.send('POST', 'treatment-templates', {
      name: 'my usual Upper face',
      points: UPPER_FACE,
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'template_name_taken' } });
    const colleague = await at.send('GET', `treatment-templates/${templateId}`, undefined, {
      as: 'practitioner',
    });
    expect(colleague).toMatchObject({ status: 404, body: { code: 'template_not_found' } });
    const withLot = await at.send('POST', 'treatment-templates', {
      name: 'x',
      points: [{ ...UPPER_FACE[0], lotId }],
    });
    expect(withLot).toMatchObject({ status: 400, body: { errors: [{ pointer: '/points/0/lotId' }] } });
    expect((await at.send('GET', 'treatment-templates', undefined, { as: 'receptionist' })).status).toBe(403);
  });

  it('takes three requests: begin from the template, save once, sign', async () => {
    const { begun } = await begin({ templateId, lotIds: [lotId] });
    const before = at.requests;
    const draft = await begun();
    expect(draft).toMatchObject({
      status: 201,
      body: {
        totals: [
          { area: 'glabella', units: 20, points: 5, volumeMl: 0.5, onLabel: true },
          { area: 'forehead', units: 20, points: 5, onLabel: true },
          { area: 'lateral_canthal', units: 24, points: 6, onLabel: true },
        ],
        productTotals: [{ product: 'ona', units: 64 }],
        trailingTotals: [{ product: 'ona', units: 64 }],
        doseFindings: [],
      },
    });
    const injections = draft.body.injections.map(({ id: _, lotNumber: __, vialId: ___, ...point }) => point);
    const saved = await at.send<Draft>(
      'PUT',
      `treatments/${draft.body.id}`,
      { injections, record: WHOLE_RECORD, note: 'Brow a little low on the left' },
      { headers: { 'if-match': String(draft.headers['etag']) } },
    );
    expect(saved).toMatchObject({
      status: 200,
      body: { record: WHOLE_RECORD, note: 'Brow a little low on the left' },
    });
    const signed = await at.send('POST', `treatments/${draft.body.id}/sign`, {});
    expect(signed).toMatchObject({
      status: 200,
      body: { status: 'signed', signature: { intact: true }, catalogueVersion: 1 },
    });
    expect(at.requests - before).toBe(3);
  });

  it('answers a stale save with 412 and changes nothing', async () => {
    const { begun } = await begin({ templateId, lotIds: [lotId] });
    const { body: draft, headers } = await begun();
    const etag = { headers: { 'if-match': String(headers['etag']) } };
    const save = (body: object) => at.send<Draft>('PUT', `treatments/${draft.id}`, body, etag);
    expect((await save({ injections: [], record: WHOLE_RECORD })).status).toBe(200);
    const stale = await save({ injections: [], note: 'typed in another tab' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale_version' } });
    expect(await at.send('GET', `treatments/${draft.id}`)).toMatchObject({
      body: { note: null, record: WHOLE_RECORD },
    });
  });

  it('says of an empty draft exactly what is missing, and refuses to sign for what blocks', async () => {
    const { begun } = await begin();
    const { body: draft } = await begun();
    const { body } = await at.send<Completeness>('GET', `treatments/${draft.id}/completeness`);
    expect(body).toMatchObject({ market: 'UK', complete: false, maySign: false });
    expect(body.fields).toHaveLength(22);
    expect(
      body.missing.map(({ field, code, blocks }) => `${field} ${code}${blocks ? ' blocks' : ''}`),
    ).toEqual([
      '1 identity_unverified blocks',
      '2 consultation_unsigned',
      '13 injections_missing blocks',
      '15 anaesthesia_missing',
      '16 photos_missing',
      '17 reaction_missing blocks',
      '17 aftercare_missing blocks',
      '18 review_unoffered',
      '21 window_not_shown',
      '22 gp_letter_missing',
    ]);
    const filled = await at.send('POST', `treatments/${draft.id}/fill`, { templateId, lotIds: [lotId] });
    expect(filled).toMatchObject({ status: 200, body: { productTotals: [{ units: 64 }] } });
    const unsigned = await at.send<Completeness>('POST', `treatments/${draft.id}/sign`, {});
    expect(unsigned).toMatchObject({ status: 422, body: { code: 'record_incomplete' } });
    expect(unsigned.body.missing.map(({ code }) => code)).toEqual([
      'identity_unverified',
      'reaction_missing',
      'aftercare_missing',
    ]);
  });

  it('answers 400 with pointers for a draft that is none, and 403 to the desk', async () => {
    const { begun } = await begin();
    const { body: draft } = await begun();
    const url = `treatments/${draft.id}`;
    const pointers = async (method: 'PUT' | 'POST', path: string, body: object) => {
      const answer = await at.send<{ errors?: { pointer: string }[] }>(method, path, body);
      return [answer.status, ...(answer.body.errors ?? []).map(({ pointer }) => pointer)];
    };
    const point = { ...UPPER_FACE[0], lotId };
    expect(await pointers('PUT', url, {})).toEqual([400, '/injections']);
    expect(await pointers('PUT', url, { injections: [{ ...point, needle: ' ', x: 1.5 }] })).toEqual([
      400,
      '/injections/0/x',
      '/injections/0/needle',
    ]);
    expect(
      await pointers('PUT', url, { injections: [], record: { gpLetter: 'maybe', mood: 'good' } }),
    ).toEqual(expect.arrayContaining([400, '/record/gpLetter', '/record/mood']));
    expect(await pointers('POST', `${url}/fill`, { lotIds: ['42'], templateId: 'x' })).toEqual(
      expect.arrayContaining([400, '/templateId', '/lotIds']),
    );
    expect(await pointers('PUT', 'charting-policy', { coolingOffHours: -1 })).toEqual([403]);
    const policy = await at.send(
      'PUT',
      'charting-policy',
      { coolingOffHours: -1, shelfLives: [{}] },
      { as: 'admin' },
    );
    expect(policy).toMatchObject({ status: 400 });
    const asked = await at.send('GET', `${url}/completeness`, undefined, { as: 'receptionist' });
    expect(asked).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
  });

  it('copies the last treatment, and refuses lots that do not fit', async () => {
    const { patientId, clearanceId, begun } = await begin({ templateId, lotIds: [lotId] });
    const { body: first } = await begun();
    const place = { patientId, locationId: at.locationId, clearanceId, kind: 'full' };
    const copy = (fill: object) => at.send<Draft>('POST', 'treatments', { ...place, fill });
    const none = await copy({ last: true, lotIds: [lotId] });
    expect(none).toMatchObject({ status: 404, body: { code: 'fill_source_not_found' } });
    const injections = first.injections.map(({ id: _, lotNumber: __, vialId: ___, ...point }) => point);
    await at.send('PUT', `treatments/${first.id}`, { injections, record: WHOLE_RECORD });
    expect((await at.send('POST', `treatments/${first.id}/sign`, {})).status).toBe(200);
    const copied = await copy({ last: true, lotIds: [lotId] });
    expect(copied.status).toBe(201);
    const places = ({ injections: points }: Draft) =>
      points.map(({ area, x, y, needle, muscle, units }) => ({ area, x, y, needle, muscle, units }));
    expect(places(copied.body)).toEqual(places(first));
    expect(copied.body['doseFindings']).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'before_minimum_interval' })]),
    );
    const other = await at.lot('inco');
    expect(await copy({ last: true, lotIds: [other] })).toMatchObject({
      status: 422,
      body: { code: 'fill_lots_mismatch', missing: ['ona'] },
    });
    const twice = await copy({ last: true, lotIds: [lotId, await at.lot('ona', 'L-2')] });
    expect(twice).toMatchObject({ status: 422, body: { repeated: ['ona'] } });
    expect(await copy({ last: true, templateId, lotIds: [lotId] })).toMatchObject({
      status: 400,
      body: { code: 'fill_ambiguous' },
    });
    expect(await copy({ treatmentId: first.id, lotIds: [templateId] })).toMatchObject({
      status: 404,
      body: { code: 'lot_not_found' },
    });
  });

  it('changes and removes a template, against the version that was read', async () => {
    const put = (body: object, etag: string) =>
      at.send('PUT', `treatment-templates/${templateId}`, body, { headers: { 'if-match': etag } });
    const changed = await put({ name: 'Upper face', points: UPPER_FACE.slice(0, 5) }, '"1"');
    expect(changed).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await put({ name: 'x', points: UPPER_FACE }, '"1"')).status).toBe(412);
    const odd = await put({ name: 'x', points: [{ ...UPPER_FACE[0], area: 'elbow' }] }, '"2"');
    expect(odd).toMatchObject({ status: 400, body: { code: 'unknown_area' } });
    await at.send('POST', 'treatment-templates', { name: 'Second', points: UPPER_FACE });
    expect(await put({ name: 'second', points: UPPER_FACE }, '"2"')).toMatchObject({ status: 409 });
    expect((await at.send('DELETE', `treatment-templates/${templateId}`)).status).toBe(204);
    expect((await at.send('DELETE', `treatment-templates/${templateId}`)).status).toBe(404);
  });
});
