import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { SearchAvailability } from '../src/http/availability.dto.js';
import {
  AvailabilityRangeInvalid,
  LocationNotFound,
  NameTaken,
  PatientUnderAge,
  WorkingHoursInvalid,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');
const ALWAYS = { validFrom: '2020-01-01' };

describe('availability', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const search = (change: Partial<SearchAvailability> = {}) =>
    scheduling.availability.search(clinic.actor.receptionist, {
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      from: '2026-03-03',
      to: '2026-03-03',
      stepMinutes: 60,
      limit: 200,
      ...change,
    });
  const times = async (change: Partial<SearchAvailability> = {}): Promise<string[]> =>
    (await search(change)).slots.map(({ localTime }) => localTime.slice(11));
  const book = async (startsAt: string, change = {}) =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clock.set(NOW);
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
  });

  it('offers the working day on the grid, buffers inside, with local time, instant, practitioner and room', async () => {
    const { slots, zone, truncated } = await search();
    expect({ zone, truncated }).toEqual({ zone: 'Europe/London', truncated: false });
    expect(slots.map(({ localTime }) => localTime.slice(11))).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
      '13:00',
      '14:00',
      '15:00',
      '16:00',
      '17:00',
    ]);
    expect(slots[0]).toEqual({
      startsAt: new Date('2026-03-03T09:00Z'),
      endsAt: new Date('2026-03-03T09:30Z'),
      localTime: '2026-03-03T09:00',
      practitionerId: desk.nurseId,
      practitionerName: 'Nadia Nurse',
      roomId: desk.london.roomIds[0],
      roomName: 'Room 1',
      why: null,
    });
  });

  it('leaves out what is booked, buffers included, and brings it back when cancelled', async () => {
    const { id } = await book('2026-03-03T10:30');
    const around = { stepMinutes: 15, from: '2026-03-03', to: '2026-03-03' };
    const free = await times(around);
    expect(free.filter((time) => time > '09:30' && time < '11:30')).toEqual(['09:45', '11:15']);
    await scheduling.verbs.change(
      clinic.actor.receptionist,
      id,
      'cancel',
      { by: 'clinic', reason: 'x' },
      undefined,
    );
    expect((await times(around)).length).toBeGreaterThan(free.length);
  });

  it('counts time taken at another location, and the hours of another room', async () => {
    await book('2026-03-03T09:00', { locationId: desk.newYork.id });
    expect(await times()).not.toContain('14:00');
    await book('2026-03-03T12:00', { practitionerId: desk.doctorId, roomId: desk.london.roomIds[0] });
    const noon = (await search()).slots.find(({ localTime }) => localTime.endsWith('12:00'));
    expect(noon).toMatchObject({ roomName: 'Room 2' });
  });

  it('offers nothing to a patient booking would refuse, and says so as booking does', async () => {
    const patientId = await desk.aPatient();
    await search({ patientId });
    const stands = (set: string) => db.admin.query(`UPDATE patient SET ${set} WHERE id = $1`, [patientId]);
    const refusedAs = (standing: string) => ({
      name: 'patient_not_bookable',
      facts: { patientId, standing },
    });
    for (const standing of ['deceased', 'transferred']) {
      await stands(`status = '${standing}', status_on = '2026-03-01'`);
      await expect(search({ patientId })).rejects.toMatchObject(refusedAs(standing));
      await expect(book('2026-03-03T10:00', { patientId })).rejects.toMatchObject(refusedAs(standing));
    }
    const survivorId = await desk.aPatient();
    await stands(`status = 'merged', status_on = NULL, merged_into_id = '${survivorId}'`);
    await expect(search({ patientId })).rejects.toMatchObject({ facts: { standing: 'merged', survivorId } });
  });

  it('offers a treatment in the UK from the day the patient comes of age', async () => {
    const patientId = await desk.aPatient('2008-03-04');
    await expect(search({ patientId, from: '2026-03-03', to: '2026-03-03' })).rejects.toThrow(
      PatientUnderAge,
    );
    const { slots } = await search({ patientId, from: '2026-03-03', to: '2026-03-05' });
    expect(new Set(slots.map(({ localTime }) => localTime.slice(0, 10)))).toEqual(
      new Set(['2026-03-04', '2026-03-05']),
    );
    expect((await search({ patientId, typeId: desk.type.review })).slots).not.toEqual([]);
  });

  it('asks of anyone, and leaves out when the patient is elsewhere', async () => {
    const patientId = await desk.aPatient();
    await book('2026-03-03T12:00', { patientId, typeId: desk.type.review });
    const ask = (who: { patientId?: string }) =>
      scheduling.availability.search(clinic.actor.receptionist, {
        typeId: desk.type.treatment,
        locationId: desk.london.id,
        from: '2026-03-03',
        to: '2026-03-03',
        stepMinutes: 60,
        limit: 200,
        ...who,
      });
    expect((await ask({})).slots).toHaveLength(17);
    expect((await ask({ patientId })).slots).toHaveLength(16);
  });

  it.each([
    ['London springs forward', '2026-03-28', '2026-03-30', 'london', ['09:00Z', '08:00Z', '08:00Z']],
    ['London falls back', '2026-10-24', '2026-10-26', 'london', ['08:00Z', '09:00Z', '09:00Z']],
    ['New York springs forward', '2026-03-07', '2026-03-09', 'newYork', ['14:00Z', '13:00Z', '13:00Z']],
    ['New York falls back', '2026-10-31', '2026-11-02', 'newYork', ['13:00Z', '14:00Z', '14:00Z']],
  ] as const)('keeps the wall clock when %s', async (_, from, to, where, expected) => {
    const { slots } = await search({ from, to, locationId: desk[where].id });
    const nines = slots.filter(({ localTime }) => localTime.endsWith('T09:00'));
    expect(nines.map(({ startsAt }) => `${startsAt.toISOString().slice(11, 16)}Z`)).toEqual(expected);
  });

  it('offers no skipped hour, and a repeated hour as two instants', async () => {
    const nights = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      weekday,
      start: '00:00',
      end: '06:00',
      ...ALWAYS,
    }));
    const { admin } = clinic.actor;
    await scheduling.locations.setOpeningHours(admin, desk.london.id, nights);
    await scheduling.workingHours.setWeekly(admin, desk.nurseId, desk.london.id, nights);
    const review = { typeId: desk.type.review };
    expect(await times({ ...review, from: '2026-03-29', to: '2026-03-29' })).toEqual([
      '00:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
    expect(await times({ ...review, from: '2026-10-25', to: '2026-10-25' })).toEqual([
      '00:00',
      '01:00',
      '01:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
  });

  it('offers nothing in the past nor beyond the horizon, and every slot it offers can be booked', async () => {
    clock.set(new Date('2026-03-03T14:10Z'));
    expect(await times()).toEqual(['15:00', '16:00', '17:00']);
    expect(await times({ from: '2027-04-07', to: '2027-04-08' })).toHaveLength(9);
    for (const time of ['15:00', '16:00', '17:00'])
      expect(await book(`2026-03-03T${time}`)).toMatchObject({ status: 'booked' });
    expect(await times()).toEqual([]);
  });

  it('says when there are more than asked for', async () => {
    expect(await search({ limit: 2 })).toMatchObject({ truncated: true, slots: [{}, {}] });
  });

  it('refuses an inverted or too long range, and what this clinic does not have', async () => {
    const strange = await aDesk(db, await aClinic(db));
    expect(() => search({ from: '2026-03-03', to: '2026-03-02' })).toThrow(AvailabilityRangeInvalid);
    expect(() => search({ from: '2026-03-01', to: '2026-04-30' })).toThrow(AvailabilityRangeInvalid);
    expect((await search({ from: '2026-03-03', to: '2026-05-01' })).truncated).toBe(true);
    await expect(search({ practitionerId: strange.nurseId })).rejects.toThrow(StaffNotFound);
    await expect(search({ locationId: strange.london.id })).rejects.toThrow(LocationNotFound);
    await expect(search({ patientId: await strange.aPatient() })).rejects.toThrow(PatientNotFound);
  });

  it('is set up by the office: names once, shifts by day, rooms and types', async () => {
    const { admin } = clinic.actor;
    const { locations, rooms, types, workingHours, exceptions } = scheduling;
    const sydney = await locations.open(admin, { name: 'Sydney', zone: 'Australia/Sydney' });
    await expect(locations.open(admin, { name: 'Sydney', zone: 'Europe/Paris' })).rejects.toThrow(NameTaken);
    const hours = [{ weekday: 2, start: '09:00', end: '12:00', ...ALWAYS }];
    await locations.setOpeningHours(admin, sydney.id, hours);
    await rooms.add(admin, sydney.id, { name: 'A', kind: 'treatment', equipment: ['couch'] });
    await rooms.add(admin, sydney.id, {
      name: 'B',
      kind: 'treatment',
      equipment: ['couch', 'laser'],
    });
    await expect(rooms.add(admin, sydney.id, { name: 'A', kind: 'office' })).rejects.toThrow(NameTaken);
    await workingHours.setWeekly(admin, desk.doctorId, sydney.id, hours);
    await exceptions.addExtraHours(admin, desk.doctorId, {
      locationId: sydney.id,
      startsAt: '2026-03-04T09:00',
      endsAt: '2026-03-04T10:00',
    });
    const { id: typeId } = await types.add(admin, {
      name: 'Laser',
      kind: 'treatment',
      durationMinutes: 60,
      equipment: ['laser'],
      practitionerIds: [desk.doctorId],
    });
    const found = await scheduling.availability.search(clinic.actor.receptionist, {
      typeId,
      locationId: sydney.id,
      from: '2026-03-03',
      to: '2026-03-05',
      stepMinutes: 60,
      limit: 200,
    });
    expect(found.slots.map(({ localTime, roomName }) => `${localTime} ${roomName}`)).toEqual([
      '2026-03-03T09:00 B',
      '2026-03-03T10:00 B',
      '2026-03-03T11:00 B',
    ]);
    await expect(
      (async () =>
        workingHours.setWeekly(admin, desk.nurseId, sydney.id, [
          { weekday: 1, start: '17:00', end: '09:00', ...ALWAYS },
        ]))(),
    ).rejects.toThrow(WorkingHoursInvalid);
    const { items } = await locations.list(clinic.actor.receptionist);
    expect(items.map((one) => [one.name, one.rooms.length, one.openingHours.length])).toEqual([
      ['London', 3, 7],
      ['New York', 1, 7],
      ['Sydney', 2, 1],
    ]);
  });
});
