import { createTestDatabase, type TestDatabase } from '#database/testing';
import { InvalidInput, StaleVersion } from '#http';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  AppointmentTypeNotFound,
  LocationNotFound,
  NameTaken,
  RoomNotFound,
  SetUpEntryNotFound,
  SpanInverted,
  WorkingHoursInvalid,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

/** A Monday. */
const NOW = new Date('2026-03-02T07:00:00Z');
const ALWAYS = { validFrom: '2020-01-01' };
const MORNING = { start: '09:00', end: '11:00', ...ALWAYS };

describe('setting up', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const admin = () => clinic.actor.admin;
  const search = (change: object = {}) =>
    scheduling.availability.search(clinic.actor.receptionist, {
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      from: '2026-03-03',
      to: '2026-03-03',
      stepMinutes: 60,
      limit: 500,
      ...change,
    });
  const times = async (change: object = {}): Promise<string[]> =>
    (await search(change)).slots.map(({ localTime }) => localTime.replace('2026-', ''));
  const book = async (startsAt: string, change: object = {}) =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const London = async () => {
    const { items } = await scheduling.locations.list(admin());
    const location = items.find(({ id }) => id === desk.london.id);
    if (!location) throw new Error('London is gone');
    return location;
  };

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
  });

  it('renames a location, reads its hours by another clock, and leaves what is booked at its instant', async () => {
    const booked = await book('2026-03-03T10:00');
    const changed = await scheduling.locations.change(admin(), desk.london.id, { name: 'Lisbon' });
    expect(changed).toMatchObject({ name: 'Lisbon', zone: 'Europe/London', version: 2, misfits: 0 });
    const moved = await scheduling.locations.change(admin(), desk.london.id, { zone: 'Asia/Kolkata' });
    expect(moved).toMatchObject({ zone: 'Asia/Kolkata', version: 3, misfits: 0 });
    const read = await scheduling.verbs.read(admin(), booked.id);
    expect(read).toMatchObject({ startsAt: booked.startsAt, localTime: '2026-03-03T15:30' });
    expect((await times()).at(0)).toBe('03-03T09:00');
    await expect(scheduling.locations.change(admin(), desk.london.id, { name: 'New York' })).rejects.toThrow(
      NameTaken,
    );
  });

  it('opens for a day outside the weekly hours, a closed day too, for those who work then', async () => {
    const saturday = { day: '2026-03-07', start: '09:00', end: '12:00', name: 'Open Saturday' };
    await scheduling.locations.setOpeningHours(admin(), desk.london.id, []);
    await scheduling.locations.setClosedDays(admin(), desk.london.id, [
      { day: '2026-03-07', name: 'Spring' },
    ]);
    expect(await times({ from: '2026-03-07', to: '2026-03-07' })).toEqual([]);
    const opened = await scheduling.locations.setExtraOpenings(admin(), desk.london.id, [saturday]);
    expect(opened).toMatchObject({ extraOpenings: [saturday], misfits: 0, version: 4 });
    const offered = ['03-07T10:00', '03-07T11:00'];
    expect(await times({ from: '2026-03-06', to: '2026-03-08' })).toEqual(offered);
    expect(await book('2026-03-07T09:05')).toMatchObject({ status: 'booked' });
    await expect(book('2026-03-07T11:30')).rejects.toMatchObject({ name: 'outside_opening_hours' });
    expect(() =>
      scheduling.locations.setExtraOpenings(admin(), desk.london.id, [{ ...saturday, end: '08:00' }]),
    ).toThrow(WorkingHoursInvalid);
  });

  it('works week A at one location and week B at another, over the end of a year', async () => {
    const mondays = (anchorMonday: string) => [{ weekday: 1, ...MORNING, everyWeeks: 2, anchorMonday }];
    const set = (locationId: string, anchor: string) =>
      scheduling.workingHours.setWeekly(admin(), desk.nurseId, locationId, mondays(anchor));
    expect(await set(desk.london.id, '2026-03-02')).toMatchObject({
      hours: [{ everyWeeks: 2, anchorMonday: '2026-03-02' }],
      version: 1,
    });
    await set(desk.newYork.id, '2026-03-09');
    const at = async (locationId: string, from: string, to: string) => {
      const { slots } = await search({ locationId, from, to });
      return [...new Set(slots.map(({ localTime }) => localTime.slice(2, 10)))];
    };
    expect(await at(desk.london.id, '2026-03-03', '2026-04-14')).toEqual([
      '26-03-16',
      '26-03-30',
      '26-04-13',
    ]);
    expect(await at(desk.newYork.id, '2026-03-03', '2026-04-14')).toEqual([
      '26-03-09',
      '26-03-23',
      '26-04-06',
    ]);
    expect(await at(desk.london.id, '2026-12-14', '2027-01-20')).toEqual([
      '26-12-21',
      '27-01-04',
      '27-01-18',
    ]);
    await expect(book('2026-03-09T10:00')).rejects.toMatchObject({ name: 'practitioner_not_working' });
    expect(await book('2026-03-16T10:00')).toMatchObject({ status: 'booked' });
  });

  it.each([
    ['without a Monday', { everyWeeks: 2 }],
    ['counted from a Tuesday', { everyWeeks: 2, anchorMonday: '2026-03-03' }],
    ['every ninth', { everyWeeks: 9, anchorMonday: '2026-03-02' }],
  ])('refuses alternating weeks %s, in the database too', async (_, weeks) => {
    expect(() =>
      scheduling.workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, [
        { weekday: 1, ...MORNING, ...weeks },
      ]),
    ).toThrow(WorkingHoursInvalid);
    const { everyWeeks, anchorMonday }: { everyWeeks: number; anchorMonday?: string } = weeks;
    await expect(
      db.admin.query('UPDATE working_hours SET every_weeks = $1, anchor_monday = $2 WHERE clinic_id = $3', [
        everyWeeks,
        anchorMonday ?? null,
        clinic.clinicId,
      ]),
    ).rejects.toThrow('working_hours_recur');
  });

  it('takes rooms, types and locations out of booking and back, and what is booked stands', async () => {
    const booked = await book('2026-03-03T10:00');
    const [one = '', two = ''] = desk.london.roomIds;
    const room = (id: string, active: boolean) => scheduling.rooms.change(admin(), id, { active });
    expect(await room(one, false)).toMatchObject({
      active: false,
      version: 2,
      misfits: 1,
      misfitsCountedTo: null,
    });
    await room(two, false);
    expect(await times()).toEqual([]);
    await expect(book('2026-03-03T12:00')).rejects.toMatchObject({ name: 'room_not_suitable' });
    await expect(book('2026-03-03T12:00', { roomId: one })).rejects.toThrow(RoomNotFound);
    await room(two, true);
    expect((await search()).slots.map(({ roomId }) => roomId)).toContain(two);

    const type = (active: boolean) => scheduling.types.change(admin(), desk.type.treatment, { active });
    expect(await type(false)).toMatchObject({ active: false, misfits: 1 });
    await expect(search()).rejects.toThrow(AppointmentTypeNotFound);
    await expect(book('2026-03-03T12:00')).rejects.toThrow(AppointmentTypeNotFound);
    expect(await type(true)).toMatchObject({ active: true, misfits: 0, version: 3 });

    const here = (active: boolean) => scheduling.locations.change(admin(), desk.london.id, { active });
    expect(await here(false)).toMatchObject({ active: false, misfits: 1 });
    await expect(search()).rejects.toThrow(LocationNotFound);
    await expect(book('2026-03-03T12:00')).rejects.toThrow(LocationNotFound);
    await here(true);
    expect(await times()).toContain('03-03T12:00');

    const { receptionist } = clinic.actor;
    const kept = await scheduling.verbs.read(receptionist, booked.id);
    expect(kept).toEqual(booked);
    const confirmed = await scheduling.verbs.change(receptionist, booked.id, 'confirm', {}, 1);
    expect(confirmed).toMatchObject({ status: 'confirmed', roomId: one });
  });

  it('does not take up again what stood in a room, type or location that was given up', async () => {
    const { receptionist } = clinic.actor;
    const { id, roomId } = await book('2026-03-03T10:00');
    await scheduling.verbs.change(receptionist, id, 'cancel', { by: 'clinic' }, undefined);
    const again = () => scheduling.booking.reinstate(receptionist, id, 'Will come after all', undefined);
    await scheduling.rooms.change(admin(), roomId ?? '', { active: false });
    await expect(again()).rejects.toThrow(RoomNotFound);
    await scheduling.rooms.change(admin(), roomId ?? '', { active: true });
    await scheduling.types.change(admin(), desk.type.treatment, { active: false });
    await expect(again()).rejects.toThrow(AppointmentTypeNotFound);
    await scheduling.types.change(admin(), desk.type.treatment, { active: true });
    await scheduling.locations.change(admin(), desk.london.id, { active: false });
    await expect(again()).rejects.toThrow(LocationNotFound);
    await scheduling.locations.change(admin(), desk.london.id, { active: true });
    expect(await again()).toMatchObject({ status: 'booked', roomId });
  });

  it('changes every property of a type; what is booked keeps its length', async () => {
    const booked = await book('2026-03-03T10:00');
    const all = {
      name: 'Long treatment',
      kind: 'treatment' as const,
      durationMinutes: 60,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 15,
      roomKind: 'treatment',
      equipment: ['couch'],
      needsPrescriber: true,
      practitionerIds: [desk.doctorId],
      colour: '#7a5cff',
      active: true,
    };
    const change = (wanted: object, read?: number) =>
      scheduling.types.change(admin(), desk.type.treatment, wanted, read);
    expect(await change(all, 1)).toEqual({
      id: desk.type.treatment,
      ...all,
      version: 2,
      misfits: 1,
      misfitsCountedTo: null,
    });
    expect(await scheduling.verbs.read(admin(), booked.id)).toMatchObject({
      endsAt: booked.endsAt,
      busyTo: booked.busyTo,
    });
    const cleared = await change({ roomKind: null, colour: null, equipment: [], practitionerIds: [] });
    expect(cleared).toMatchObject({
      roomKind: null,
      colour: null,
      practitionerIds: [],
      needsPrescriber: true,
    });
    await expect(change({ name: 'review' })).rejects.toThrow(NameTaken);
    await expect(change({ practitionerIds: [clinic.actor.receptionist.staffId] })).rejects.toThrow(
      StaffNotFound,
    );
    await expect(scheduling.types.change(admin(), newId(), {})).rejects.toThrow(AppointmentTypeNotFound);
  });

  it('notes whole days away, at every location by its own clock, and says them anew', async () => {
    const { exceptions } = scheduling;
    const away = { startsOn: '2026-03-03', endsOn: '2026-03-04', reason: 'Holiday' };
    const absence = await exceptions.addAbsence(admin(), desk.nurseId, away);
    expect(absence).toMatchObject({
      ...away,
      // From the first midnight in London to the last in New York; each location has its own whole days within.
      startsAt: new Date('2026-03-03T00:00Z'),
      endsAt: new Date('2026-03-05T05:00Z'),
      version: 1,
    });
    const days = { from: '2026-03-03', to: '2026-03-05' };
    const offered = async (locationId: string) => [
      ...new Set((await times({ ...days, locationId })).map((time) => time.slice(0, 5))),
    ];
    expect(await offered(desk.london.id)).toEqual(['03-05']);
    expect(await offered(desk.newYork.id)).toEqual(['03-05']);
    const anew = { locationId: desk.london.id, startsAt: '2026-03-03T09:00', endsAt: '2026-03-03T12:00' };
    const edit = (change: object, read?: number) =>
      exceptions.changeAbsence(admin(), desk.nurseId, absence.id, { ...change, reason: 'Training' }, read);
    expect(await edit(anew, 1)).toMatchObject({
      startsOn: null,
      endsOn: null,
      reason: 'Training',
      version: 2,
    });
    await expect(edit(anew, 1)).rejects.toThrow(StaleVersion);
    expect(await times({ to: '2026-03-03' })).toEqual(
      ['13', '14', '15', '16', '17'].map((hour) => `03-03T${hour}:00`),
    );
    await expect(edit({ startsOn: '2026-03-04', endsOn: '2026-03-03' })).rejects.toThrow(SpanInverted);
    await expect(edit({ ...anew, ...away })).rejects.toThrow(InvalidInput);
    await expect(edit({ ...anew, locationId: newId() })).rejects.toThrow(LocationNotFound);
    await expect(exceptions.changeAbsence(admin(), desk.doctorId, absence.id, away)).rejects.toThrow(
      SetUpEntryNotFound,
    );
    expect(await exceptions.dropAbsence(admin(), desk.nurseId, absence.id, 2)).toEqual({
      misfits: 0,
      misfitsCountedTo: null,
    });
    expect(await times({ to: '2026-03-03' })).toContain('03-03T10:00');
  });

  it('moves and takes back extra hours, and says what they held', async () => {
    const { exceptions, workingHours } = scheduling;
    await workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, []);
    const evening = (hour: string) => ({
      locationId: desk.london.id,
      startsAt: `2026-03-03T${hour}:00`,
      endsAt: '2026-03-03T17:00',
    });
    const extra = await exceptions.addExtraHours(admin(), desk.nurseId, evening('12'));
    await book('2026-03-03T13:00');
    const later = await exceptions.changeExtraHours(admin(), desk.nurseId, extra.id, evening('14'), 1);
    expect(later).toMatchObject({ version: 2, misfits: 1, misfitsCountedTo: null });
    expect(await times()).toEqual(['03-03T15:00', '03-03T16:00']);
    await book('2026-03-03T15:00');
    expect(await exceptions.dropExtraHours(admin(), desk.nurseId, extra.id)).toMatchObject({ misfits: 1 });
    await expect(exceptions.dropExtraHours(admin(), desk.nurseId, extra.id)).rejects.toThrow(
      SetUpEntryNotFound,
    );
  });

  it('lets one of two who read the same version change it', async () => {
    const { version } = await London();
    const { locations, rooms, types, workingHours } = scheduling;
    const [room = ''] = desk.london.roomIds;
    const pairs: (() => Promise<unknown>)[] = [
      () => locations.change(admin(), desk.london.id, { name: 'Harley Street' }, version),
      () => rooms.change(admin(), room, { name: 'Quiet room' }, 1),
      () => types.change(admin(), desk.type.review, { durationMinutes: 20 }, 1),
      () => workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, [{ weekday: 1, ...MORNING }], 0),
    ];
    for (const change of pairs) {
      const answers = await Promise.allSettled([change(), change()]);
      const refused = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(refused).toEqual([expect.any(StaleVersion)]);
    }
    await expect(locations.setClosedDays(admin(), desk.london.id, [], version)).rejects.toThrow(StaleVersion);
    expect(await workingHours.weekly(admin(), desk.nurseId, desk.london.id)).toMatchObject({ version: 1 });
  });

  it('knows nothing of another clinic', async () => {
    const strange = await aDesk(db, await aClinic(db));
    const { locations, rooms, types, exceptions } = scheduling;
    await expect(locations.change(admin(), strange.london.id, { active: false })).rejects.toThrow(
      LocationNotFound,
    );
    await expect(locations.setExtraOpenings(admin(), strange.london.id, [])).rejects.toThrow(
      LocationNotFound,
    );
    await expect(rooms.change(admin(), strange.london.roomIds[0] ?? '', {})).rejects.toThrow(RoomNotFound);
    await expect(types.change(admin(), strange.type.review, {})).rejects.toThrow(AppointmentTypeNotFound);
    await expect(
      types.change(admin(), desk.type.review, { practitionerIds: [strange.nurseId] }),
    ).rejects.toThrow(StaffNotFound);
    const away = { startsOn: '2026-03-03', endsOn: '2026-03-03', reason: 'Holiday' };
    await expect(exceptions.addAbsence(admin(), strange.nurseId, away)).rejects.toThrow(StaffNotFound);
    await expect(
      exceptions.addAbsence(admin(), desk.nurseId, { ...away, locationId: strange.london.id }),
    ).rejects.toThrow(LocationNotFound);
  });
});
