import { aClinic } from '#identity/testing';
import { newId } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ClinicAtWork } from '#repeat-visits/testing';
import { type Answer, TestApi } from './harness/test-api.js';

interface Slot {
  readonly startsAt: string;
  readonly practitionerId: string;
  readonly locationId: string;
  readonly roomId: string | null;
  readonly usual: boolean;
}
interface Told extends Record<string, unknown> {
  readonly id: string;
  readonly code?: string;
  readonly items: readonly (Record<string, unknown> & {
    readonly patientId: string;
    readonly slots: readonly Slot[] | null;
  })[];
  readonly errors?: readonly { readonly pointer: string }[];
}

const DAY_MS = 86_400_000;
const day = (n: number): string => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);
/** Ona in the UK: due since 22 days, for four weeks more. */
const TREATED = day(-111);

describe('a day on the recall list', () => {
  let api: TestApi;
  let work: ClinicAtWork;
  const who: Record<string, string> = {};
  type Who = Parameters<TestApi['send']>[0];
  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const as = (person: Who, method: Method, path: string, body?: object, headers = {}) =>
    api.send<Told>(person, method, `/v1/${path}`, { headers, ...(body === undefined ? {} : { body }) });
  const desk = (method: Method, path: string, body?: object, headers = {}) =>
    as('receptionist', method, path, body, headers);
  const list = async (query = ''): Promise<Told['items']> => {
    const { status, body } = await desk('GET', `repeat-visits/due?limit=100${query}`);
    expect(status).toBe(200);
    return body.items;
  };
  const names = async (query = ''): Promise<string[]> => {
    const ids = new Set((await list(query)).map(({ patientId }) => patientId));
    return Object.keys(who).filter((name) => ids.has(who[name] ?? ''));
  };
  const of = (name: string): string => who[name] ?? '';
  const call = (name: string, body: object) =>
    desk('POST', `patients/${of(name)}/recall/contacts`, { channel: 'phone', ...body });
  const refused = ({ status, body }: Answer<Told>) => [status, body.code];

  beforeAll(async () => {
    api = await TestApi.start({ market: 'UK' });
    work = await ClinicAtWork.within(api.db, api.app, api.clinic);
    await as('admin', 'PATCH', 'clinic/settings', { quietFrom: '00:00', quietTo: '00:00' });
    for (const name of ['Ann', 'Bea', 'Cleo', 'Dora', 'Eve', 'Fay']) {
      const patientId = await work.desk.aPatient();
      who[name] = patientId;
      await api.db.admin.query(
        `UPDATE patient SET given_name = $2, email = lower($2) || '@example.com', phone = '+44 7700 900123', contact_channels = '{email,phone}'
          WHERE id = $1`,
        [patientId, name],
      );
      await work.sign({
        patientId,
        treatedOn: name === 'Fay' ? day(-150) : TREATED,
        areas: name === 'Eve' ? ['forehead', 'glabella'] : ['glabella'],
      });
    }
  });
  afterAll(() => api.stop());

  it('begins with everybody who is due, past due first, with a visit to offer and three times with the usual practitioner', async () => {
    const items = await list(`&typeId=${work.desk.type.treatment}`);
    expect(items[0]).toMatchObject({ patientId: of('Fay'), state: 'past-due', contactFrom: null });
    const ann = items.find(({ patientId }) => patientId === of('Ann'));
    expect(ann).toMatchObject({
      givenName: 'Ann',
      phone: '+44 7700 900123',
      state: 'due',
      visit: { areas: ['glabella'] },
      lastContact: null,
      queuedMessage: null,
    });
    expect(ann?.slots).toHaveLength(3);
    for (const slot of ann?.slots ?? [])
      expect(slot).toMatchObject({ practitionerId: work.desk.doctorId, usual: true, locationName: 'London' });
  });

  it('is narrowed to what one looks for', async () => {
    expect(await names('&state=past-due')).toEqual(['Fay']);
    expect(await names('&area=forehead')).toEqual(['Eve']);
    expect(await names(`&locationId=${work.desk.newYork.id}`)).toEqual([]);
    expect(await names(`&practitionerId=${work.desk.nurseId}`)).toEqual([]);
    expect(await names('&minWaiting=30')).toEqual(['Eve', 'Fay']);
    expect(await names('&assigned=mine')).toEqual([]);
  });

  it('goes on with a call nobody takes: claimed, recorded, and not again within the gap', async () => {
    const ann = `patients/${of('Ann')}/recall`;
    expect(await desk('POST', `${ann}/claim`)).toMatchObject({
      status: 200,
      body: { claimedBy: api.clinic.actor.receptionist.staffId },
    });
    expect(refused(await as('admin', 'POST', `${ann}/claim`))).toEqual([409, 'recall_claimed']);
    expect(await call('Ann', { outcome: 'no-answer', note: 'Rang twice' })).toMatchObject({ status: 201 });
    expect(refused(await call('Ann', { outcome: 'no-answer' }))).toEqual([422, 'contact_too_soon']);
    const listed = (await list()).find(({ patientId }) => patientId === of('Ann'));
    expect(listed).toMatchObject({ contactFrom: day(7), lastContact: { outcome: 'no-answer' } });
    expect(await names(`&lastContactBefore=${day(0)}`)).not.toContain('Ann');
  });

  it('puts off whoever wants to hear later, for as long as they said', async () => {
    const until = day(10);
    expect(await call('Bea', { initiatedBy: 'patient', outcome: 'later', until })).toMatchObject({
      status: 201,
    });
    expect(await names()).not.toContain('Bea');
    expect(await names(`&on=${until}`)).toContain('Bea');
    expect(refused(await desk('POST', `patients/${of('Bea')}/recall/claim`))).toEqual([
      422,
      'contact_suppressed',
    ]);
  });

  it('sends one message to whoever agreed, however often it is asked for', async () => {
    const preview = await desk('GET', `patients/${of('Cleo')}/recall/message-preview`);
    expect(preview.body).toMatchObject({ now: 'send', to: 'cleo@example.com', language: 'en' });
    const body = { patientIds: [of('Cleo'), of('Ann')] };
    const key = { 'idempotency-key': newId() };
    const asked = await desk('POST', 'repeat-visits/messages', body, key);
    expect(asked).toMatchObject({ status: 201, body: { counts: { waiting: 1, withheld: 1 } } });
    expect((await desk('POST', 'repeat-visits/messages', body, key)).body.id).toBe(asked.body.id);
    const messageTo = (name: string) => asked.body.items.find(({ givenName }) => givenName === name);
    expect(messageTo('Cleo')).toMatchObject({ status: 'waiting' });
    expect(messageTo('Ann')).toMatchObject({ status: 'withheld', reason: 'too-soon' });
    const queued = (await list()).find(({ patientId }) => patientId === of('Cleo'));
    expect(queued?.['queuedMessage']).toMatchObject({ messageId: messageTo('Cleo')?.['id'] });
    await work.sendMessages(new Date());
    expect(work.outbox.sent).toMatchObject([{ to: 'cleo@example.com', text: preview.body['text'] }]);
    const batch = await desk('GET', `repeat-visits/message-batches/${asked.body.id}`);
    expect(batch.body).toMatchObject({
      counts: { sent: 1, withheld: 1, waiting: 0 },
      requestedByName: 'Rhea Desk',
    });
    const contacts = await desk('GET', `patients/${of('Cleo')}/recall/contacts`);
    expect(contacts.body.items).toMatchObject([
      { channel: 'email', outcome: 'messaged', staffName: 'Rhea Desk' },
    ]);
    expect((await desk('GET', 'repeat-visits/message-batches')).body.items).toMatchObject([
      { id: asked.body.id },
    ]);
  });

  it('books one of the times offered: off the list, and back when the visit is cancelled', async () => {
    const dora = (await list(`&typeId=${work.desk.type.treatment}`)).find(
      ({ patientId }) => patientId === of('Dora'),
    );
    const { startsAt, practitionerId, locationId, roomId } = dora?.slots?.[1] ?? {};
    const booked = await desk('POST', 'appointments', {
      patientId: of('Dora'),
      typeId: work.desk.type.treatment,
      startsAt,
      practitionerId,
      locationId,
      roomId,
      areaIds: ['glabella'],
    });
    expect(booked.status).toBe(201);
    expect(await names()).not.toContain('Dora');
    const said = { outcome: 'booked', appointmentId: booked.body.id };
    expect(await call('Dora', said)).toMatchObject({ status: 201, body: { appointmentId: booked.body.id } });
    expect(
      await desk('POST', `appointments/${booked.body.id}/cancel`, { reason: 'Ill', by: 'patient' }),
    ).toMatchObject({ status: 200 });
    expect(await names()).toContain('Dora');
  });

  it('takes a refusal and a wish for peace, both for good', async () => {
    expect(await call('Eve', { initiatedBy: 'patient', outcome: 'declined' })).toMatchObject({ status: 201 });
    expect(await call('Fay', { outcome: 'do-not-contact' })).toMatchObject({ status: 201 });
    expect(await names()).toEqual(['Ann', 'Cleo', 'Dora']);
    expect((await desk('GET', `patients/${of('Fay')}`)).body).toMatchObject({ doNotContact: true });
    const suppressed = await list('&includeSuppressed=true');
    expect(Object.fromEntries(suppressed.map(({ patientId, reason }) => [patientId, reason]))).toMatchObject({
      [of('Bea')]: 'snoozed',
      [of('Eve')]: 'declined',
      [of('Fay')]: 'do-not-contact',
    });
  });

  it('ends with the list on paper and the figures', async () => {
    const file = await api.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        url: '/v1/repeat-visits/due.csv',
        headers: { authorization: `Bearer ${api.clinic.token.receptionist}` },
      });
    const [head, ...lines] = file.body.trimEnd().split('\r\n');
    expect(head).toContain('patient number,name,phone');
    expect(lines).toHaveLength(3);
    expect(file.headers).toMatchObject({
      'content-disposition': 'attachment; filename="recall-list.csv"',
      'x-truncated': 'false',
    });
    expect(file.headers).not.toHaveProperty('x-next');
    const { body } = await desk('GET', `repeat-visits/funnel?from=${day(-80)}&to=${day(0)}`);
    // Six became due; called: Ann, Fay; heard from: Bea, Eve; written to: Cleo; Dora was booked before she was recorded.
    expect(body).toMatchObject({
      due: 6,
      onHold: 0,
      contacted: 6,
      booked: 0,
      attended: 0,
      bookedUncontacted: 1,
    });
    expect(Object.keys(body['definitions'] ?? {})).toEqual(
      expect.arrayContaining(['due', 'onHold', 'contacted']),
    );
  });

  it('lets practitioners call, and nobody but the desk and the office write to many', async () => {
    const messages = { patientIds: [of('Ann')] };
    expect((await as('practitioner', 'POST', `patients/${of('Ann')}/recall/claim`)).status).toBe(422);
    for (const [method, path, body] of [
      ['POST', 'repeat-visits/messages', messages],
      ['GET', 'repeat-visits/message-batches', undefined],
      ['GET', `patients/${of('Ann')}/recall/message-preview`, undefined],
      ['GET', 'repeat-visits/due.csv', undefined],
    ] as const)
      expect((await as('practitioner', method, path, body)).status).toBe(403);
    const words = { subject: 'Hello', text: '{{summary}} {{stop}}' };
    for (const person of ['receptionist', 'practitioner'] as const)
      expect((await as(person, 'PUT', 'repeat-visits/message-templates/en', words)).status).toBe(403);
    const kept = await as('admin', 'PUT', 'repeat-visits/message-templates/en', words, { 'if-match': '"0"' });
    expect([kept.status, kept.headers['etag'], kept.body['version']]).toEqual([200, '"1"', 1]);
    const stale = await as('admin', 'PUT', 'repeat-visits/message-templates/en', words, {
      'if-match': '"0"',
    });
    expect(refused(stale)).toEqual([412, 'stale_version']);
    const unfit = await as('admin', 'PUT', 'repeat-visits/message-templates/en', {
      subject: 'Botox: 20% off',
      text: 'Dear {{nme}}, {{summary}}',
    });
    expect(unfit).toMatchObject({
      status: 422,
      body: {
        code: 'recall_template_unfit',
        unknownPlaces: ['nme'],
        missingPlaces: ['stop'],
        medicines: ['botox'],
        advertising: ['20%'],
      },
    });
    expect((await desk('GET', 'repeat-visits/message-templates')).body.items).toHaveLength(5);
  });

  it('is not there for another clinic', async () => {
    const other = { token: (await aClinic(api.db)).token.receptionist };
    const batch = String((await desk('GET', 'repeat-visits/message-batches')).body.items[0]?.['id']);
    const foreign = [
      ['GET', `patients/${of('Ann')}/recall/messages`, undefined],
      ['GET', `patients/${of('Ann')}/recall/message-preview`, undefined],
      ['GET', `repeat-visits/message-batches/${batch}`, undefined],
      ['GET', `repeat-visits/message-batches/${batch}/messages`, undefined],
      ['POST', `repeat-visits/message-batches/${batch}/stop`, undefined],
      ['POST', 'repeat-visits/messages', { patientIds: [of('Ann')] }],
    ] as const;
    for (const [method, path, body] of foreign) {
      const told = await as(other, method, path, body);
      const id = /[0-9a-f-]{36}/.exec(path + JSON.stringify(body))?.[0] ?? '';
      const absentBody = body === undefined ? undefined : { patientIds: [newId()] };
      const absent = await as(other, method, path.replace(id, newId()), absentBody);
      expect(told.status).toBe(404);
      expect([told.status, { ...told.body, instance: '', requestId: '' }]).toEqual([
        absent.status,
        { ...absent.body, instance: '', requestId: '' },
      ]);
    }
    expect((await as(other, 'GET', 'repeat-visits/message-batches')).body.items).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['neither patients nor a filter', {}, '/patientIds'],
    ['both', { patientIds: [newId()], filter: {} }, '/patientIds'],
    ['nobody', { patientIds: [] }, '/patientIds'],
    ['an id that is none', { patientIds: ['x'] }, '/patientIds'],
    [
      'somebody twice',
      { patientIds: ['0190b000-0000-7000-8000-000000000001', '0190b000-0000-7000-8000-000000000001'] },
      '/patientIds',
    ],
    ['too many', { filter: {}, limit: 201 }, '/limit'],
    ['a filter that is no object', { filter: 'all' }, '/filter'],
    ['a field a filter has not', { filter: { on: day(0) } }, '/filter/on'],
    ['a state there is none', { filter: { state: ['early'] } }, '/filter/state'],
    ['an area there is none', { filter: { area: 'nose' } }, '/filter/area'],
    ['a cursor that is none', { filter: {}, after: 'x' }, '/after'],
    ['a word for a choice', { filter: {}, offerVisit: 'yes' }, '/offerVisit'],
  ])('answers 400 with a JSON pointer for messages to %s', async (_, body, pointer) => {
    const answer = await desk('POST', 'repeat-visits/messages', body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });
});
