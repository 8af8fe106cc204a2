import { MailFailed, WorkerOf } from './harness/worker-of.js';
import { ERASURE_POLICY } from '#privacy';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';

import {
  aKnownPatient,
  KNOWN,
  TELL_WHO,
  whereItStands,
  type KnownPatient,
} from './harness/a-known-patient.js';
import { filesThatSay, saysAny, writeEverywhere } from './harness/everywhere.js';
import { aForm } from './harness/form.js';
import { TestApi, type Answer } from './harness/test-api.js';

const SAID = `Mrs ${KNOWN.givenName} ${KNOWN.familyName}, ${KNOWN.preferredName} to friends, born ${KNOWN.birthDate} (23 April 1971), call ${KNOWN.phone} or 07700 911 977, write to ${KNOWN.email}`;
const WORDS = [...TELL_WHO, '23 april 1971'];

/** What stays by name, and why. */
const STAYS = Object.entries(ERASURE_POLICY).flatMap(([table, rule]) =>
  rule.does === 'erase' ? [] : [{ table, does: rule.does, because: rule.because }],
);

describe('after an erasure', () => {
  let api: TestApi;
  let known: KnownPatient;
  let worker: WorkerOf;
  const logged: string[] = [];
  const post = (url: string, body?: unknown, headers = {}): Promise<Answer> =>
    api.send('admin', 'POST', `/v1/${url}`, { headers, ...(body === undefined ? {} : { body }) });
  const upload = async (url: string, about: object, file: Buffer): Promise<Answer> => {
    const { payload, headers } = await aForm({ about, file });
    return api.send('practitioner', 'POST', `/v1/${url}`, { body: payload, headers });
  };

  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
    jest.spyOn(process.stderr, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
    api = await TestApi.start({ env: { LOG_LEVEL: 'debug' } });
    worker = await WorkerOf.start(api);
    known = await aKnownPatient(api);
    const held = await post(`patients/${known.id}/legal-holds`, { reason: `Complaint: ${SAID}` });
    await post(`legal-holds/${String(held.body['id'])}/lift`, { reason: SAID });
  });
  afterAll(async () => {
    await worker.stop();
    await api.stop();
    jest.restoreAllMocks();
  });

  it('no table, queue, file or log tells who it was, whatever was written where', async () => {
    // Files: a picture that says it in its data, a document that says it packed, and an archive of both.
    const picture = await sharp({ create: { width: 640, height: 800, channels: 3, background: '#caa' } })
      .withExif({ IFD0: { ImageDescription: SAID, Artist: KNOWN.familyName } })
      .jpeg()
      .toBuffer();
    const about = {
      takenOn: '2026-02-03',
      view: 'frontal',
      expression: 'rest',
      areas: [],
      phase: 'before',
      note: SAID,
    };
    expect((await upload(`patients/${known.id}/photos`, about, picture)).status).toBe(201);
    const packed = deflateSync(Buffer.from(`BT (${SAID}) Tj ET`, 'latin1'));
    const pdf = Buffer.concat([
      Buffer.from(
        `%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 0>> endobj\n3 0 obj <</Length ${packed.length}/Filter/FlateDecode>> stream\n`,
      ),
      packed,
      Buffer.from('\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n'),
    ]);
    const letter = {
      kind: 'correspondence',
      title: `Letter of ${SAID}`.slice(0, 200),
      datedOn: '2026-02-03',
    };
    expect((await upload(`patients/${known.id}/documents`, letter, pdf)).status).toBe(201);

    // The clinic's own affairs, and things that name the patient without leading to the record.
    const away = await post(`practitioners/${known.desk.doctorId}/absences`, {
      startsOn: '2030-12-24',
      endsOn: '2030-12-24',
      reason: `Visits ${KNOWN.givenName} ${KNOWN.familyName} at home, ${KNOWN.phone}`.slice(0, 200),
    });
    expect(away.status).toBeLessThan(300);
    await api.db.admin.query(
      `INSERT INTO idempotency_key (clinic_id, staff_id, key, route, body_hash, status, response) VALUES ($1, $2, 'k', 'POST /x', '', 200, $3)`,
      [
        api.clinic.clinicId,
        api.clinic.actor.admin.staffId,
        JSON.stringify({ id: known.treatmentId, said: SAID }),
      ],
    );

    // An export in full, somebody told by a webhook that does not answer, a mail that is refused with its address.
    const hook = await post('webhooks', {
      url: 'http://127.0.0.1:9/hook',
      events: ['appointment.*', 'patient.*'],
    });
    expect(hook.status).toBe(201);
    await post(`patients/${known.id}/exports`);
    await worker.work('privacy-export');
    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const visit = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: {
        patientId: known.id,
        startsAt: `${day}T10:00`,
        typeId: known.desk.type.treatment,
        locationId: known.desk.london.id,
        practitionerId: known.desk.nurseId,
        note: SAID.slice(0, 200),
      },
      headers: { 'idempotency-key': newId() },
    });
    expect(visit.status).toBe(201);
    worker.mailFails(new MailFailed(`550 no mailbox ${KNOWN.email} for ${KNOWN.familyName}`));
    for (const queue of ['booking-confirmation', 'deliver-webhook']) await worker.work(queue);
    await api.send('receptionist', 'POST', `/v1/appointments/${String(visit.body['id'])}/cancel`, {
      body: { reason: SAID.slice(0, 200), by: 'patient' },
    });
    // Bad input is logged as such, and answered with where it is, not what.
    await api.send('receptionist', 'GET', `/v1/patients?name=${encodeURIComponent(KNOWN.familyName)}`);
    await api.send('receptionist', 'PATCH', `/v1/patients/${known.id}`, {
      body: { givenNam: KNOWN.givenName },
    });

    const { written, made } = await writeEverywhere(api, known.id, SAID);
    const before = await whereItStands(api, WORDS);
    expect(before).toEqual(expect.arrayContaining(written));
    expect(await filesThatSay(api.files, WORDS)).toHaveLength(1);
    expect(written.length).toBeGreaterThan(100);

    const planned = await post(`patients/${known.id}/erasures`, { reason: 'Asked for in writing' });
    expect(planned).toMatchObject({ status: 201, body: { plan: { undeclared: [] } } });
    const done = await post(`erasures/${String(planned.body['id'])}/execute`, undefined, {
      'idempotency-key': newId(),
    });
    expect(done).toMatchObject({ status: 200, body: { status: 'executed' } });
    await worker.work('remove-erased-files');
    await worker.work('deliver-webhook');

    expect(await whereItStands(api, WORDS)).toEqual([]);
    expect(await filesThatSay(api.files, WORDS)).toEqual([]);
    expect(saysAny(Buffer.from(logged.join('')), WORDS)).toBe(false);
    expect(logged.join('')).toContain('/v1/patients/:id');

    // What stays, and why.
    const { tables, files } = JSON.parse(String(done.body['certificate']));
    const still = new Map(STAYS.map(({ table, ...rest }) => [table, rest]));
    for (const { table, does, because } of tables)
      if (does !== 'erase' && because !== 'not about the patient')
        expect([table, still.get(table)]).toEqual([table, { does, because }]);
    expect(tables).toContainEqual({
      table: 'absence',
      does: 'keep',
      rows: 1,
      changed: 1,
      because: 'not about the patient',
    });
    expect(files).toBe(2);
    // SHOW_ERASURE=<file> keeps what stays and why.
    const shown = process.env['SHOW_ERASURE'];
    const counts = {
      written: written.length,
      stood: before.length,
      made: made.length,
      logged: logged.length,
    };
    if (shown !== undefined) await writeFile(shown, JSON.stringify({ counts, tables, files }, undefined, 2));
  });
});
