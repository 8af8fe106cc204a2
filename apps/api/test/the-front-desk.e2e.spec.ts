import { aClinic } from '#identity/testing';
import { aDesk, type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('the front desk over HTTP', () => {
  let api: TestApi;
  let desk: TestDesk;
  const wish = async (change: object = {}): Promise<object> => ({
    patientId: await desk.aPatient(),
    typeId: desk.type.treatment,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    startsAt: `${inDays(3)}T10:00`,
    ...change,
  });

  beforeAll(async () => {
    api = await TestApi.start();
    desk = await aDesk(api.db, api.clinic);
  });
  afterAll(() => api.stop());

  it('finds a slot, books it, confirms it, and sees it on the day sheet; nobody is here before the day', async () => {
    const query = `typeId=${desk.type.treatment}&locationId=${desk.london.id}&practitionerId=${desk.nurseId}`;
    const found = await api.send<{ slots: { startsAt: string; localTime: string }[] }>(
      'receptionist',
      'GET',
      `/v1/availability?${query}&from=${inDays(2)}&to=${inDays(2)}&stepMinutes=30`,
    );
    expect(found.status).toBe(200);
    const [slot] = found.body.slots;
    const booked = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: await wish({ startsAt: slot?.startsAt }),
    });
    expect(booked).toMatchObject({ status: 201, body: { status: 'booked', localTime: slot?.localTime } });
    const stale = await api.send(
      'receptionist',
      'POST',
      `/v1/appointments/${String(booked.body['id'])}/confirm`,
      {
        headers: { 'if-match': '"7"' },
      },
    );
    expect(stale.status).toBe(412);
    const confirmed = await api.send(
      'receptionist',
      'POST',
      `/v1/appointments/${String(booked.body['id'])}/confirm`,
      {
        headers: { 'if-match': String(booked.headers['etag']) },
      },
    );
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'confirmed', version: 2 } });
    const early = await api.send(
      'receptionist',
      'POST',
      `/v1/appointments/${String(booked.body['id'])}/check-in`,
    );
    expect(early).toMatchObject({ status: 422, body: { code: 'appointment_still_ahead', verb: 'check-in' } });
    const sheet = await api.send(
      'receptionist',
      'GET',
      `/v1/day-sheet?locationId=${desk.london.id}&on=${inDays(2)}`,
    );
    expect(sheet).toMatchObject({ status: 200, body: { items: [{ status: 'confirmed' }] } });
  });

  it('answers the first booking again to the same Idempotency-Key', async () => {
    const sending = {
      body: await wish({ startsAt: `${inDays(4)}T10:00` }),
      headers: { 'idempotency-key': 'again' },
    };
    const first = await api.send('receptionist', 'POST', '/v1/appointments', sending);
    const second = await api.send('receptionist', 'POST', '/v1/appointments', sending);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body['id']).toBe(first.body['id']);
  });

  it.each([
    ['a day that does not exist', { startsAt: '2026-02-30T10:00' }, 400],
    ['no moment at all', { startsAt: 'tomorrow' }, 400],
    ['an id that is none', { patientId: '42' }, 400],
    ['an unknown field', { colour: 'red' }, 400],
    ['an override without a reason', { override: {} }, 400],
    ['a year at the end of the calendar', { startsAt: '9999-12-31T10:00' }, 400],
    ['a day beyond the horizon', { startsAt: '2099-01-05T10:00' }, 422],
  ])('refuses %s', async (_, change, status) => {
    const answer = await api.send('receptionist', 'POST', '/v1/appointments', { body: await wish(change) });
    expect(answer.status).toBe(status);
  });

  it('needs days for a search, unless a patient’s windows give them, and shows weeks', async () => {
    const query = `typeId=${desk.type.treatment}&locationId=${desk.london.id}`;
    const get = (url: string) => api.send('receptionist', 'GET', `/v1/${url}`);
    expect((await get(`availability?${query}`)).status).toBe(400);
    const patientId = await desk.aPatient();
    const half = await get(`availability?${query}&patientId=${patientId}&from=${inDays(2)}`);
    expect(half.status).toBe(400);
    const found = await get(`availability?${query}&patientId=${patientId}&areaIds=glabella,forehead&limit=1`);
    expect(found).toMatchObject({
      status: 200,
      body: { order: 'By time: too few past visits to know a habit', slots: [{ why: null }] },
    });
    expect((await get(`week-sheet?weekOf=${inDays(2)}`)).status).toBe(400);
    const week = await get(`week-sheet?practitionerId=${desk.nurseId}&weekOf=${inDays(2)}&alerts=false`);
    expect(week).toMatchObject({ status: 200, body: { zone: null } });
    expect(week.body['days']).toHaveLength(7);
  });

  it('lets only the office set up, and keeps clinics apart', async () => {
    const body = { name: 'Annexe', zone: 'Europe/London' };
    expect((await api.send('receptionist', 'POST', '/v1/locations', { body })).status).toBe(403);
    expect(
      (await api.send('admin', 'POST', '/v1/locations', { body: { ...body, zone: 'Mars/Base' } })).status,
    ).toBe(400);
    expect((await api.send('admin', 'POST', '/v1/locations', { body })).status).toBe(201);
    expect((await api.send('admin', 'POST', '/v1/locations', { body })).status).toBe(409);
    const booked = await api.send('receptionist', 'POST', '/v1/appointments', {
      body: await wish({ startsAt: `${inDays(5)}T10:00` }),
    });
    const strange = { token: (await aClinic(api.db)).token.admin };
    const foreign = await api.send(strange, 'GET', `/v1/appointments/${String(booked.body['id'])}`);
    expect(foreign).toMatchObject({ status: 404, body: { code: 'appointment_not_found' } });
  });
});
