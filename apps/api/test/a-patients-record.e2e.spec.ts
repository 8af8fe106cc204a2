import { readdir } from 'node:fs/promises';

import { aClinic } from '#identity/testing';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { aSignedTreatment } from '#treatments/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { aForm } from './harness/form.js';
import { type Answer, TestApi } from './harness/test-api.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const PHOTO = {
  takenOn: '2026-01-02',
  view: 'frontal',
  expression: 'rest',
  areas: ['glabella'],
  phase: 'before',
};
const CONSENT = { uses: ['treatment-record'], signedName: 'Zoë Núñez', givenOn: '2026-01-02' };

interface Entries {
  items: { kind: string; id: string; day: string; status: string }[];
  next: string | null;
}

describe('a patient’s record over HTTP', () => {
  let api: TestApi;
  let desk: TestDesk;
  const book = (patientId: string, startsAt: string, practitionerId = desk.nurseId) =>
    api.send('receptionist', 'POST', '/v1/appointments', {
      body: { patientId, typeId: desk.type.review, locationId: desk.london.id, practitionerId, startsAt },
    });
  const merge = (into: string, duplicateId: string) =>
    api.send('admin', 'POST', `/v1/patients/${into}/merge`, {
      body: { duplicateId, reason: 'Registered twice' },
    });
  const kinds = async (who: 'receptionist' | 'practitioner', patientId: string, query = '') =>
    (await api.send<Entries>(who, 'GET', `/v1/patients/${patientId}/timeline?${query}`)).body;
  const upload = async (
    patientId: string,
    parts: Record<string, unknown>,
    headers: Record<string, string> = {},
  ) => {
    const form = await aForm(parts);
    return api.send('practitioner', 'POST', `/v1/patients/${patientId}/photos`, {
      body: form.payload,
      headers: { ...form.headers, ...headers },
    });
  };
  const aJpeg = (red: number) =>
    sharp({ create: { width: 64, height: 48, channels: 3, background: { r: red, g: 9, b: 9 } } })
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it('cancels visits to come with a departure only when asked to, and lists them either way', async () => {
    const [stays, goes] = [await desk.aPatient(), await desk.aPatient()];
    for (const [index, id] of [stays, goes].entries())
      expect((await book(id, `${inDays(5)}T0${8 + index}:00`)).status).toBe(201);
    const depart = (id: string, cancelAppointments: boolean) =>
      api.send('receptionist', 'POST', `/v1/patients/${id}/depart`, {
        body: { cause: 'deceased', on: '2026-01-01', cancelAppointments },
      });
    expect(await depart(stays, false)).toMatchObject({
      status: 200,
      body: { status: 'deceased', futureAppointments: [{ title: 'review', cancelled: false }] },
    });
    expect(await depart(goes, true)).toMatchObject({ body: { futureAppointments: [{ cancelled: true }] } });
    const { rows } = await api.db.admin.query(
      'SELECT a.status, c.reason FROM appointment a JOIN appointment_change c ON c.appointment_id = a.id AND c.version = a.version WHERE a.patient_id = $1',
      [goes],
    );
    expect(rows).toEqual([{ status: 'cancelled', reason: 'The patient died' }]);
    expect((await book(stays, `${inDays(6)}T08:00`)).body).toMatchObject({ code: 'patient_not_bookable' });
    const back = await api.send('receptionist', 'POST', `/v1/patients/${stays}/reactivate`, {
      body: { because: 'recorded-by-mistake', reason: 'Her sister' },
    });
    expect(back).toMatchObject({ status: 200, body: { status: 'active' } });
    expect((await book(stays, `${inDays(6)}T08:00`)).status).toBe(201);
  });

  describe('of one person registered twice', () => {
    let kept: string;
    let duplicate: string;
    let treatments: string[];
    const at = `${inDays(8)}T10:00`;

    beforeAll(async () => {
      [kept, duplicate] = [await desk.aPatient(), await desk.aPatient()];
      const signed = (patientId: string, treatedOn: string) =>
        aSignedTreatment(api.db, api.clinic, { patientId, treatedOn });
      treatments = [await signed(kept, '2026-03-02'), await signed(duplicate, '2026-06-01')];
      await book(kept, at);
      await book(duplicate, at, desk.doctorId);
      await book(duplicate, `${inDays(9)}T10:00`);
    });

    it('keeps both visits of one time and says that they clash', async () => {
      const merged = await merge(kept, duplicate);
      expect(merged).toMatchObject({ status: 200, body: { id: kept } });
      expect(merged.body['futureAppointments']).toMatchObject([
        { conflict: true },
        { conflict: true },
        { conflict: false },
      ]);
      const again = await merge(kept, duplicate);
      expect(again).toMatchObject({ status: 422, body: { code: 'patient_merged', survivorId: kept } });
    });

    it('shows the treatments of both, and the signed rows as they were', async () => {
      const listed = await api.send<{ items: { id: string }[] }>(
        'practitioner',
        'GET',
        `/v1/patients/${kept}/treatments`,
      );
      expect(listed.body.items.map(({ id }) => id)).toEqual(treatments.toReversed());
      const { rows } = await api.db.admin.query('SELECT patient_id FROM treatment WHERE id = $1', [
        treatments[1],
      ]);
      expect(rows).toEqual([{ patient_id: duplicate }]);
    });

    it('books for the survivor alone, around what stands under either record', async () => {
      const refused = await book(duplicate, `${inDays(10)}T10:00`);
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'patient_not_bookable', standing: 'merged', survivorId: kept },
      });
      const busy = await book(kept, `${inDays(9)}T10:05`, desk.doctorId);
      expect(busy).toMatchObject({
        status: 409,
        body: { code: 'slot_taken', blockedBy: [{ resource: 'patient' }] },
      });
      const query = `typeId=${desk.type.review}&locationId=${desk.london.id}&practitionerId=${desk.doctorId}&patientId=${kept}`;
      const free = await api.send<{ slots: { localTime: string }[] }>(
        'receptionist',
        'GET',
        `/v1/availability?${query}&from=${inDays(9)}&to=${inDays(9)}&stepMinutes=15`,
      );
      const times = free.body.slots.map(({ localTime }) => localTime.slice(11, 16));
      expect(times).toContain('09:30');
      expect(times).not.toContain('10:00');
    });

    it('moves a visit booked before the merge as the survivor’s', async () => {
      const { rows } = await api.db.admin.query(
        `SELECT id FROM appointment WHERE patient_id = $1 ORDER BY starts_at DESC LIMIT 1`,
        [duplicate],
      );
      const moved = await api.send('receptionist', 'POST', `/v1/appointments/${rows[0].id}/reschedule`, {
        body: { startsAt: `${inDays(9)}T14:00` },
      });
      expect(moved).toMatchObject({ status: 200, body: { patientId: duplicate } });
    });

    it('tells one story, of which the desk sees its part', async () => {
      const nurse = await kinds('practitioner', kept);
      const count = (entries: Entries) =>
        Object.entries(Object.groupBy(entries.items, ({ kind }) => kind)).map(([kind, of]) => [
          kind,
          of?.length,
        ]);
      expect(Object.fromEntries(count(nurse))).toEqual({
        appointment: 3,
        treatment: 2,
        merge: 1,
        'repeat-visit-window': 1,
      });
      expect(Object.fromEntries(count(await kinds('receptionist', kept)))).toEqual({
        appointment: 3,
        merge: 1,
        'repeat-visit-window': 1,
      });
      const days = nurse.items.map(({ day }) => day);
      expect(days).toEqual(days.toSorted().toReversed());
      const paged: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: Entries = await kinds(
          'practitioner',
          kept,
          `limit=1${next === '' ? '' : `&after=${next}`}`,
        );
        paged.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      expect(paged).toEqual(nurse.items.map(({ id }) => id));
      expect((await kinds('practitioner', kept, 'kinds=treatment')).items.map(({ id }) => id)).toEqual(
        treatments.toReversed(),
      );
      expect((await api.send('practitioner', 'GET', `/v1/patients/${kept}/timeline?kinds=%27`)).status).toBe(
        400,
      );
    });

    it('comes apart again, each with what was its own', async () => {
      const parted = await api.send('admin', 'POST', `/v1/patients/${duplicate}/unmerge`, {
        body: { reason: 'Twins' },
      });
      expect(parted).toMatchObject({ status: 200, body: { status: 'active', mergedIntoId: null } });
      const own = (await kinds('practitioner', duplicate)).items.filter(({ kind }) => kind === 'treatment');
      expect(own).toMatchObject([{ id: treatments[1] }]);
      expect((await book(duplicate, `${inDays(10)}T10:00`)).status).toBe(201);
    });

    it('is no matter for the desk', async () => {
      const merging = await api.send('receptionist', 'POST', `/v1/patients/${kept}/merge`, {
        body: { duplicateId: duplicate, reason: 'x' },
      });
      expect(merging.status).toBe(403);
      const other = await aClinic(api.db);
      const foreign = await api.send({ token: other.token.admin }, 'POST', `/v1/patients/${kept}/merge`, {
        body: { duplicateId: duplicate, reason: 'x' },
      });
      expect(foreign).toMatchObject({ status: 404, body: { code: 'patient_not_found' } });
    });
  });

  describe('photos', () => {
    it('go up as a form and come back as a private stream, asked for with a use', async () => {
      const patientId = await desk.aPatient();
      const added = await upload(patientId, { about: { ...PHOTO, consent: CONSENT }, file: await aJpeg(1) });
      expect(added).toMatchObject({ status: 201, body: { mediaType: 'image/jpeg', version: 1 } });
      const fastify = api.app.getHttpAdapter().getInstance();
      const get = (query: string, headers: Record<string, string> = {}) =>
        fastify.inject({
          url: `/v1/photos/${String(added.body['id'])}/file?${query}`,
          headers: { authorization: `Bearer ${api.clinic.token.practitioner}`, ...headers },
        });
      const file = await get('use=treatment-record');
      expect(file.statusCode).toBe(200);
      expect(file.headers).toMatchObject({
        'content-type': 'image/jpeg',
        'cache-control': 'private, no-cache',
        etag: `"${String(added.body['sha256'])}"`,
        'content-security-policy': "default-src 'none'; sandbox",
      });
      expect((await sharp(file.rawPayload).metadata()).exif).toBeUndefined();
      const held = await get('use=treatment-record', { 'if-none-match': String(file.headers.etag) });
      expect([held.statusCode, held.rawPayload.length]).toEqual([304, 0]);
      expect((await get('use=treatment-record&size=thumbnail')).headers['content-type']).toBe('image/webp');
      expect((await get('use=marketing')).json()).toMatchObject({
        code: 'photo_use_not_allowed',
        use: 'marketing',
      });
      expect((await get('')).statusCode).toBe(400);
      for (const [who, status] of [
        ['receptionist', 403],
        ['admin', 403],
      ] as const)
        expect(
          (await api.send(who, 'GET', `/v1/photos/${String(added.body['id'])}/file?use=treatment-record`))
            .status,
        ).toBe(status);
    });

    it('are kept once under one Idempotency-Key, and another file under it is refused', async () => {
      const patientId = await desk.aPatient();
      const [about, key] = [PHOTO, { 'idempotency-key': 'photo-1' }];
      const [first, again] = [
        await upload(patientId, { about, file: await aJpeg(2) }, key),
        await upload(patientId, { about, file: await aJpeg(2) }, key),
      ];
      expect(again).toMatchObject({ status: 201, body: { id: first.body['id'] } });
      const other = await upload(patientId, { about, file: await aJpeg(3) }, key);
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      const same = await upload(patientId, { about, file: await aJpeg(2) });
      expect(same).toMatchObject({
        status: 409,
        body: { code: 'photo_already_kept', photoId: first.body['id'] },
      });
    });

    it('answer a wrong form with 400, pointing at the part, and keep nothing', async () => {
      const patientId = await desk.aPatient();
      const file = await aJpeg(4);
      const before = await readdir(api.files, { recursive: true });
      const tried: [Record<string, unknown>, string][] = [
        [{ about: PHOTO }, '/file'],
        [{ about: PHOTO, file: Buffer.alloc(0) }, '/file'],
        [{ file }, '/about'],
        [{ about: { ...PHOTO, takenOn: undefined }, file }, '/takenOn'],
        [{ about: '{', file }, '/about'],
        [{ about: '{"__proto__": {"x": 1}}', file }, '/about'],
        [{ about: { ...PHOTO, takenOn: '2026-02-30' }, file }, '/takenOn'],
        [{ about: { ...PHOTO, note: 'a\0b' }, file }, '/note'],
        [{ about: { ...PHOTO, view: 'from the moon' }, file }, '/view'],
        [{ about: { ...PHOTO, unknown: 1 }, file }, '/unknown'],
        [{ about: PHOTO, file, more: file }, ''],
        [{ about: PHOTO, file, other: 'x' }, ''],
        [{ about: PHOTO, picture: file }, ''],
        [{ about: PHOTO, file: Buffer.alloc(25 * 1024 * 1024 + 1) }, '/file'],
      ];
      for (const [parts, pointer] of tried) {
        const answer = await upload(patientId, parts);
        expect([pointer, answer]).toMatchObject([
          pointer,
          { status: 400, body: { code: 'invalid_input', errors: [{ pointer }] } },
        ]);
      }
      expect(await readdir(api.files, { recursive: true })).toEqual(before);
    });

    it('take no other body, and no other handler takes a form', async () => {
      const url = `/v1/patients/${await desk.aPatient()}/photos`;
      const form = await aForm({ about: PHOTO, file: await aJpeg(5) });
      const send = (to: string, body: unknown, headers: Record<string, string>): Promise<Answer> =>
        api.send('practitioner', 'POST', to, { body, headers });
      const statuses = [
        await send(url, PHOTO, {}),
        await send(url, form.payload.subarray(0, 200), form.headers),
        await send(url, form.payload, { 'content-type': 'multipart/form-data' }),
        await send('/v1/patients', form.payload, form.headers),
        await api.send('receptionist', 'POST', url, { body: form.payload, headers: form.headers }),
        await api.send(null, 'POST', url, { body: form.payload, headers: form.headers }),
      ].map(({ status }) => status);
      expect(statuses).toEqual([400, 400, 400, 400, 403, 401]);
    });
  });
});
