import { aClinic } from '#identity/testing';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type Answer, TestApi } from './harness/test-api.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

type Problem = Record<string, unknown> & { errors?: { pointer: string }[] };

describe('setting up over HTTP', () => {
  let api: TestApi;
  let desk: TestDesk;
  const send = (
    method: 'PATCH' | 'PUT' | 'POST' | 'DELETE',
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Problem>> =>
    api.send<Problem>('admin', method, `/v1/${url}`, { ...(body === undefined ? {} : { body }), headers });

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it('closes a day, counts and lists who was booked, and resolves it by moving them', async () => {
    const day = inDays(5);
    const booked = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: {
        patientId: await desk.aPatient(),
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        practitionerId: desk.nurseId,
        startsAt: `${day}T10:00`,
      },
    });
    const url = `locations/${desk.london.id}/closed-days`;
    const closing = { days: [{ day, name: 'Burst pipe' }] };
    const closed = await send('PUT', url, closing, { 'if-match': '"1"', 'idempotency-key': 'pipe' });
    expect(closed).toMatchObject({ status: 200, body: { misfits: 1, version: 2 }, headers: { etag: '"2"' } });
    const again = await send('PUT', url, closing, { 'if-match': '"1"', 'idempotency-key': 'pipe' });
    expect(again.body).toEqual(closed.body);
    expect((await send('PUT', url, closing, { 'if-match': '"1"' })).status).toBe(412);
    const misfits = () =>
      api.send('receptionist', 'GET', `/v1/appointments/misfits?locationId=${desk.london.id}&limit=10`);
    expect(await misfits()).toMatchObject({
      status: 200,
      body: {
        items: [{ appointmentId: booked.body['id'], reasons: [{ code: 'outside_opening_hours' }] }],
        next: null,
      },
    });
    const moved = await api.send(
      'receptionist',
      'POST',
      `/v1/appointments/${String(booked.body['id'])}/reschedule`,
      { body: { startsAt: `${inDays(6)}T10:00`, reason: 'Burst pipe' } },
    );
    expect(moved.status).toBe(200);
    expect((await misfits()).body).toEqual({ items: [], next: null });
  });

  it('lets only the office change, and the desk read', async () => {
    const [room = ''] = desk.london.roomIds;
    const nurse = `practitioners/${desk.nurseId}`;
    for (const [method, url, body] of [
      ['PATCH', `locations/${desk.london.id}`, { active: false }],
      ['PUT', `locations/${desk.london.id}/extra-openings`, { openings: [] }],
      ['PATCH', `rooms/${room}`, { active: false }],
      ['PATCH', `appointment-types/${desk.type.review}`, { active: false }],
      ['PUT', `${nurse}/absences/${room}`, { startsOn: inDays(1), endsOn: inDays(1), reason: 'Ill' }],
      ['PUT', `${nurse}/extra-hours/${room}`, {}],
    ] as const)
      for (const who of ['receptionist', 'practitioner'] as const)
        expect((await api.send(who, method, `/v1/${url}`, { body })).status).toBe(403);
    expect((await api.send('practitioner', 'GET', '/v1/appointments/misfits')).status).toBe(200);
  });

  it('answers for what another clinic has as for what nobody has', async () => {
    const strange = await aDesk(api.db, await aClinic(api.db));
    const nobody = '018f0000-0000-7000-8000-000000000000';
    const away = { startsOn: inDays(1), endsOn: inDays(1), reason: 'Ill' };
    const [room = ''] = strange.london.roomIds;
    for (const [method, url, theirs, body] of [
      ['PATCH', 'locations/:id', strange.london.id, {}],
      ['PATCH', 'rooms/:id', room, {}],
      ['PATCH', 'appointment-types/:id', strange.type.review, {}],
      ['POST', 'practitioners/:id/absences', strange.nurseId, away],
    ] as const) {
      const [foreign, absent] = await Promise.all(
        [theirs, nobody].map((id) => send(method, url.replace(':id', id), body)),
      );
      expect(foreign?.status).toBe(404);
      expect({ ...foreign?.body, requestId: '' }).toEqual({ ...absent?.body, requestId: '' });
    }
    const list = await api.send(
      'receptionist',
      'GET',
      `/v1/appointments/misfits?locationId=${strange.london.id}`,
    );
    expect(list).toMatchObject({ status: 404, body: { code: 'location_not_found' } });
  });

  const shift = { weekday: 1, start: '09:00', end: '17:00', validFrom: '2026-01-01' };
  it.each<[string, 'PUT' | 'PATCH' | 'POST', (desk: TestDesk) => string, unknown, string[]]>([
    ['a zone that is none', 'PATCH', (d) => `locations/${d.london.id}`, { zone: 'Mars/Base' }, ['/zone']],
    ['a name that is null', 'PATCH', (d) => `locations/${d.london.id}`, { name: null }, ['/name']],
    [
      'an unknown field',
      'PATCH',
      (d) => `rooms/${d.london.roomIds[0] ?? ''}`,
      { colour: 'red' },
      ['/colour'],
    ],
    [
      'a day that does not exist',
      'PUT',
      (d) => `locations/${d.london.id}/extra-openings`,
      { openings: [{ day: '2026-02-30', start: '09:00', end: '25:00', name: 'x' }] },
      ['/openings/0/day', '/openings/0/end'],
    ],
    [
      'every ninth week',
      'PUT',
      (d) => `practitioners/${d.nurseId}/working-hours/${d.london.id}`,
      { hours: [{ ...shift, everyWeeks: 9, anchorMonday: '2026-02-30' }] },
      ['/hours/0/everyWeeks', '/hours/0/anchorMonday'],
    ],
    [
      'a fraction of a minute',
      'PATCH',
      (d) => `appointment-types/${d.type.review}`,
      { durationMinutes: 7.5, kind: 'party', colour: 'red' },
      ['/colour', '/durationMinutes', '/kind'],
    ],
    [
      'an absence with one end',
      'POST',
      (d) => `practitioners/${d.nurseId}/absences`,
      { startsOn: '2026-12-01', reason: 'Ill' },
      ['/endsOn'],
    ],
    [
      'an absence without a span',
      'POST',
      (d) => `practitioners/${d.nurseId}/absences`,
      { reason: 'Ill' },
      ['/endsAt', '/locationId', '/startsAt'],
    ],
    [
      'days and moments at once',
      'POST',
      (d) => `practitioners/${d.nurseId}/absences`,
      {
        locationId: '018f0000-0000-7000-8000-000000000000',
        startsAt: '2026-12-01T09:00',
        endsAt: '2026-12-01T10:00',
        startsOn: '2026-12-01',
        endsOn: '2026-12-01',
        reason: 'Ill',
      },
      ['/startsOn'],
    ],
  ])('refuses %s with a pointer to it', async (_, method, url, body, pointers) => {
    const answer = await send(method, url(desk), body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_input']);
    expect(answer.body.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(pointers.toSorted());
  });

  it('refuses what only the calendar tells, and a question that cannot be answered', async () => {
    const hours = `practitioners/${desk.nurseId}/working-hours/${desk.london.id}`;
    for (const weeks of [{ everyWeeks: 2 }, { everyWeeks: 2, anchorMonday: '2026-03-03' }]) {
      const answer = await send('PUT', hours, { hours: [{ ...shift, ...weeks }] });
      expect(answer).toMatchObject({ status: 400, body: { code: 'working_hours_invalid' } });
    }
    const gap = { locationId: desk.london.id, startsAt: '2027-03-28T01:30', endsAt: '2027-03-28T04:00' };
    const skipped = await send('POST', `practitioners/${desk.nurseId}/extra-hours`, gap);
    expect(skipped).toMatchObject({ status: 400, body: { code: 'local_time_does_not_exist' } });
    for (const query of [
      'limit=0',
      'limit=101',
      'after=x',
      'from=2026-02-30',
      'overridden=maybe',
      'page=2',
      'locationId=7',
    ]) {
      const answer = await api.send('receptionist', 'GET', `/v1/appointments/misfits?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
    const inverted = await api.send(
      'receptionist',
      'GET',
      '/v1/appointments/misfits?from=2026-12-02&to=2026-12-01',
    );
    expect(inverted).toMatchObject({ status: 400, body: { code: 'span_inverted' } });
  });
});
