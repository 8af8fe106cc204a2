import { UnknownArea } from '#catalogue';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, LocalTimeDoesNotExist, LocalTimeIsAmbiguous, newId } from '#kernel';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { AppointmentView, BookAppointment } from '../src/http/appointment.dto.js';
import {
  AppointmentInThePast,
  AppointmentNotFound,
  AppointmentTypeNotFound,
  LocationNotFound,
  OutsideOpeningHours,
  OverrideRefused,
  PatientUnderAge,
  RoomNotFound,
  RoomNotSuitable,
  SlotTaken,
  TreatmentBeforeEarliest,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('booking', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let zoe: string;

  const wish = (change: Partial<BookAppointment> = {}): BookAppointment => ({
    patientId: zoe,
    typeId: desk.type.treatment,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    startsAt: '2026-03-03T10:00',
    ...change,
  });
  const book = (change: Partial<BookAppointment> = {}, who: 'receptionist' | 'prescriber' = 'receptionist') =>
    scheduling.booking.book(clinic.actor[who], wish(change));
  const other = async (change: Partial<BookAppointment> = {}) =>
    book({ patientId: await desk.aPatient(), ...change });

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    zoe = await desk.aPatient();
  });

  it('takes the first free room and keeps span, buffers, history and audit', async () => {
    const booked = await book({ areaIds: ['glabella'], note: 'Prefers mornings' });
    expect(booked).toMatchObject({
      status: 'booked',
      localTime: '2026-03-03T10:00',
      startsAt: new Date('2026-03-03T10:00Z'),
      endsAt: new Date('2026-03-03T10:30Z'),
      busyFrom: new Date('2026-03-03T09:55Z'),
      busyTo: new Date('2026-03-03T10:40Z'),
      roomName: 'Room 1',
      practitionerName: 'Nadia Nurse',
      areaIds: ['glabella'],
      version: 1,
    });
    expect(await scheduling.verbs.read(clinic.actor.receptionist, booked.id)).toEqual(booked);
    const { items } = await scheduling.verbs.history(clinic.actor.receptionist, booked.id);
    expect(items).toMatchObject([
      { version: 1, verb: 'book', status: 'booked', at: NOW, staffName: 'Rhea Desk' },
    ]);
    const audit = await db.admin.query('SELECT action FROM audit_event WHERE entity_id = $1 ORDER BY id', [
      booked.id,
    ]);
    expect(audit.rows.map(({ action }) => action)).toEqual([
      'appointment.book',
      'appointment.read',
      'appointment.read-history',
    ]);
  });

  it('refuses an area the catalogue does not have, whose window nobody could look at', async () => {
    await expect(book({ areaIds: ['glabella', 'glabela'] })).rejects.toThrow(UnknownArea);
    await expect(book({ areaIds: ['glabela'] })).rejects.toMatchObject({ facts: { area: 'glabela' } });
  });

  it('reads a local time by the clock of the location', async () => {
    const { newYork } = desk;
    const before = await book({ locationId: newYork.id, startsAt: '2026-03-07T10:00' });
    const after = await other({ locationId: newYork.id, startsAt: '2026-03-09T10:00' });
    expect(before.startsAt).toEqual(new Date('2026-03-07T15:00Z'));
    expect(after.startsAt).toEqual(new Date('2026-03-09T14:00Z'));
    expect(after.localTime).toBe('2026-03-09T10:00');
  });

  it('refuses a local time that does not exist or happens twice', async () => {
    await expect(book({ startsAt: '2026-03-29T01:30' })).rejects.toThrow(LocalTimeDoesNotExist);
    await expect(book({ startsAt: '2026-10-25T01:30' })).rejects.toThrow(LocalTimeIsAmbiguous);
    const override = { reason: 'Emergency' };
    const booked = await book({ startsAt: '2026-10-25T01:30+01:00', override }, 'prescriber');
    expect(booked).toMatchObject({ startsAt: new Date('2026-10-25T00:30Z'), overrideReason: 'Emergency' });
  });

  it('names who blocks the practitioner and offers the nearest free times', async () => {
    const first = await book();
    const refused = await other({ startsAt: '2026-03-03T10:15' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SlotTaken);
    expect(refused).toMatchObject({
      facts: {
        blockedBy: [
          {
            resource: 'practitioner',
            resourceId: desk.nurseId,
            appointmentId: first.id,
            startsAt: first.busyFrom,
            endsAt: first.busyTo,
          },
        ],
        alternatives: [
          { localTime: '2026-03-03T10:15', practitionerId: desk.doctorId, roomName: 'Room 2' },
          { localTime: '2026-03-03T10:00', practitionerId: desk.doctorId },
          { localTime: '2026-03-03T10:30', practitionerId: desk.doctorId },
        ],
      },
    });
  });

  it('never books a patient with two people at once, nor a room twice', async () => {
    const first = await book();
    await expect(book({ practitionerId: desk.doctorId, startsAt: '2026-03-03T10:30' })).rejects.toMatchObject(
      {
        facts: { blockedBy: [{ resource: 'patient', appointmentId: first.id }] },
      },
    );
    const roomId = String(first.roomId);
    await expect(other({ practitionerId: desk.doctorId, roomId })).rejects.toMatchObject({
      facts: { blockedBy: [{ resource: 'room', resourceId: roomId, appointmentId: first.id }] },
    });
    expect(await other({ practitionerId: desk.doctorId })).toMatchObject({ roomName: 'Room 2' });
  });

  it('touches without overlapping: buffers may meet, not mix', async () => {
    await book();
    await expect(other({ startsAt: '2026-03-03T10:44' })).rejects.toThrow(SlotTaken);
    expect(await other({ startsAt: '2026-03-03T10:45' })).toMatchObject({ status: 'booked' });
  });

  it('needs no room for a review', async () => {
    expect(await book({ typeId: desk.type.review })).toMatchObject({ roomId: null, roomName: null });
  });

  it('refuses what this clinic does not have, whoever has it', async () => {
    const strange = await aClinic(db);
    const theirs = await aDesk(db, strange);
    await expect(book({ patientId: await theirs.aPatient() })).rejects.toThrow(PatientNotFound);
    await expect(book({ practitionerId: theirs.nurseId })).rejects.toThrow(StaffNotFound);
    await expect(book({ practitionerId: clinic.actor.receptionist.staffId })).rejects.toThrow(StaffNotFound);
    await expect(book({ locationId: theirs.london.id })).rejects.toThrow(LocationNotFound);
    await expect(book({ typeId: theirs.type.treatment })).rejects.toThrow(AppointmentTypeNotFound);
    await expect(book({ roomId: String(theirs.london.roomIds[0]) })).rejects.toThrow(RoomNotFound);
    await expect(book({ roomId: newId() })).rejects.toThrow(RoomNotFound);
    const ours = await book();
    await expect(scheduling.verbs.read(strange.actor.admin, ours.id)).rejects.toThrow(AppointmentNotFound);
  });

  it('refuses an unsuitable room, the past and closed hours', async () => {
    const [, , office] = desk.london.roomIds;
    await expect(book({ roomId: String(office) })).rejects.toThrow(RoomNotSuitable);
    await expect(book({ startsAt: '2026-03-01T10:00' })).rejects.toThrow(AppointmentInThePast);
    await expect(book({ startsAt: '2026-03-03T17:45' })).rejects.toThrow(OutsideOpeningHours);
  });

  it('is open on no closed day, and not for someone who is away', async () => {
    const { admin, receptionist } = clinic.actor;
    await scheduling.locations.setClosedDays(admin, desk.london.id, [
      { day: '2026-03-03', name: 'Stocktaking' },
    ]);
    await expect(book()).rejects.toThrow(OutsideOpeningHours);
    const away = { locationId: desk.london.id, startsAt: '2026-03-04T09:00', endsAt: '2026-03-04T12:00' };
    const absence = await scheduling.exceptions.addAbsence(admin, desk.nurseId, {
      ...away,
      reason: 'Training',
    });
    const during = { startsAt: '2026-03-04T10:00' };
    await expect(book(during)).rejects.toMatchObject({ spec: { code: 'practitioner_not_working' } });
    expect(await scheduling.exceptions.list(receptionist, desk.nurseId)).toMatchObject({
      absences: [{ id: absence.id, reason: 'Training' }],
    });
    await scheduling.exceptions.dropAbsence(admin, desk.nurseId, absence.id);
    expect(await book(during)).toMatchObject({ status: 'booked' });
  });

  it('lets a rule be set aside only with the authority, and shows it', async () => {
    const late = { startsAt: '2026-03-03T19:00', override: { reason: 'Flies home tomorrow' } };
    await expect(book(late)).rejects.toThrow(OverrideRefused);
    const booked = await book(late, 'prescriber');
    expect(booked.overrideReason).toBe('Flies home tomorrow');
    const kept = await db.admin.query('SELECT detail FROM appointment_change WHERE appointment_id = $1', [
      booked.id,
    ]);
    expect(kept.rows).toMatchObject([
      { detail: [{ code: 'outside_opening_hours', reason: 'Flies home tomorrow' }] },
    ]);
  });

  it('refuses to book a minor for treatment in the UK, not for a review', async () => {
    const minor = await desk.aPatient('2010-01-01');
    await expect(book({ patientId: minor })).rejects.toThrow(PatientUnderAge);
    expect(await book({ patientId: minor, typeId: desk.type.review })).toMatchObject({ status: 'booked' });
    const us = await aClinic(db, { market: 'US' });
    const there = await aDesk(db, us);
    const adolescent = await scheduling.booking.book(us.actor.receptionist, {
      patientId: await there.aPatient('2010-01-01'),
      typeId: there.type.treatment,
      locationId: there.newYork.id,
      practitionerId: there.nurseId,
      startsAt: '2026-03-03T10:00',
    });
    expect(adolescent.status).toBe('booked');
  });

  it('holds a treatment back until its window opens, unless a prescriber decides', async () => {
    scheduling.windows.subscribe((_tx, patientId, areaIds) =>
      Promise.resolve(
        patientId === zoe && (areaIds.length === 0 || areaIds.includes('glabella'))
          ? [
              {
                areaId: 'glabella',
                earliest: calendarDate('2026-03-10'),
                recommendedFrom: null,
                recommendedTo: null,
              },
            ]
          : [],
      ),
    );
    const refused = book({ areaIds: ['glabella'] });
    await expect(refused).rejects.toThrow(TreatmentBeforeEarliest);
    await expect(refused).rejects.toMatchObject({
      facts: { windows: [{ areaId: 'glabella', earliest: '2026-03-10' }], overridableBy: 'prescriber' },
    });
    const override = { reason: 'Asymmetry to correct', rules: ['treatment_before_earliest'] };
    await expect(book({ override })).rejects.toThrow(OverrideRefused);
    expect(await book({ override }, 'prescriber')).toMatchObject({ overrideReason: 'Asymmetry to correct' });
    expect(await book({ typeId: desk.type.review, startsAt: '2026-03-05T10:00' })).toMatchObject({
      kind: 'review',
    });
    expect(await book({ startsAt: '2026-03-10T10:00', areaIds: ['glabella'] })).toMatchObject({
      kind: 'treatment',
    });
  });

  it('gives one of many who ask at once the slot, and the rest its name', async () => {
    const patients = await Promise.all(Array.from({ length: 24 }, () => desk.aPatient()));
    const answers = await Promise.allSettled(patients.map((patientId) => book({ patientId })));
    const won = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const lost = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    );
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(23);
    for (const refusal of lost)
      expect(refusal).toMatchObject({ facts: { blockedBy: [{ appointmentId: won[0]?.id }] } });
  });

  it('gives each of two practitioners a room when both book at once, and refuses the third for want of one', async () => {
    const third = newId();
    await db.admin.query(
      `INSERT INTO staff (clinic_id, id, email, display_name, password_hash, roles) VALUES ($1, $2, $3, 'Third', 'x', '{practitioner}')`,
      [clinic.clinicId, third, `third-${third}@example.com`],
    );
    await db.admin.query(
      `INSERT INTO working_hours (clinic_id, id, practitioner_id, location_id, weekday, starts, ends, valid_from)
       SELECT $1, gen_random_uuid(), $2, $3, weekday, '08:00', '18:00', '2020-01-01' FROM generate_series(1, 7) AS weekday`,
      [clinic.clinicId, third, desk.london.id],
    );
    const practitioners = [desk.nurseId, desk.doctorId, third];
    const answers = await Promise.allSettled(
      practitioners.map((practitionerId) => other({ practitionerId })),
    );
    const rooms = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.roomName] : []));
    expect(new Set(rooms)).toEqual(new Set(['Room 1', 'Room 2']));
    const refused: unknown = answers.find((answer) => answer.status === 'rejected')?.reason;
    expect(refused).toMatchObject({ facts: { blockedBy: [{ resource: 'room' }, { resource: 'room' }] } });
  });

  it('tells the contexts above in the same transaction: when they refuse, nothing is booked', async () => {
    const told: string[] = [];
    scheduling.events.subscribe((_tx, { verb, kind, areaIds }) => {
      told.push(`${verb} ${kind} ${areaIds.join()}`);
      return kind === 'review' ? Promise.reject(new Error('refused above')) : Promise.resolve();
    });
    await book({ areaIds: ['forehead'] });
    await expect(book({ typeId: desk.type.review, startsAt: '2026-03-05T10:00' })).rejects.toThrow(
      'refused above',
    );
    expect(told).toEqual(['book treatment forehead', 'book review ']);
    const kept = await db.admin.query('SELECT count(*)::int AS n FROM appointment WHERE clinic_id = $1', [
      clinic.clinicId,
    ]);
    expect(kept.rows).toEqual([{ n: 1 }]);
  });

  it('lists the treatments still to come of many patients, for suppression', async () => {
    const booked: AppointmentView = await book({ areaIds: ['glabella'], startsAt: '2026-03-03T10:00' });
    await book({ typeId: desk.type.review, startsAt: '2026-03-05T10:00' });
    const hers = await db.database.read(clinic.actor.receptionist, (tx) =>
      scheduling.appointments.bookedTreatments(tx, [zoe, newId()], NOW),
    );
    expect(hers).toEqual([
      {
        appointmentId: booked.id,
        patientId: zoe,
        startsAt: booked.startsAt,
        on: '2026-03-03',
        status: 'booked',
        areaIds: ['glabella'],
      },
    ]);
  });
});
