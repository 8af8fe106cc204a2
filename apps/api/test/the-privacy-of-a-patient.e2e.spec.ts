import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { FileStore } from '#files';
import { ERASURE_POLICY, MakeExport, RetentionRun } from '#privacy';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';

import { aKnownPatient, TELL_WHO, whereItStands, type KnownPatient } from './harness/a-known-patient.js';
import { TestApi, type Answer } from './harness/test-api.js';

type Rows = Record<string, Record<string, unknown>[]>;

/** Until a request waits for a lock. */
async function someoneWaits({ db }: TestApi): Promise<void> {
  for (;;) {
    const { rows } = await db.admin.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if (rows.length > 0) return;
    await wait(10);
  }
}

describe('the privacy of a patient', () => {
  let api: TestApi;
  let known: KnownPatient;
  const post = (url: string, body?: object, headers = {}): Promise<Answer> =>
    api.send('admin', 'POST', `/v1/${url}`, { headers, ...(body === undefined ? {} : { body }) });
  const get = <Body = Record<string, unknown>>(url: string): Promise<Answer<Body>> =>
    api.send<Body>('admin', 'GET', `/v1/${url}`);
  const exported = async (id: string): Promise<{ json: { tables: Rows }; html: string }> => {
    const asked = await post(`patients/${id}/exports`);
    expect([asked.status, asked.body['status']]).toEqual([202, 'waiting']);
    const exportId = String(asked.body['id']);
    expect((await get(`exports/${exportId}/file`)).body['code']).toBe('export_not_ready');
    await api.app.get(MakeExport).work({ clinicId: api.clinic.clinicId, exportId });
    expect((await get(`exports/${exportId}`)).body).toMatchObject({ status: 'ready' });
    const file = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        url: `/v1/exports/${exportId}/file`,
        headers: { authorization: `Bearer ${api.clinic.token.admin}` },
      });
    expect([file.statusCode, file.headers['content-type']]).toEqual([200, 'application/zip']);
    if (process.env['SHOW_EXPORT'] !== undefined)
      await writeFile(process.env['SHOW_EXPORT'], file.rawPayload);
    const parts = unzipSync(file.rawPayload);
    const text = (name: string): string => strFromU8(parts[name] ?? new Uint8Array());
    return { json: JSON.parse(text('record.json')), html: text('record.html') };
  };

  beforeAll(async () => {
    api = await TestApi.start();
    // A table of a later release, which nobody told the export of.
    await api.db.admin.query(`
      CREATE TABLE brow_photo_mood (clinic_id uuid NOT NULL, id uuid NOT NULL, treatment_id uuid NOT NULL, mood text,
        PRIMARY KEY (clinic_id, id), FOREIGN KEY (clinic_id, treatment_id) REFERENCES treatment (clinic_id, id));
      CREATE TABLE loose_end (clinic_id uuid NOT NULL, id uuid NOT NULL, subject uuid, PRIMARY KEY (clinic_id, id));
      GRANT SELECT ON brow_photo_mood, loose_end TO revisit_service`);
    known = await aKnownPatient(api);
  });
  afterAll(() => api.stop());

  describe('handed over', () => {
    it('holds every row that names the patient, merged records and later tables too', async () => {
      const { clinicId } = api.clinic;
      await api.db.admin.query('INSERT INTO brow_photo_mood VALUES ($1, $2, $3, $4)', [
        clinicId,
        newId(),
        known.treatmentId,
        'content',
      ]);
      await api.db.admin.query('INSERT INTO loose_end VALUES ($1, $2, $3)', [
        clinicId,
        newId(),
        known.appointmentId,
      ]);
      const { json, html } = await exported(known.mergedId);
      const counts = Object.fromEntries(
        Object.entries(json.tables).map(([table, rows]) => [table, rows.length]),
      );
      expect(counts).toMatchObject({
        patient: 2,
        health_fact: 2,
        treatment: 3,
        injection: 2,
        treatment_withdrawal: 1,
        brow_photo_mood: 1,
        loose_end: 1,
      });
      const filled = [
        'photo',
        'stored_file',
        'patient_document',
        'identity_check',
        'signed_record',
        'idempotency_key',
        'audit_event',
        'waitlist_change',
        'appointment_change',
        'follow_up',
      ];
      expect(filled.filter((table) => !(table in counts))).toEqual([]);
      expect(html).toContain('Quirinalda');
      expect(html).toContain('Dr Ada Okafor');
    });

    afterAll(() => api.db.admin.query('DROP TABLE brow_photo_mood, loose_end'));

    it('is packed while no transaction stands open, and not kept where it was erased meanwhile', async () => {
      const asked = await post(`patients/${known.id}/exports`);
      const exportId = String(asked.body['id']);
      const standing: number[] = [];
      const store = api.app.get(FileStore);
      const opened = jest.spyOn(store, 'open').mockImplementation(async () => {
        const { rows } = await api.db.admin.query(
          `SELECT FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()`,
        );
        standing.push(rows.length);
        await api.db.admin.query('DELETE FROM access_export WHERE id = $1', [exportId]);
        return null;
      });
      await api.app.get(MakeExport).work({ clinicId: api.clinic.clinicId, exportId });
      opened.mockRestore();
      expect(standing.length).toBeGreaterThan(0);
      expect(new Set(standing)).toEqual(new Set([0]));
      const { rows } = await api.db.admin.query(
        `SELECT FROM audit_event WHERE action = 'export.make' AND entity_id = $1`,
        [exportId],
      );
      expect(rows).toEqual([]);
    });

    it('holds nothing of anybody else', async () => {
      const other = await known.desk.aPatient();
      const { json } = await exported(known.id);
      expect(JSON.stringify(json)).not.toContain(other);
      expect(
        json.tables['treatment']?.every(({ patient_id: of }) => of === known.id || of === known.mergedId),
      ).toBe(true);
    });

    it('shows what is written as text, never as a page', async () => {
      const id = await known.desk.aPatient();
      const body = { note: '<script>alert(1)</script>' };
      await api.send('receptionist', 'PATCH', `/v1/patients/${id}`, { body });
      const { html } = await exported(id);
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toContain('<script>');
    });
  });

  describe('looked into', () => {
    it('tells the office who did what, by every filter, and that the office looked', async () => {
      await api.send('practitioner', 'GET', `/v1/patients/${known.id}`);
      await api.send('receptionist', 'GET', `/v1/treatments?patientId=${known.id}`);
      const { staffId } = api.clinic.actor.practitioner;
      const page = await get<{ items: Record<string, unknown>[]; next: string }>(
        `audit-events?staffId=${staffId}&patientId=${known.id}&action=patient.read&outcome=done&entity=patient&limit=1`,
      );
      expect(page.body.items).toEqual([
        expect.objectContaining({ staffName: 'Nadia Nurse', action: 'patient.read', patientId: known.id }),
      ]);
      const own = await get<{ items: Record<string, unknown>[] }>('audit-events?action=audit.read&limit=1');
      expect(own.body.items[0]).toMatchObject({ staffId: api.clinic.actor.admin.staffId });
      // Kinds whose names begin alike are kept apart; of a kind nothing was done to there is nothing.
      const kinds = async (entity: string) => {
        const found = await get<{ items: { entity: string; action: string }[] }>(
          `audit-events?entity=${entity}&limit=100`,
        );
        return {
          kinds: new Set(found.body.items.map((item) => item.entity)),
          actions: new Set(found.body.items.map(({ action }) => action)),
        };
      };
      const { rows: done } = await api.db.admin.query<{ action: string }>(
        `SELECT DISTINCT action FROM audit_event WHERE clinic_id = $1 AND entity = 'audit'`,
        [api.clinic.clinicId],
      );
      expect(await kinds('audit')).toEqual({
        kinds: new Set(['audit']),
        actions: new Set(done.map(({ action }) => action)),
      });
      expect((await kinds('nothing-of-the-kind')).kinds.size).toBe(0);
      const refused = await get<{ items: Record<string, unknown>[] }>('audit-events?outcome=refused&limit=5');
      expect(refused.body.items.every(({ outcome }) => outcome === 'refused')).toBe(true);
    });

    it('pages without losing or repeating a row', async () => {
      const all = await get<{ items: { id: number }[] }>(
        `audit-events?patientId=${known.id}&to=2026-12-31&limit=100`,
      );
      const seen: number[] = [];
      for (let after = ''; ;) {
        const url: string = `audit-events?patientId=${known.id}&limit=3${after}`;
        const { body } = await get<{ items: { id: number }[]; next: string | null }>(url);
        seen.push(...body.items.map(({ id }) => id));
        if (body.next === null || seen.length > 60) break;
        after = `&after=${body.next}`;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(all.body.items.every(({ id }) => seen.includes(id))).toBe(true);
    });

    it('tells the patient who looked, in plain words', async () => {
      const { body } = await get<{ items: object[] }>(`patients/${known.id}/looks?limit=100`);
      expect(body.items).toContainEqual({
        at: expect.any(String),
        who: 'Nadia Nurse',
        what: 'saw the personal details',
      });
    });

    it('is for the office alone', async () => {
      for (const url of [
        'audit-events',
        'audit-anchor',
        `patients/${known.id}/looks`,
        'privacy-settings',
        'erasures',
        'retention/due',
        'erased-patients',
      ])
        for (const who of ['receptionist', 'practitioner', 'prescriber'] as const)
          expect([url, (await api.send(who, 'GET', `/v1/${url}`)).status]).toEqual([url, 403]);
    });
  });

  describe('opened in an emergency', () => {
    const reason = 'Trouble breathing after a treatment elsewhere';

    it('is not possible before the clinic allows it, nor without a reason, nor for the desk', async () => {
      const url = `/v1/patients/${known.id}/emergency-access`;
      expect((await api.send('practitioner', 'POST', url, { body: { reason } })).body['code']).toBe(
        'emergency_access_off',
      );
      await api.send('admin', 'PATCH', '/v1/privacy-settings', { body: { emergencyAccess: true } });
      expect((await api.send('practitioner', 'POST', url, { body: { reason: 'because' } })).status).toBe(400);
      expect((await api.send('receptionist', 'POST', url, { body: { reason } })).status).toBe(403);
      const record = await api.send('admin', 'GET', `/v1/patients/${known.id}/emergency-record`);
      expect(record.body['code']).toBe('no_emergency_access');
    });

    it('shows the record for minutes, to that person, and the office sees it', async () => {
      const opened = await api.send('admin', 'POST', `/v1/patients/${known.id}/emergency-access`, {
        body: { reason },
      });
      expect(opened).toMatchObject({ status: 201, body: { reason, staffName: 'Max Office' } });
      const { body } = await api.send<{ record: Rows }>(
        'admin',
        'GET',
        `/v1/patients/${known.id}/emergency-record`,
      );
      expect(body.record['treatment']).toHaveLength(3);
      const other = await api.send('practitioner', 'GET', `/v1/patients/${known.id}/emergency-record`);
      expect(other.body['code']).toBe('no_emergency_access');
      const list = await get<{ items: { id: string }[] }>('emergency-access?unreviewed=true');
      expect(list.body.items).toHaveLength(1);
      await post(`emergency-access/${list.body.items[0]?.id}/review`);
      expect((await get<{ items: object[] }>('emergency-access?unreviewed=true')).body.items).toEqual([]);
      const { rows } = await api.db.admin.query(
        `SELECT action FROM audit_event WHERE entity = 'emergency' ORDER BY id`,
      );
      expect(rows.map(({ action }) => action)).toEqual([
        'emergency.open',
        'emergency.read',
        'emergency.review',
      ]);
      await api.db.admin.query(
        `UPDATE emergency_access SET opened_at = now() - interval '2 h', ends_at = now() - interval '1 h'`,
      );
      expect((await api.send('admin', 'GET', `/v1/patients/${known.id}/emergency-record`)).status).toBe(403);
    });
  });

  describe('erased', () => {
    const reason = 'Asked for by letter of 3 November';

    it('is declared for every table that names a patient, and opens the locks of all that change', async () => {
      const { rows } = await api.db.admin.query<{ name: string }>(`
        WITH RECURSIVE led (oid) AS (
          SELECT 'patient'::regclass::oid UNION
          SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
           WHERE a.attname LIKE '%patient_id' AND c.relnamespace = 'public'::regnamespace UNION
          SELECT f.conrelid FROM pg_constraint f JOIN led ON f.confrelid = led.oid AND f.contype = 'f')
        SELECT oid::regclass::text AS name FROM led`);
      expect(rows.map(({ name }) => name).filter((name) => !(name in ERASURE_POLICY))).toEqual([]);
      const locked = await api.db.admin.query<{ name: string }>(`
        SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname IN ('append_only', 'signed_locked') AND tgqual IS NULL`);
      const stuck = locked.rows.filter(
        ({ name }) => ERASURE_POLICY[name] && ERASURE_POLICY[name].does !== 'stay',
      );
      expect(stuck).toEqual([]);
    });

    it('is refused while a hold stands, while visits are ahead, and for a reason that names the patient', async () => {
      const plan = (said = reason): Promise<Answer> =>
        post(`patients/${known.id}/erasures`, { reason: said });
      expect((await plan('Mrs zwetschgenbaum asked')).body['code']).toBe('reason_names_patient');
      const held = await post(`patients/${known.mergedId}/legal-holds`, {
        reason: 'Complaint about Quirinalda, 2026/118',
      });
      expect((await plan()).body['code']).toBe('under_legal_hold');
      const lift = `legal-holds/${String(held.body['id'])}/lift`;
      expect((await post(lift, { reason: 'Settled' })).status).toBe(200);
      expect((await post(lift, { reason: 'Settled' })).body['code']).toBe('legal_hold_lifted');
      await api.db.admin.query(
        `UPDATE appointment SET status = 'booked', starts_at = starts_at + interval '9 years', ends_at = ends_at + interval '9 years',
        busy_from = busy_from + interval '9 years', busy_to = busy_to + interval '9 years' WHERE id = $1`,
        [known.appointmentId],
      );
      expect((await plan()).body).toMatchObject({ code: 'visits_ahead', visits: 1 });
      await api.db.admin.query(
        `UPDATE appointment SET status = 'fulfilled', starts_at = starts_at - interval '9 years', ends_at = ends_at - interval '9 years',
        busy_from = busy_from - interval '9 years', busy_to = busy_to - interval '9 years' WHERE id = $1`,
        [known.appointmentId],
      );
    });

    it('stops whole when a table is not declared', async () => {
      await api.db.admin.query(
        `CREATE TABLE forgotten (clinic_id uuid, id uuid PRIMARY KEY, patient_id uuid); GRANT SELECT ON forgotten TO revisit_service`,
      );
      await api.db.admin.query('INSERT INTO forgotten VALUES ($1, $2, $3)', [
        api.clinic.clinicId,
        newId(),
        known.id,
      ]);
      const planned = await post(`patients/${known.id}/erasures`, { reason });
      expect(planned.body['plan']).toMatchObject({ undeclared: ['forgotten'] });
      const refused = await post(`erasures/${String(planned.body['id'])}/execute`);
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'erasure_undeclared', tables: ['forgotten'] },
      });
      expect((await post(`patients/${known.id}/erasures`, { reason })).body['code']).toBe('erasure_planned');
      await post(`erasures/${String(planned.body['id'])}/withdraw`);
      await api.db.admin.query('DROP TABLE forgotten');
    });

    it('of a merged record is stopped by a hold on the one it was merged into, by the database too', async () => {
      const planned = await post(`patients/${known.mergedId}/erasures`, { reason });
      expect((await post(`patients/${known.id}/erasures`, { reason })).body['code']).toBe('erasure_planned');
      const held = await post(`patients/${known.id}/legal-holds`, { reason: 'In court' });
      const id = String(planned.body['id']);
      expect((await post(`erasures/${id}/execute`)).body['code']).toBe('under_legal_hold');
      const erased = api.db.database.write(api.clinic.actor.admin, async (tx) => {
        await tx.run({ text: `UPDATE erasure SET status = 'executing' WHERE id = $1` }, [id]);
        await tx.run({ text: `SELECT erase_rows($1, 'health_fact', '[]')` }, [id]);
      });
      await expect(erased).rejects.toMatchObject({ code: '42501' });
      await post(`legal-holds/${String(held.body['id'])}/lift`, { reason: 'Settled' });
      await post(`erasures/${id}/withdraw`);
    });

    it('is refused where it was withdrawn while it began', async () => {
      const planned = await post(`patients/${known.id}/erasures`, { reason });
      const id = String(planned.body['id']);
      const other = await api.db.admin.connect();
      await other.query('BEGIN');
      await other.query(`UPDATE erasure SET status = 'withdrawn', version = 2 WHERE id = $1`, [id]);
      const execution = post(`erasures/${id}/execute`);
      await someoneWaits(api);
      await other.query('COMMIT');
      other.release();
      expect(await execution).toMatchObject({ status: 409, body: { code: 'erasure_over' } });
    });

    it('waits for a hold being placed on the other record, and nobody waits to look', async () => {
      const planned = await post(`patients/${known.mergedId}/erasures`, { reason });
      const other = await api.db.admin.connect();
      await other.query('BEGIN');
      await other.query('SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE', [known.id]);
      expect((await get(`patients/${known.mergedId}/legal-holds`)).status).toBe(200);
      const placed = post(`patients/${known.mergedId}/legal-holds`, { reason: 'In court' });
      await someoneWaits(api);
      await other.query('COMMIT');
      other.release();
      const { body } = await placed;
      await post(`legal-holds/${String(body['id'])}/lift`, { reason: 'Settled' });
      await post(`erasures/${String(planned.body['id'])}/withdraw`);
    });

    it('leaves nothing anywhere that tells who it was, keeps what a duty keeps, and certifies both', async () => {
      await exported(known.id);
      expect(await whereItStands(api, TELL_WHO)).toEqual(
        expect.arrayContaining([
          'patient.given_name',
          'consent.signed_name',
          'treatment.note',
          'appointment_change.detail',
          'follow_up.outcome',
          'idempotency_key.response',
          'legal_hold.reason',
        ]),
      );
      const signed = (): Promise<unknown> =>
        api.db.admin
          .query('SELECT id, content_hash, signed_at, treated_on FROM treatment ORDER BY id')
          .then(({ rows }) => rows);
      const before = await signed();
      const planned = await post(`patients/${known.id}/erasures`, { reason });
      expect(planned.body['plan']).toMatchObject({ retentionYears: 10, undeclared: [] });
      const stale = await post(`erasures/${String(planned.body['id'])}/execute`, undefined, {
        'if-match': '"9"',
      });
      expect(stale.status).toBe(412);
      const done = await post(`erasures/${String(planned.body['id'])}/execute`, undefined, {
        'if-match': '"1"',
        'idempotency-key': 'erase-1',
      });
      expect(done).toMatchObject({
        status: 200,
        body: { status: 'executed', executedBy: api.clinic.actor.admin.staffId },
      });
      const text = String(done.body['certificate']);
      expect(createHash('sha256').update(text).digest('hex')).toBe(done.body['certificateHash']);
      const certificate = JSON.parse(text);
      expect(certificate.keptUntil).toMatch(/^20[34]\d-\d\d-\d\d$/);
      const did = Object.fromEntries(
        certificate.tables.map((one: { table: string; does: string; rows: number; changed: number }) => [
          one.table,
          [one.does, one.rows, one.changed],
        ]),
      );
      expect(did).toMatchObject({
        patient: ['keep', 2, 2],
        treatment: ['keep', 3, 1],
        waitlist_entry: ['erase', 1, 0],
        audit_event: ['stay', expect.any(Number), 0],
      });

      expect(await whereItStands(api, TELL_WHO)).toEqual([]);
      expect(await signed()).toEqual(before);
      const { rows } = await api.db.admin.query(`SELECT note FROM treatment WHERE note IS NOT NULL`);
      expect(rows).toEqual([{ note: 'Mrs [erased], [erased] to friends, tolerated it well' }]);
      const patient = await api.send('receptionist', 'GET', `/v1/patients/${known.id}`);
      expect(patient.body).toMatchObject({
        givenName: 'Erased',
        familyName: 'Patient',
        birthDate: '1971-01-01',
        email: null,
        phone: null,
        note: null,
        doNotContact: true,
      });
      expect((await post(`patients/${known.id}/erasures`, { reason })).body['code']).toBe('already_erased');
      expect((await post(`erasures/${String(planned.body['id'])}/execute`)).body['code']).toBe(
        'erasure_over',
      );
    });

    it('never changes a certificate, and opens no lock to the service outside an erasure', async () => {
      await expect(
        api.db.admin.query(`UPDATE erasure SET reason = 'x' WHERE status = 'executed'`),
      ).rejects.toMatchObject({ code: '23001' });
      const asService = (text: string): Promise<unknown> =>
        api.db.database.write(api.clinic.actor.admin, (tx) => tx.run({ text }));
      await expect(
        asService(`SELECT set_config('app.erasing', 'yes', true); DELETE FROM consent`),
      ).rejects.toMatchObject({ code: '42501' });
      await expect(asService(`SELECT erase_rows('${newId()}', 'consent', '[]')`)).rejects.toMatchObject({
        code: '42501',
      });
      const { rows } = await api.db.admin.query('SELECT id FROM erasure ORDER BY id DESC LIMIT 1');
      for (const table of ['audit_event', 'staff', 'pgboss.job'])
        await expect(
          asService(`SELECT erase_rows('${rows[0]?.id}', '${table}', '[]')`),
        ).rejects.toMatchObject({ code: '42501' });
    });

    it('is done again after a backup was restored', async () => {
      const list = await get<{ items: { patientId: string }[] }>('erased-patients');
      expect(list.body.items.map(({ patientId }) => patientId).toSorted()).toEqual(
        [known.id, known.mergedId].toSorted(),
      );
      const restored = await known.desk.aPatient();
      const again = await post('erased-patients/erase-again', {
        patientIds: [known.id, restored, api.clinic.clinicId],
      });
      expect(again.body['items']).toEqual([
        { patientId: known.id, outcome: 'before' },
        { patientId: restored, outcome: 'erased' },
        { patientId: api.clinic.clinicId, outcome: 'absent' },
      ]);
    });

    it('is done again where the backup holds the plan, leaves a held one out, and answers a repeat the same', async () => {
      const [planned, held, other] = [
        await known.desk.aPatient(),
        await known.desk.aPatient(),
        await known.desk.aPatient(),
      ];
      expect((await post(`patients/${planned}/erasures`, { reason })).status).toBe(201);
      await post(`patients/${held}/legal-holds`, { reason: 'In court' });
      const patientIds = [planned, held, other];
      const headers = { 'idempotency-key': newId() };
      const first = await post('erased-patients/erase-again', { patientIds }, headers);
      expect(first).toMatchObject({
        status: 200,
        body: {
          items: [
            { patientId: planned, outcome: 'erased' },
            { patientId: held, outcome: 'held' },
            { patientId: other, outcome: 'erased' },
          ],
        },
      });
      const { rows } = await api.db.admin.query(
        'SELECT patient_id, kind, status FROM erasure WHERE patient_id = ANY ($1::uuid[]) ORDER BY kind',
        [patientIds],
      );
      expect(rows).toEqual([
        { patient_id: planned, kind: 'request', status: 'executed' },
        { patient_id: other, kind: 'restore', status: 'executed' },
      ]);
      expect((await post('erased-patients/erase-again', { patientIds }, headers)).body).toEqual(first.body);
      // Under a key that was used for something else nobody is erased.
      const reused = await post(
        'erased-patients/erase-again',
        { patientIds: [await known.desk.aPatient()] },
        headers,
      );
      expect(reused.body['code']).toBe('idempotency_key_reused');
      const count = await api.db.admin.query(`SELECT count(*)::int AS n FROM erasure WHERE kind = 'restore'`);
      expect(count.rows).toEqual([{ n: 2 }]);
    });
  });
});

describe('a record whose duty to keep is over', () => {
  let api: TestApi;
  let known: KnownPatient;
  const old = '2009-02-03';

  beforeAll(async () => {
    api = await TestApi.start();
    known = await aKnownPatient(api, old);
    for (const [table, column] of [
      ['patient', 'created_at'],
      ['patient', 'updated_at'],
      ['health_fact', 'created_at'],
      ['health_fact', 'noted_on'],
      ['prior_toxin', 'created_at'],
      ['prior_toxin', 'given_on'],
      ['consultation', 'created_at'],
      ['screening_answer', 'created_at'],
      ['clearance', 'created_at'],
      ['treatment', 'created_at'],
      ['treatment', 'updated_at'],
      ['follow_up', 'created_at'],
      ['follow_up', 'updated_at'],
    ] as const)
      await age(table, column);
    await age('clearance', 'expires_on');
    await age('treatment_withdrawal', 'at');
  });
  afterAll(() => api.stop());

  const age = async (table: string, column: string): Promise<void> => {
    const thief = await api.db.admin.connect();
    await thief.query(`BEGIN; SET LOCAL session_replication_role = replica`);
    await thief.query(`UPDATE ${table} SET ${column} = '${old}'`);
    await thief.query('COMMIT');
    thief.release();
  };
  const due = async (): Promise<unknown> =>
    (await api.send('admin', 'GET', '/v1/retention/due')).body['items'];
  const run = (asked: boolean): Promise<void> =>
    api.app.get(RetentionRun).work({ clinicId: api.clinic.clinicId, asked });
  const left = async (): Promise<number> =>
    (
      await api.db.admin.query(
        `SELECT (SELECT count(*) FROM patient)::int + (SELECT count(*) FROM injection)::int + (SELECT count(*) FROM consent)::int AS n`,
      )
    ).rows[0].n;

  it('is shown before anything goes, and stays as long as the clinic keeps records longer', async () => {
    expect(await due()).toEqual([
      { patientId: known.id, lastEntryOn: old, keptUntil: '2019-02-03', rows: expect.any(Number) },
    ]);
    await api.send('admin', 'PATCH', '/v1/privacy-settings', { body: { retentionYears: 30 } });
    expect(await due()).toEqual([]);
    await run(true);
    expect(await left()).toBeGreaterThan(2);
    await api.send('admin', 'PATCH', '/v1/privacy-settings', { body: { retentionYears: 10 } });
  });

  it('stays while a hold stands, and while nobody asks and the night may not', async () => {
    const hold = await api.send('admin', 'POST', `/v1/patients/${known.id}/legal-holds`, {
      body: { reason: 'In court' },
    });
    expect(await due()).toEqual([]);
    await run(true);
    expect(await left()).toBeGreaterThan(2);
    await api.send('admin', 'POST', `/v1/legal-holds/${String(hold.body['id'])}/lift`, {
      body: { reason: 'Over' },
    });
    await run(false);
    expect(await left()).toBeGreaterThan(2);
  });

  it('is shown while somebody writes in it', async () => {
    const other = await api.db.admin.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM patient FOR UPDATE');
    expect(await due()).toHaveLength(1);
    await other.query('ROLLBACK');
    other.release();
  });

  it('goes whole when asked for, with a certificate, and the trail stays, although the one before it cannot go', async () => {
    const trail = async (): Promise<number> =>
      (
        await api.db.admin.query('SELECT count(*)::int AS n FROM audit_event WHERE patient_id = $1', [
          known.id,
        ])
      ).rows[0].n;
    const before = await trail();
    expect((await api.send('admin', 'POST', '/v1/retention/run')).status).toBe(202);
    const stuck = '00000000-0000-7000-8000-000000000001';
    await api.db.admin.query(`
      CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stuck'; END $$;
      CREATE TRIGGER stuck BEFORE DELETE ON patient FOR EACH ROW WHEN (OLD.id = '${stuck}') EXECUTE FUNCTION stuck();
      INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date, created_at, updated_at)
      SELECT clinic_id, '${stuck}', 999, 'Ann', 'Other', '1980-01-01', '${old}', '${old}' FROM patient LIMIT 1`);
    await expect(run(true)).rejects.toThrow(AggregateError);
    expect(await left()).toBe(1);
    await api.db.admin.query(`DROP TRIGGER stuck ON patient; DELETE FROM patient WHERE id = '${stuck}'`);
    expect(await left()).toBe(0);
    expect(await trail()).toBeGreaterThan(before);
    expect(await whereItStands(api, TELL_WHO)).toEqual([]);
    const { rows } = await api.db.admin.query(
      'SELECT kind, status, certificate_hash IS NOT NULL AS certified FROM erasure',
    );
    expect(rows).toEqual([{ kind: 'retention', status: 'executed', certified: true }]);
    expect(await due()).toEqual([]);
  });
});
