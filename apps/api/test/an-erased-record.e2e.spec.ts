import { readConfig } from '#config';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  type ClinicRecordFault,
  type RecordsVerified,
  verifyRecords,
} from '../../worker/src/verify-records.js';
import { Charting, UPPER_FACE, UPPER_FACE_PLAN, WHOLE_RECORD } from './harness/charting.js';
import { TestApi, type Answer } from './harness/test-api.js';

const LOOKED_AFTER = {
  anaesthesia: 'Zoë Núñez wanted none',
  note: 'Zoe is 42, NÚÑEZ her name, left brow lower',
};

describe('signed records of somebody who was erased', () => {
  let api: TestApi;
  let at: Charting;
  let lotId: string;
  /** Kept beside, never erased. */
  let other: { patientId: string; treatmentId: string };

  const office = (method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> =>
    api.send('admin', method, `/v1/${url}`, body === undefined ? {} : { body });

  const verify = async (): Promise<RecordsVerified & { faults: ClinicRecordFault[] }> => {
    const faults: ClinicRecordFault[] = [];
    const config = readConfig({ DATABASE_URL: api.db.url, NODE_ENV: 'test', LOG_LEVEL: 'silent' });
    return { ...(await verifyRecords((fault) => faults.push(fault), config)), faults };
  };

  /** As somebody who owns the server: locks do not hold, keys are not in the database. */
  const behindTheBack = async (...texts: string[]): Promise<void> => {
    const owner = await api.db.admin.connect();
    try {
      await owner.query('BEGIN');
      await owner.query('SET LOCAL session_replication_role = replica');
      for (const text of texts) expect((await owner.query(text)).rowCount).toBeGreaterThan(0);
      await owner.query('COMMIT');
    } finally {
      owner.release();
    }
  };

  /** What is found while it is so; then everything is put back. */
  const found = async (tamper: string, repair: string): Promise<ClinicRecordFault[]> => {
    await behindTheBack(tamper);
    const { faults } = await verify();
    await behindTheBack(repair);
    expect((await verify()).faults).toEqual([]);
    return faults;
  };

  /** A signed consultation and a signed treatment whose texts name the patient. */
  const treated = async (
    given: object = {},
  ): Promise<{ patientId: string; ids: string[]; treatmentId: string }> => {
    const patientId = await at.patient(given);
    const consultation = await at.cleared(patientId, UPPER_FACE_PLAN);
    expect((await at.send('POST', `consultations/${consultation.id}/sign`, {})).status).toBe(200);
    const { anaesthesia, note } = LOOKED_AFTER;
    const draft = await at.send('POST', 'treatments', {
      patientId,
      locationId: at.locationId,
      clearanceId: consultation.clearanceId,
      kind: 'full',
      record: { ...WHOLE_RECORD, anaesthesia },
      note,
      injections: UPPER_FACE.map((point) => ({ ...point, lotId })),
    });
    const treatmentId = String(draft.body['id']);
    expect((await at.send('POST', `treatments/${treatmentId}/sign`, {})).status).toBe(200);
    return { patientId, treatmentId, ids: [consultation.id, treatmentId] };
  };

  const erase = async (patientId: string): Promise<string> => {
    const planned = await office('POST', `patients/${patientId}/erasures`, {
      reason: 'Asked for in writing',
    });
    expect(planned).toMatchObject({ status: 201, body: { status: 'planned' } });
    const done = await office('POST', `erasures/${String(planned.body['id'])}/execute`);
    expect(done).toMatchObject({ status: 200, body: { status: 'executed' } });
    return String(planned.body['id']);
  };

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    at = await Charting.at(api, api.clinic);
    lotId = await at.lot();
    other = await treated({ givenName: 'Agnes', familyName: 'Kept' });
  });
  afterAll(() => api.stop());

  it('stay what was signed through a merge and its undoing', async () => {
    const [one, two] = [await treated({ familyName: 'Alt' }), await treated({ familyName: 'Neu' })];
    await office('POST', `patients/${one.patientId}/merge`, {
      duplicateId: two.patientId,
      reason: 'Same passport',
    });
    expect((await office('GET', `patients/${two.patientId}`)).body['mergedIntoId']).toBe(one.patientId);
    expect((await verify()).faults).toEqual([]);
    await office('POST', `patients/${two.patientId}/unmerge`, { reason: 'Twins' });
    expect((await office('GET', `patients/${two.patientId}`)).body['mergedIntoId']).toBeNull();
    expect((await verify()).faults).toEqual([]);
    await office('POST', `patients/${one.patientId}/merge`, {
      duplicateId: two.patientId,
      reason: 'Same after all',
    });
    const before = await verify();
    // Whoever asks for the duplicate's erasure is the same person.
    await erase(two.patientId);
    const { faults, records, redacted } = await verify();
    expect([faults, records, redacted]).toEqual([[], before.records, 4]);
    const undone = await office('POST', `patients/${two.patientId}/unmerge`, { reason: 'Too late' });
    expect([undone.status, undone.body['code']]).toEqual([422, 'not_merged']);
  });

  describe('once erased', () => {
    let erased: Awaited<ReturnType<typeof treated>>;
    let erasureId: string;

    beforeAll(async () => {
      erased = await treated();
      erasureId = await erase(erased.patientId);
    });

    it('are told from tampering by the certificate, which says where something was taken out and never what', async () => {
      expect(await verify()).toMatchObject({ faults: [], redacted: 6, certificates: 2 });
      const { body } = await office('GET', `erasures/${erasureId}`);
      const { signedRecords } = JSON.parse(String(body['certificate']));
      expect(signedRecords).toEqual([
        {
          kind: 'consultation',
          id: erased.ids[0],
          signedHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          leftHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          redacted: [expect.stringMatching(/^consents\/[0-9a-f-]{36}\/signedName changed$/)],
          differed: [],
        },
        {
          kind: 'treatment',
          id: erased.treatmentId,
          signedHash: expect.any(String),
          leftHash: expect.any(String),
          redacted: ['note changed', 'record/anaesthesia changed'],
          differed: [],
        },
      ]);
      expect(JSON.stringify(body)).not.toMatch(/zo[eë]|n[uú][nñ]ez/i);
      const { rows } = await api.db.admin.query('SELECT note, anaesthesia FROM treatment WHERE id = $1', [
        erased.treatmentId,
      ]);
      expect(rows).toEqual([
        {
          note: '[erased] is 42, [erased] her name, left brow lower',
          anaesthesia: '[erased] [erased] wanted none',
        },
      ]);
    });

    it('are found when anything is changed afterwards: a text, a dose, the copy, the hash', async () => {
      const { treatmentId: id } = erased;
      const set = (what: string): string => `UPDATE treatment SET ${what} WHERE id = '${id}'`;
      const fault = (...differs: unknown[]): object[] => [
        { clinicId: api.clinic.clinicId, kind: 'treatment', id, differs },
      ];
      expect(
        await found(
          set(`note = replace(note, 'left', 'right')`),
          set(`note = replace(note, 'right', 'left')`),
        ),
      ).toEqual(fault('note changed'));
      const units = (n: number): string =>
        `UPDATE injection SET units = ${n} WHERE id = (SELECT min(id::text)::uuid FROM injection WHERE treatment_id = '${id}')`;
      expect(await found(units(5), units(4))).toEqual(
        fault(expect.stringMatching(/^injections\/.*\/units changed$/)),
      );
      const copy = (from: string, to: string): string =>
        `UPDATE signed_record SET content = replace(content, '${from}', '${to}') WHERE record_id = '${id}'`;
      expect(await found(copy('frontalis', 'frontalos'), copy('frontalos', 'frontalis'))).toEqual(
        fault('kept copy changed'),
      );
      const { rows } = await api.db.admin.query<{ hash: string }>(
        'SELECT content_hash AS hash FROM treatment WHERE id = $1',
        [id],
      );
      expect(
        await found(set(`content_hash = repeat('0', 64)`), set(`content_hash = '${rows[0]?.hash}'`)),
      ).toEqual(fault('contentHash changed'));
      // Record and copy changed alike: nothing of it is what the certificate says is left.
      const both = (from: string, to: string): string => `
        WITH copied AS (${copy(from, to)}) UPDATE treatment SET note = replace(note, '${from}', '${to}') WHERE id = '${id}'`;
      expect(await found(both('lower', 'upper'), both('upper', 'lower'))).toEqual(
        fault('kept copy changed', 'content changed'),
      );
    });

    it('are found when the certificate is changed, removed, or says another hash', async () => {
      const kept = await api.db.admin.query<{ certificate: string; hash: string; mac: string }>(
        `SELECT certificate, certificate_hash AS hash, encode(certificate_mac, 'hex') AS mac FROM erasure WHERE id = $1`,
        [erasureId],
      );
      const { certificate = '', hash = '', mac = '' } = kept.rows[0] ?? {};
      const set = (what: string): string => `UPDATE erasure SET ${what} WHERE id = '${erasureId}'`;
      const back = set(
        `certificate = $$${certificate}$$, certificate_hash = '${hash}', certificate_mac = decode('${mac}', 'hex'), certificate_key_id = 'development'`,
      );
      const records = erased.ids.map((id) => expect.objectContaining({ id }));
      const of = (...differs: string[]): unknown[] => [
        { clinicId: api.clinic.clinicId, kind: 'erasure', id: erasureId, differs },
        ...records,
      ];
      expect(await found(set(`certificate = replace(certificate, 'in writing', 'by word')`), back)).toEqual(
        of('certificate changed', 'certificate was not made with the key'),
      );
      expect(
        await found(
          set(`certificate_hash = encode(sha256(convert_to(replace(certificate, 'in writing', 'by word'), 'UTF8')), 'hex'),
               certificate = replace(certificate, 'in writing', 'by word')`),
          back,
        ),
      ).toEqual(
        of('certificate is not the one the audit trail tells of', 'certificate was not made with the key'),
      );
      expect(await found(set('certificate_mac = NULL, certificate_key_id = NULL'), back)).toEqual(
        of('certificate was made without a key'),
      );
      expect(await found(set(`certificate_key_id = '2031'`), back)).toEqual(
        of('certificate was made with the key "2031", which is not among those given'),
      );
      const gone = `status = 'withdrawn', certificate = NULL, certificate_hash = NULL, certificate_mac = NULL, certificate_key_id = NULL`;
      expect(await found(set(gone), back.replace('SET ', `SET status = 'executed', `))).toEqual(records);
    });

    it('are found when a certificate is forged to hide a change, in the trail too', async () => {
      const { treatmentId, patientId } = other;
      const forged = newId();
      const { clinicId } = api.clinic;
      const change = (from: string, to: string): string =>
        `UPDATE treatment SET note = replace(note, '${from}', '${to}') WHERE id = '${treatmentId}'`;
      await behindTheBack(change('lower', 'upper'));
      const { rows } = await api.db.admin.query<{ hash: string }>(
        'SELECT content_hash AS hash FROM treatment WHERE id = $1',
        [treatmentId],
      );
      const text = JSON.stringify({
        signedRecords: [
          {
            kind: 'treatment',
            id: treatmentId,
            signedHash: rows[0]?.hash,
            leftHash: '0'.repeat(64),
            redacted: [],
            differed: [],
          },
        ],
      });
      await behindTheBack(
        `INSERT INTO erasure (clinic_id, id, patient_id, kind, status, reason, requested_at, plan, executed_at, certificate, certificate_hash, certificate_key_id, certificate_mac)
         VALUES ('${clinicId}', '${forged}', '${patientId}', 'request', 'executed', 'x', now(), '{}', now(), $$${text}$$,
                 encode(sha256($$${text}$$::bytea), 'hex'), 'development', sha256('guessed'))`,
        `INSERT INTO audit_event (clinic_id, at, action, entity, entity_id, patient_id, outcome, detail)
         SELECT clinic_id, now(), 'erasure.execute', 'erasure', id, patient_id, 'done', jsonb_build_object('certificateHash', certificate_hash)
           FROM erasure WHERE id = '${forged}'`,
      );
      expect((await verify()).faults).toEqual([
        { clinicId, kind: 'erasure', id: forged, differs: ['certificate was not made with the key'] },
        { clinicId, kind: 'treatment', id: treatmentId, differs: ['note changed'] },
      ]);
      await behindTheBack(change('upper', 'lower'), `DELETE FROM erasure WHERE id = '${forged}'`);
      expect((await verify()).faults).toEqual([]);
    });

    it('are found when record and copy were removed together, from what the trail tells', async () => {
      const { treatmentId: id } = erased;
      await api.db.admin.query(
        `CREATE TABLE aside AS SELECT * FROM treatment WHERE id = '${id}'; CREATE TABLE copy_aside AS SELECT * FROM signed_record WHERE record_id = '${id}'`,
      );
      const remove = `WITH copied AS (DELETE FROM signed_record WHERE record_id = '${id}') DELETE FROM treatment WHERE id = '${id}'`;
      const back = `WITH copied AS (INSERT INTO signed_record SELECT * FROM copy_aside) INSERT INTO treatment SELECT * FROM aside`;
      expect(await found(remove, back)).toEqual([
        { clinicId: api.clinic.clinicId, kind: 'treatment', id, differs: ['record removed'] },
      ]);
      await api.db.admin.query('DROP TABLE aside, copy_aside');
    });
  });

  it('stay found when they were tampered with before: an erasure launders nothing', async () => {
    const { patientId, treatmentId } = await treated({ givenName: 'Null', familyName: 'Left' });
    await behindTheBack(
      `UPDATE injection SET units = 40 WHERE treatment_id = '${treatmentId}' AND muscle = 'frontalis' AND side = 'midline'`,
    );
    await erase(patientId);
    expect((await verify()).faults).toEqual([
      {
        clinicId: api.clinic.clinicId,
        kind: 'treatment',
        id: treatmentId,
        differs: [expect.stringMatching(/^injections\/.*\/units changed before it was erased$/)],
      },
    ]);
    // A family called Left, a person called Null: sides, fields and empty values are none of theirs.
    const { rows } = await api.db.admin.query(
      `SELECT note, (SELECT count(*)::int FROM injection i WHERE i.treatment_id = t.id AND i.side = 'left') AS left
         FROM treatment t WHERE id = $1`,
      [treatmentId],
    );
    expect(rows).toEqual([{ note: 'Zoe is 42, NÚÑEZ her name, [erased] brow lower', left: 7 }]);
  });
});
