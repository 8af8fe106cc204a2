import { aClinic } from '#identity/testing';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

import { TestApi } from './harness/test-api.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

interface Entry {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly start: string;
  readonly end: string;
  readonly summary: string;
}

const byMozilla = (text: string): Entry[] =>
  new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents('vevent').map((part) => {
    const event = new ICAL.Event(part);
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: String(part.getFirstPropertyValue('status')),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
    };
  });

const byNodeIcal = (text: string): Entry[] =>
  Object.values(nodeIcal.sync.parseICS(text)).flatMap((part) =>
    part?.type === 'VEVENT'
      ? [
          {
            uid: part.uid,
            sequence: Number(part.sequence),
            status: String(part.status),
            start: part.start.toISOString(),
            end: part.end?.toISOString() ?? '',
            summary: typeof part.summary === 'string' ? part.summary : '',
          },
        ]
      : [],
  );

/** Both parsers must agree before anything else is said of a calendar. */
function entries(text: string): Entry[] {
  const read = byMozilla(text);
  expect(byNodeIcal(text)).toEqual(read);
  return read;
}

describe('a calendar feed', () => {
  let api: TestApi;
  let desk: TestDesk;
  let path: string;

  const fetchCalendar = (from: string, headers: Record<string, string> = {}) =>
    api.app.getHttpAdapter().getInstance().inject({ method: 'GET', url: from, headers });
  const calendar = async (): Promise<Entry[]> => entries((await fetchCalendar(path)).body);
  const make = async (body: object, who: 'receptionist' | 'practitioner' | 'admin' = 'practitioner') =>
    api.send(who, 'POST', '/v1/calendar-feeds', { body });
  const book = async (startsAt: string, change: object = {}): Promise<string> => {
    const answer = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: {
        patientId: await desk.aPatient(),
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt,
        note: 'Migraine',
        ...change,
      },
    });
    expect(answer.status).toBe(201);
    return String(answer.body['id']);
  };
  const verb = (id: string, what: string, body: object) =>
    api.send('receptionist', 'POST', `/v1/appointments/${id}/${what}`, { body });

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
    const made = await make({ practitionerId: desk.nurseId });
    expect(made.status).toBe(201);
    path = String(made.body['path']);
  });
  afterAll(() => api.stop());

  it('shows a practitioner when and where they are busy, read alike by two parsers', async () => {
    const id = await book(`${inDays(3)}T10:00`);
    await book(`${inDays(3)}T11:00`, { practitionerId: desk.doctorId });
    const answer = await fetchCalendar(path);
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8');
    const [entry, ...others] = entries(answer.body);
    expect(others).toEqual([]);
    const booked = await api.send('receptionist', 'GET', `/v1/appointments/${id}`);
    expect(entry).toEqual({
      uid: `${id}@revisit`,
      sequence: 1,
      status: 'CONFIRMED',
      start: booked.body['startsAt'],
      end: booked.body['endsAt'],
      summary: `Busy – Revisit #${id.slice(-8)}`,
    });
    expect(answer.body).toMatch(/^DTSTART:\d{8}T\d{6}Z\r$/m);
    expect(answer.body).toMatch(/^LAST-MODIFIED:\d{8}T\d{6}Z\r$/m);
    // Nothing of the patient, of what is done, or of notes.
    expect(answer.body).not.toMatch(/Zo|Patient|treatment|Migraine/i);
  });

  it('raises SEQUENCE with every change, keeps the UID, and keeps what was called off', async () => {
    const id = await book(`${inDays(4)}T10:00`);
    const find = async () => (await calendar()).find(({ uid }) => uid === `${id}@revisit`);
    await verb(id, 'reschedule', { startsAt: `${inDays(4)}T14:00` });
    expect(await find()).toMatchObject({ sequence: 2, status: 'CONFIRMED' });
    await verb(id, 'cancel', { reason: 'Ill', by: 'patient' });
    expect(await find()).toMatchObject({ sequence: 3, status: 'CANCELLED' });
    await api.db.admin.query(`UPDATE appointment SET updated_at = now() - interval '40 days' WHERE id = $1`, [
      id,
    ]);
    expect(await find()).toBeUndefined();
  });

  it('answers 304 until something changes', async () => {
    const first = await fetchCalendar(path);
    const etag = String(first.headers['etag']);
    const same = await fetchCalendar(path, { 'if-none-match': `"other", W/${etag}` });
    expect([same.statusCode, same.body, same.headers['etag']]).toEqual([304, '', etag]);
    await book(`${inDays(5)}T10:00`);
    expect((await fetchCalendar(path, { 'if-none-match': etag })).statusCode).toBe(200);
  });

  it('shows a location who is busy there', async () => {
    const made = await make({ locationId: desk.newYork.id }, 'receptionist');
    const id = await book(`${inDays(6)}T10:00`, { locationId: desk.newYork.id });
    const read = entries((await fetchCalendar(String(made.body['path']))).body);
    expect(read.map(({ summary }) => summary)).toEqual([`Busy – Nadia Nurse #${id.slice(-8)}`]);
  });

  it('tells the address once, keeps only its hash, and falls silent when revoked', async () => {
    const made = await make({ practitionerId: desk.nurseId });
    const secret = String(made.body['path']);
    const token = secret.slice('/calendar/'.length, -'.ics'.length);
    const { rows } = await api.db.admin.query<{ kept: string }>(
      'SELECT row_to_json(f)::text AS kept FROM calendar_feed f',
    );
    expect(rows.some(({ kept }) => kept.includes(token))).toBe(false);
    const listed = await api.send<{ items: { id: string }[] }>('practitioner', 'GET', '/v1/calendar-feeds');
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect(listed.body.items.map(({ id }) => id)).toContain(made.body['id']);
    expect((await fetchCalendar(secret)).statusCode).toBe(200);
    const revoked = await api.send('practitioner', 'DELETE', `/v1/calendar-feeds/${String(made.body['id'])}`);
    expect(revoked.status).toBe(204);
    expect((await fetchCalendar(secret)).statusCode).toBe(404);
    expect((await fetchCalendar('/calendar/nothing.ics')).statusCode).toBe(404);
  });

  it('keeps no secret for a repeated request', async () => {
    const headers = { 'idempotency-key': 'twice' };
    const body = { practitionerId: desk.nurseId };
    const made = await api.send('practitioner', 'POST', '/v1/calendar-feeds', { body, headers });
    expect(made.status).toBe(201);
    const { rows } = await api.db.admin.query('SELECT 1 FROM idempotency_key');
    expect(rows).toEqual([]);
  });

  it('is made for others by the office only, and for one or the other', async () => {
    expect(await make({ practitionerId: desk.doctorId })).toMatchObject({
      status: 403,
      body: { code: 'calendar_feed_of_another' },
    });
    expect((await make({ practitionerId: desk.doctorId }, 'admin')).status).toBe(201);
    expect((await make({})).status).toBe(400);
    expect((await make({ practitionerId: desk.nurseId, locationId: desk.london.id })).status).toBe(400);
  });

  it('ends with the account of whoever made it', async () => {
    const other = await aClinic(api.db);
    const otherDesk = await aDesk(api.db, other);
    const who = { token: other.token.admin };
    const body = { practitionerId: otherDesk.doctorId };
    const made = await api.send(who, 'POST', '/v1/calendar-feeds', { body });
    const secret = String(made.body['path']);
    expect((await fetchCalendar(secret)).statusCode).toBe(200);
    // The last admin of a clinic stays: somebody else is one too.
    await api.db.admin.query(`UPDATE staff SET roles = '{admin}' WHERE id = $1`, [
      other.actor.receptionist.staffId,
    ]);
    await api.db.admin.query('UPDATE staff SET active = false WHERE id = $1', [other.actor.admin.staffId]);
    expect((await fetchCalendar(secret)).statusCode).toBe(404);
  });

  it('is not there for another clinic', async () => {
    const other = await aClinic(api.db);
    const listed = await api.send<{ items: object[] }>(
      { token: other.token.admin },
      'GET',
      '/v1/calendar-feeds',
    );
    expect(listed.body.items).toEqual([]);
    const { rows } = await api.db.admin.query<{ id: string }>('SELECT id FROM calendar_feed LIMIT 1');
    const foreign = await api.send(
      { token: other.token.admin },
      'DELETE',
      `/v1/calendar-feeds/${rows[0]?.id ?? ''}`,
    );
    expect(foreign).toMatchObject({ status: 404, body: { code: 'calendar_feed_not_found' } });
    const ofOther = await api.send({ token: other.token.admin }, 'POST', '/v1/calendar-feeds', {
      body: { locationId: desk.london.id },
    });
    expect(ofOther).toMatchObject({ status: 404, body: { code: 'location_not_found' } });
  });
});
