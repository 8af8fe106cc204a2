import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaleVersion } from '#http';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  AppointmentNotFound,
  AppointmentStillAhead,
  AppointmentTransitionRefused,
  LocationNotFound,
  PatientNotHere,
  PatientUnderAge,
  SlotTaken,
  TreatmentBeforeEarliest,
} from '../src/index.js';
import type { AppointmentView, BookAppointment } from '../src/http/appointment.dto.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');
const ON_THE_DAY = new Date('2026-03-03T07:00:00Z');

describe('an appointment', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let booked: AppointmentView;

  const book = async (change: Partial<BookAppointment> = {}): Promise<AppointmentView> =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt: '2026-03-03T10:00',
      ...change,
    });
  type Verb = Parameters<Scheduling['verbs']['change']>[2];
  const change = (verb: Verb, note = {}, read?: number) =>
    scheduling.verbs.change(clinic.actor.receptionist, booked.id, verb, note, read);
  const move = (to: Parameters<Scheduling['booking']['reschedule']>[2], read?: number) =>
    scheduling.booking.reschedule(clinic.actor.receptionist, booked.id, to, read);
  const reinstate = () =>
    scheduling.booking.reinstate(clinic.actor.receptionist, booked.id, 'Comes after all', undefined);
  const inTx = <T>(work: Parameters<typeof db.database.write<T>>[1]) =>
    db.database.write(clinic.actor.practitioner, work);

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clock.set(NOW);
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    booked = await book();
  });

  it('runs from booked to fulfilled, each step stamped and versioned', async () => {
    expect(await change('confirm')).toMatchObject({ status: 'confirmed', version: 2 });
    clock.set(new Date('2026-03-03T09:58Z'));
    expect(await change('check-in')).toMatchObject({
      status: 'arrived',
      arrivedAt: new Date('2026-03-03T09:58Z'),
    });
    clock.set(new Date('2026-03-03T10:02Z'));
    expect(await change('start')).toMatchObject({
      status: 'in-progress',
      startedAt: new Date('2026-03-03T10:02Z'),
    });
    clock.set(new Date('2026-03-03T10:31Z'));
    const done = await change('complete');
    expect(done).toMatchObject({ status: 'fulfilled', version: 5, allowed: ['enter-in-error'] });
    const { items } = await scheduling.verbs.history(clinic.actor.receptionist, booked.id);
    expect(items.map(({ verb, status, version }) => [version, verb, status])).toEqual([
      [1, 'book', 'booked'],
      [2, 'confirm', 'confirmed'],
      [3, 'check-in', 'arrived'],
      [4, 'start', 'in-progress'],
      [5, 'complete', 'fulfilled'],
    ]);
  });

  it('refuses a step out of order and says what is possible', async () => {
    await expect(change('complete')).rejects.toThrow(AppointmentTransitionRefused);
    await expect(change('start')).rejects.toMatchObject({
      facts: { status: 'booked', allowed: ['confirm', 'check-in', 'cancel', 'no-show', 'enter-in-error'] },
    });
    await expect(reinstate()).rejects.toThrow(AppointmentTransitionRefused);
  });

  it('refuses a change of what someone else changed meanwhile', async () => {
    await change('confirm', {}, 1);
    await expect(change('check-in', {}, 1)).rejects.toThrow(StaleVersion);
    await expect(move({ startsAt: '2026-03-03T12:00' }, 1)).rejects.toThrow(StaleVersion);
  });

  it('is not there for another clinic', async () => {
    const { admin } = (await aClinic(db)).actor;
    await expect(scheduling.verbs.change(admin, booked.id, 'confirm', {}, undefined)).rejects.toThrow(
      AppointmentNotFound,
    );
    await expect(scheduling.booking.reschedule(admin, booked.id, {}, undefined)).rejects.toThrow(
      AppointmentNotFound,
    );
    await expect(scheduling.booking.reinstate(admin, booked.id, 'x', undefined)).rejects.toThrow(
      AppointmentNotFound,
    );
    await expect(scheduling.verbs.history(admin, booked.id)).rejects.toThrow(AppointmentNotFound);
  });

  it.each([
    ['in time', '2026-03-02T10:00Z', 'patient', false],
    ['late', '2026-03-02T10:01Z', 'patient', true],
    ['by the clinic', '2026-03-03T09:00Z', 'clinic', false],
  ] as const)('cancels %s and frees the time at once', async (_, at, by, lateCancel) => {
    clock.set(new Date(at));
    expect(await change('cancel', { by, reason: 'Ill' })).toMatchObject({ status: 'cancelled', lateCancel });
    expect(await book()).toMatchObject({ status: 'booked', roomName: 'Room 1' });
  });

  it('is checked in on its day at the location, and missed once it should have begun', async () => {
    clock.set(new Date('2026-03-02T23:59Z'));
    await expect(change('check-in')).rejects.toThrow(AppointmentStillAhead);
    clock.set(new Date('2026-03-03T09:59Z'));
    await expect(change('no-show')).rejects.toThrow(AppointmentStillAhead);
    expect(await change('check-in')).toMatchObject({ status: 'arrived', version: 2 });
  });

  it('notes a no-show, and frees the time', async () => {
    clock.set(new Date('2026-03-03T10:20Z'));
    expect(await change('no-show')).toMatchObject({ status: 'no-show' });
    clock.set(NOW);
    expect(await book()).toMatchObject({ status: 'booked' });
  });

  it('is withdrawn when it should never have been entered', async () => {
    expect(await change('enter-in-error', { reason: 'Wrong patient' })).toMatchObject({
      status: 'entered-in-error',
      allowed: [],
    });
    const { items } = await scheduling.verbs.history(clinic.actor.receptionist, booked.id);
    expect(items.at(-1)).toMatchObject({ verb: 'enter-in-error', reason: 'Wrong patient' });
  });

  it('is taken up again while its time is free, with nothing left of the cancellation', async () => {
    await change('cancel', { by: 'patient', reason: 'Ill' });
    expect(await reinstate()).toMatchObject({ status: 'booked', lateCancel: null, version: 3 });
    await change('cancel', { by: 'patient', reason: 'Ill' });
    const instead = await book();
    await expect(reinstate()).rejects.toThrow(SlotTaken);
    await expect(reinstate()).rejects.toMatchObject({
      facts: {
        blockedBy: [
          { resource: 'practitioner', appointmentId: instead.id },
          { resource: 'room', appointmentId: instead.id },
        ],
      },
    });
  });

  it('is not taken up again for a patient who was treated meanwhile, or is under age after all', async () => {
    await change('cancel', { by: 'patient', reason: 'Ill' });
    await db.admin.query(`UPDATE patient SET birth_date = '2010-01-01' WHERE id = $1`, [booked.patientId]);
    await expect(reinstate()).rejects.toThrow(PatientUnderAge);
    await db.admin.query(`UPDATE patient SET birth_date = '1980-01-01' WHERE id = $1`, [booked.patientId]);
    const unknown = { recommendedFrom: null, recommendedTo: null };
    scheduling.windows.subscribe(() =>
      Promise.resolve([{ areaId: 'glabella', earliest: calendarDate('2026-06-01'), ...unknown }]),
    );
    await expect(reinstate()).rejects.toThrow(TreatmentBeforeEarliest);
  });

  it('moves in time: the patient has to confirm again, and the old time is free', async () => {
    await change('confirm');
    const moved = await move({ startsAt: '2026-03-03T14:00', reason: 'School run' });
    expect(moved).toMatchObject({ status: 'booked', localTime: '2026-03-03T14:00', version: 3 });
    expect(await scheduling.verbs.read(clinic.actor.receptionist, booked.id)).toEqual(moved);
    expect(await book()).toMatchObject({ status: 'booked' });
  });

  it('moves by less than its own length', async () => {
    expect(await move({ startsAt: '2026-03-03T10:15' })).toMatchObject({ localTime: '2026-03-03T10:15' });
  });

  it('changes practitioner, room, type and location', async () => {
    const [, two] = desk.london.roomIds;
    await change('confirm');
    expect(await move({ practitionerId: desk.doctorId, roomId: String(two) })).toMatchObject({
      status: 'confirmed',
      practitionerName: 'Dr Ada Okafor',
      roomName: 'Room 2',
    });
    expect(await move({ typeId: desk.type.review })).toMatchObject({ kind: 'review', roomId: null });
    expect(
      await move({ typeId: desk.type.treatment, locationId: desk.newYork.id, startsAt: '2026-03-03T10:00' }),
    ).toMatchObject({
      startsAt: new Date('2026-03-03T15:00Z'),
      roomName: 'Suite',
      zone: 'America/New_York',
    });
  });

  it('gives way to the next free room when its own is taken at the new time', async () => {
    const taken = await book({ practitionerId: desk.doctorId, startsAt: '2026-03-03T14:00' });
    expect([booked.roomName, taken.roomName]).toEqual(['Room 1', 'Room 1']);
    expect(await move({ startsAt: '2026-03-03T14:00' })).toMatchObject({ roomName: 'Room 2' });
  });

  it('does not move onto another appointment, and stays as it was', async () => {
    const other = await book({ startsAt: '2026-03-03T14:00' });
    await expect(move({ startsAt: '2026-03-03T13:45' })).rejects.toMatchObject({
      facts: { blockedBy: [{ resource: 'practitioner', appointmentId: other.id }] },
    });
    expect(await scheduling.verbs.read(clinic.actor.receptionist, booked.id)).toEqual(booked);
  });

  it('moves no more once the patient is in the room', async () => {
    clock.set(ON_THE_DAY);
    await change('check-in');
    await change('start');
    await expect(move({ startsAt: '2026-03-03T14:00' })).rejects.toThrow(AppointmentTransitionRefused);
  });

  it('lets one of many moves and bookings have a slot, and the others name who has it', async () => {
    const movers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => book({ startsAt: `2026-03-${String(i + 10)}T09:00` })),
    );
    const goal = { startsAt: '2026-03-05T11:00' };
    const answers = await Promise.allSettled([
      ...movers.map(({ id }) =>
        scheduling.booking.reschedule(clinic.actor.receptionist, id, goal, undefined),
      ),
      ...movers.map(() => book(goal)),
    ]);
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    );
    expect(refusals).toHaveLength(15);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(SlotTaken);
  });

  it('serves the contexts above: here or not, done, and where', async () => {
    await expect(inTx((tx) => scheduling.appointments.requireArrived(tx, booked.id))).rejects.toThrow(
      PatientNotHere,
    );
    clock.set(ON_THE_DAY);
    await change('check-in');
    expect(await inTx((tx) => scheduling.appointments.requireArrived(tx, booked.id))).toMatchObject({
      patientId: booked.patientId,
      zone: 'Europe/London',
      status: 'arrived',
    });
    expect(await inTx((tx) => scheduling.appointments.complete(tx, booked.id))).toMatchObject({
      status: 'fulfilled',
      version: 4,
      startedAt: ON_THE_DAY,
      completedAt: ON_THE_DAY,
    });
    expect(await inTx((tx) => scheduling.appointments.locationOf(tx, desk.newYork.id))).toEqual({
      id: desk.newYork.id,
      name: 'New York',
      zone: 'America/New_York',
    });
    await expect(inTx((tx) => scheduling.appointments.locationOf(tx, newId()))).rejects.toThrow(
      LocationNotFound,
    );
  });
});
