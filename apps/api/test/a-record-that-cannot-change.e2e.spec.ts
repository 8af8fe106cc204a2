import { readConfig } from '#config';
import { sql } from '#database';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type ClinicRecordFault, verifyRecords } from '../../worker/src/verify-records.js';
import { Charting, UPPER_FACE, UPPER_FACE_PLAN, WHOLE_RECORD } from './harness/charting.js';
import { TestApi } from './harness/test-api.js';

describe('a signed record', () => {
  let api: TestApi;
  let at: Charting;
  let lotId: string;
  let patientId: string;
  let consultation: { id: string; clearanceId: string };
  let treatmentId: string;

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    at = await Charting.at(api, api.clinic);
    lotId = await at.lot();
    patientId = await at.patient();
    consultation = await at.cleared(patientId, UPPER_FACE_PLAN);
    expect((await at.send('POST', `consultations/${consultation.id}/sign`, {})).status).toBe(200);
    const draft = await at.send('POST', 'treatments', {
      patientId,
      locationId: at.locationId,
      clearanceId: consultation.clearanceId,
      kind: 'full',
      record: WHOLE_RECORD,
      injections: UPPER_FACE.map((point) => ({ ...point, lotId })),
    });
    treatmentId = String(draft.body['id']);
    expect((await at.send('POST', `treatments/${treatmentId}/sign`, {})).status).toBe(200);
  });
  afterAll(() => api.stop());

  const verify = async (): Promise<{ records: number; faults: ClinicRecordFault[] }> => {
    const faults: ClinicRecordFault[] = [];
    const config = readConfig({ DATABASE_URL: api.db.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
    const { records } = await verifyRecords((fault) => faults.push(fault), config);
    return { records, faults };
  };

  /** As somebody who can switch the triggers off; the rows are put back afterwards. */
  const behindTheBack = async (tamper: string, repair: string): Promise<ClinicRecordFault[]> => {
    const owner = await api.db.admin.connect();
    const run = async (text: string): Promise<void> => {
      await owner.query('BEGIN');
      await owner.query(`SET LOCAL session_replication_role = replica`);
      const { rowCount } = await owner.query(text);
      expect(rowCount).toBeGreaterThan(0);
      await owner.query('COMMIT');
    };
    try {
      await run(tamper);
      const { faults } = await verify();
      await run(repair);
      expect((await verify()).faults).toEqual([]);
      return faults;
    } finally {
      owner.release();
    }
  };

  it('refuses every endpoint that would change it', async () => {
    const injections = UPPER_FACE.map((point) => ({ ...point, lotId }));
    for (const [method, url, body] of [
      ['PUT', `treatments/${treatmentId}`, { injections }],
      ['PUT', `treatments/${treatmentId}/injections`, { injections }],
      ['POST', `treatments/${treatmentId}/fill`, { last: true, lotIds: [lotId] }],
      ['POST', `treatments/${treatmentId}/approve`, { findings: ['x'], reason: 'x' }],
      ['POST', `treatments/${treatmentId}/sign`, {}],
      ['DELETE', `treatments/${treatmentId}`, undefined],
    ] as const) {
      expect(await at.send(method, url, body)).toMatchObject({
        status: 409,
        body: { code: 'treatment_signed' },
      });
    }
    for (const [method, verb, body] of [
      ['PUT', 'answers', { answers: [{ questionId: 'keloid', value: 'yes' }] }],
      ['PUT', 'plan', { plan: [] }],
      ['PUT', 'severity', { severity: [] }],
      ['POST', 'findings/X/decide', { decision: 'acknowledged' }],
      ['POST', 'consents', { kind: 'treatment', textVersion: '2026-10', signedName: 'X' }],
      ['POST', 'clear', {}],
      ['POST', 'decline', { outcome: 'deferred', reason: 'x' }],
      ['POST', 'sign', {}],
    ] as const) {
      const answer = await at.send(method, `consultations/${consultation.id}/${verb}`, body);
      expect(answer).toMatchObject({ status: 409, body: { code: 'consultation_signed' } });
    }
  });

  it('refuses UPDATE, DELETE and TRUNCATE in SQL, from the service and from the owner', async () => {
    const asService = (text: string) =>
      api.db.database.write(api.clinic.actor.prescriber, (tx) => tx.run(sql(text)));
    for (const [change, ofService] of [
      [`UPDATE treatment SET immediate_reaction = 'swelling' WHERE id = '${treatmentId}'`, '23001'],
      [`UPDATE treatment SET status = 'draft' WHERE id = '${treatmentId}'`, '23001'],
      [`DELETE FROM treatment WHERE id = '${treatmentId}'`, '23001'],
      [`UPDATE injection SET needle = 'x' WHERE treatment_id = '${treatmentId}'`, '23001'],
      [`DELETE FROM injection WHERE treatment_id = '${treatmentId}'`, '23001'],
      [`UPDATE signed_record SET content_hash = '' WHERE record_id = '${treatmentId}'`, '42501'],
      [`DELETE FROM signed_record WHERE record_id = '${treatmentId}'`, '42501'],
      ['TRUNCATE treatment CASCADE', '42501'],
      ['TRUNCATE injection CASCADE', '42501'],
      ['TRUNCATE signed_record', '42501'],
    ] as const) {
      await expect(asService(change)).rejects.toMatchObject({ code: ofService });
      await expect(api.db.admin.query(change)).rejects.toMatchObject({ code: '23001' });
    }
  });

  it('is what was signed, as long as nobody reaches behind the service', async () => {
    expect(await verify()).toEqual({ records: 2, faults: [] });
  });

  it('tells one byte that was flipped with the triggers switched off, and where', async () => {
    const { clinicId } = api.clinic;
    const of = (kind: string, id: string, ...differs: string[]) => [{ clinicId, kind, id, differs }];
    const { rows } = await api.db.admin.query<{ id: string }>(
      'SELECT id FROM injection WHERE treatment_id = $1 ORDER BY id LIMIT 1',
      [treatmentId],
    );
    const point = rows[0]?.id ?? '';
    const treatment = `WHERE id = '${treatmentId}'`;
    const set = (what: string) => `UPDATE treatment SET ${what} ${treatment}`;
    expect(
      await behindTheBack(set(`signed_name = 'Dr Ada Okafos'`), set(`signed_name = 'Dr Ada Okafor'`)),
    ).toEqual(of('treatment', treatmentId, 'signedName changed'));
    expect(
      await behindTheBack(set(`immediate_reaction = 'none.'`), set(`immediate_reaction = 'none'`)),
    ).toEqual(of('treatment', treatmentId, 'record/immediateReaction changed'));
    expect(await behindTheBack(set(`note = 'x'`), set('note = NULL'))).toEqual(
      of('treatment', treatmentId, 'note changed'),
    );
    const units = (n: number) => `UPDATE injection SET units = ${n} WHERE id = '${point}'`;
    expect(await behindTheBack(units(4.01), units(4))).toEqual(
      of('treatment', treatmentId, `injections/${point}/units changed`),
    );
    const added = newId();
    expect(
      await behindTheBack(
        `INSERT INTO injection SELECT (json_populate_record(i, json_build_object('id', '${added}'))).* FROM injection i WHERE id = '${point}'`,
        `DELETE FROM injection WHERE id = '${added}'`,
      ),
    ).toEqual(of('treatment', treatmentId, `injections/${added} added`));
    await api.db.admin.query(`CREATE TABLE put_aside AS SELECT * FROM injection WHERE id = '${point}'`);
    expect(
      await behindTheBack(
        `DELETE FROM injection WHERE id = '${point}'`,
        'INSERT INTO injection SELECT * FROM put_aside',
      ),
    ).toEqual(of('treatment', treatmentId, `injections/${point} removed`));
    const answer = (value: string) =>
      `UPDATE screening_answer SET answer = '{"value": "${value}"}' WHERE consultation_id = '${consultation.id}' AND question_id = 'keloid'`;
    const told = await behindTheBack(answer('yes'), answer('no'));
    expect(told).toMatchObject([{ kind: 'consultation', id: consultation.id }]);
    expect(told[0]?.differs).toEqual([expect.stringMatching(/^answers\/.*\/answer\/value changed$/)]);
    const consent = (name: string) =>
      `UPDATE consent SET signed_name = '${name}' WHERE consultation_id = '${consultation.id}'`;
    expect((await behindTheBack(consent('Zoe Núñez'), consent('Zoë Núñez')))[0]?.differs).toEqual([
      expect.stringMatching(/^consents\/.*\/signedName changed$/),
    ]);
    const clearance = (day: string) =>
      `UPDATE clearance SET expires_on = ${day} WHERE consultation_id = '${consultation.id}'`;
    expect(
      (await behindTheBack(clearance('expires_on + 1'), clearance('expires_on - 1')))[0]?.differs,
    ).toEqual([expect.stringMatching(/^clearance\/.*\/expiresOn changed$/)]);
  });

  it('tells a record that was removed, unsigned or hashed anew, and a copy that was changed', async () => {
    const status = (to: string) => `UPDATE treatment SET status = '${to}' WHERE id = '${treatmentId}'`;
    expect(await behindTheBack(status('draft'), status('signed'))).toMatchObject([
      { id: treatmentId, differs: ['record removed'] },
    ]);
    const { rows } = await api.db.admin.query<{ hash: string }>(
      'SELECT content_hash AS hash FROM treatment WHERE id = $1',
      [treatmentId],
    );
    const hash = (to: string) => `UPDATE treatment SET content_hash = '${to}' WHERE id = '${treatmentId}'`;
    expect(await behindTheBack(hash('0'.repeat(64)), hash(rows[0]?.hash ?? ''))).toMatchObject([
      { id: treatmentId, differs: ['contentHash changed'] },
    ]);
    const copy = (from: string, to: string) =>
      `UPDATE signed_record SET content = replace(content, '${from}', '${to}') WHERE record_id = '${treatmentId}'`;
    expect(await behindTheBack(copy('frontalis', 'frontalos'), copy('frontalos', 'frontalis'))).toMatchObject(
      [{ id: treatmentId, differs: ['kept copy changed'] }],
    );
  });
});
