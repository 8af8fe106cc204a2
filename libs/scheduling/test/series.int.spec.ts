import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { StaleVersion } from '#http';
import { calendarDate, FixedClock, newId } from '#kernel';
import { PatientNotFound } from '#patients';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { BookSeries } from '../src/series/http/series.dto.js';
import type { SeriesView } from '../src/series/http/series.view.js';
import {
  LocationNotFound,
  OverrideRefused,
  RoomNotFound,
  SeriesBlocked,
  SeriesNotFound,
  SeriesNothingOpen,
  SeriesVisitUnknown,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('a series', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let zoe: string;

  const wish = (change: Partial<BookSeries> = {}): BookSeries => ({
    patientId: zoe,
    typeId: desk.type.review,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    startsAt: '2026-03-03T10:00',
    everyWeeks: 1,
    visits: 4,
    ...change,
  });
  type Who = 'receptionist' | 'prescriber';
  const book = (change: Partial<BookSeries> = {}, who: Who = 'receptionist') =>
    scheduling.series.book(clinic.actor[who], wish(change));
  const preview = (change: Partial<BookSeries> = {}) =>
    scheduling.series.preview(clinic.actor.receptionist, wish(change));
  const single = async (startsAt: string, change: object = {}) =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.review,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const times = ({ visits }: SeriesView) => visits.map(({ appointment }) => appointment.localTime);
  const count = async (): Promise<unknown> =>
    (
      await db.admin.query('SELECT count(*)::int AS n FROM appointment WHERE clinic_id = $1', [
        clinic.clinicId,
      ])
    ).rows[0]?.n;
  const read = (id: string) => scheduling.series.read(clinic.actor.receptionist, id);
  const changeFrom = (id: string, fromVisit: number, change: object, version?: number) =>
    scheduling.seriesChanges.change(clinic.actor.receptionist, id, { fromVisit, ...change }, version);

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clock.set(NOW);
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    zoe = await desk.aPatient();
  });

  it('keeps its wall-clock time when the clocks change, and each visit has history, audit and event', async () => {
    const told: string[] = [];
    scheduling.events.subscribe((_, { verb }) => Promise.resolve(void told.push(verb)));
    const booked = await book({ startsAt: '2026-03-15T10:00', note: 'Mornings' });
    expect(booked.visits.map(({ appointment }) => appointment.startsAt.toISOString())).toEqual([
      '2026-03-15T10:00:00.000Z',
      '2026-03-22T10:00:00.000Z',
      '2026-03-29T09:00:00.000Z',
      '2026-04-05T09:00:00.000Z',
    ]);
    expect(booked).toMatchObject({ everyWeeks: 1, version: 1, notDone: [], practitionerName: 'Nadia Nurse' });
    expect(await read(booked.id)).toEqual(booked);
    expect(told).toEqual(['book', 'book', 'book', 'book']);
    for (const { appointment } of booked.visits) {
      const { items } = await scheduling.verbs.history(clinic.actor.receptionist, appointment.id);
      expect(items).toMatchObject([{ version: 1, verb: 'book', status: 'booked' }]);
    }
    const audit = await db.admin.query(
      `SELECT action FROM audit_event WHERE patient_id = $1 AND action LIKE 'series.%' ORDER BY id`,
      [zoe],
    );
    expect(audit.rows).toEqual([{ action: 'series.book' }, { action: 'series.read' }]);
    const { items, next } = await scheduling.series.list(clinic.actor.receptionist, {
      patientId: zoe,
      limit: 5,
    });
    expect([items.map(({ id }) => id), next]).toEqual([[booked.id], null]);
  });

  it('says of each visit what blocks it and what is free instead, and books all or none', async () => {
    const other = await single('2026-03-10T10:00');
    const plan = await preview();
    expect(plan.visits.map(({ free }) => free)).toEqual([true, false, true, true]);
    expect(plan.visits[1]).toMatchObject({
      localTime: '2026-03-10T10:00',
      problem: {
        code: 'slot_taken',
        facts: { blockedBy: [{ resource: 'practitioner', appointmentId: other.id }] },
      },
      alternatives: [
        { localTime: '2026-03-10T10:00', practitionerId: desk.doctorId },
        { localTime: '2026-03-10T09:45', practitionerId: desk.nurseId },
        { localTime: '2026-03-10T10:15', practitionerId: desk.nurseId },
      ],
    });
    const refused = book();
    await expect(refused).rejects.toThrow(SeriesBlocked);
    await expect(refused).rejects.toMatchObject({
      facts: { visits: [{ number: 2, problem: { code: 'slot_taken' }, alternatives: [{}, {}, {}] }] },
    });
    expect(await count()).toBe(1);
  });

  it('leaves out what is blocked when asked to, or takes the times given instead', async () => {
    await single('2026-03-10T10:00');
    const part = await book({ skipBlocked: true });
    expect(part.visits.map(({ number }) => number)).toEqual([1, 3, 4]);
    expect(part.notDone).toMatchObject([
      { number: 2, problem: { code: 'slot_taken' }, alternatives: [{}, {}, {}] },
    ]);
    zoe = await desk.aPatient();
    const replaced = await book({
      practitionerId: desk.doctorId,
      skip: [4],
      replacements: [{ number: 3, startsAt: '2026-03-18T16:00', practitionerId: desk.nurseId }],
    });
    expect(times(replaced)).toEqual(['2026-03-03T10:00', '2026-03-10T10:00', '2026-03-18T16:00']);
    expect(replaced.visits[2]?.appointment.practitionerId).toBe(desk.nurseId);
    const none = book({ startsAt: '2026-03-03T19:00', skipBlocked: true });
    await expect(none).rejects.toThrow(SeriesBlocked);
  });

  it('reports a time that does not exist or comes twice, and never shifts it', async () => {
    await db.admin.query(`UPDATE opening_hours SET opens = '00:00', closes = '24:00' WHERE clinic_id = $1`, [
      clinic.clinicId,
    ]);
    await db.admin.query(`UPDATE working_hours SET starts = '00:00', ends = '24:00' WHERE clinic_id = $1`, [
      clinic.clinicId,
    ]);
    const spring = await preview({ startsAt: '2026-03-22T01:30', visits: 3 });
    expect(spring.visits).toMatchObject([
      { free: true },
      {
        localTime: '2026-03-29T01:30',
        startsAt: null,
        problem: { code: 'local_time_does_not_exist' },
        alternatives: [{ localTime: '2026-03-29T02:00' }, { localTime: '2026-03-29T00:45' }, {}],
      },
      { free: true },
    ]);
    const autumn = await preview({ startsAt: '2026-10-18T01:30', visits: 2 });
    expect(autumn.visits[1]).toMatchObject({
      problem: { code: 'local_time_ambiguous' },
      alternatives: [{ localTime: '2026-10-25T01:30' }, {}, {}],
    });
    const first = await preview({ startsAt: '2026-10-25T01:30+01:00', visits: 2 });
    expect(first.visits.map(({ localTime }) => localTime)).toEqual(['2026-10-25T01:30', '2026-11-01T01:30']);
    expect(first.free).toBe(true);
  });

  it('holds every visit to the rules: horizon, hours, authority', async () => {
    await db.admin.query('UPDATE clinic SET booking_horizon_days = 10 WHERE id = $1', [clinic.clinicId]);
    expect((await preview()).visits.map(({ problem }) => problem?.code)).toEqual([
      undefined,
      undefined,
      'beyond_booking_horizon',
      'beyond_booking_horizon',
    ]);
    await expect(book({ override: { reason: 'Moves abroad' } })).rejects.toThrow(OverrideRefused);
    expect(times(await book({ override: { reason: 'Moves abroad' } }, 'prescriber'))).toHaveLength(4);
  });

  it('keeps treatments of the series as far apart as the product asks, unless a prescriber decides', async () => {
    scheduling.windows.subscribe((_tx, _patientId, areas) =>
      Promise.resolve([
        {
          areaId: areas[0] ?? 'any',
          earliest: calendarDate('2026-03-05'),
          recommendedFrom: null,
          recommendedTo: null,
        },
      ]),
    );
    scheduling.windows.subscribeForIntervals((_tx, _patientId, areas) =>
      Promise.resolve([
        { areaId: areas[0] ?? 'any', byProduct: [[{ n: 12, unit: 'week' }], [{ n: 3, unit: 'month' }]] },
      ]),
    );
    const treatments = { typeId: desk.type.treatment, areaIds: ['glabella'], startsAt: '2026-03-04T10:00' };
    const plan = await preview({ ...treatments, everyWeeks: 6, visits: 4 });
    expect(plan.visits.map(({ problem }) => problem?.code ?? 'free')).toEqual([
      'treatment_before_earliest',
      'free',
      'treatment_before_earliest',
      'free',
    ]);
    expect(plan.visits[2]?.problem?.facts).toMatchObject({
      windows: [{ areaId: 'glabella', earliest: '2026-07-08' }],
    });
    // Any day from the earliest on would be too close to the second visit.
    expect(plan.visits[0]?.alternatives).toEqual([]);
    expect(
      times(await book({ ...treatments, startsAt: '2026-03-05T10:00', everyWeeks: 12, visits: 2 })),
    ).toEqual(['2026-03-05T10:00', '2026-05-28T10:00']);
    zoe = await desk.aPatient();
    const override = { reason: 'Trial protocol', rules: ['treatment_before_earliest'] };
    const early = { ...treatments, startsAt: '2026-03-06T12:00', visits: 2, override };
    await expect(book(early)).rejects.toThrow(OverrideRefused);
    const booked = await book(early, 'prescriber');
    expect(booked.visits.map(({ appointment }) => appointment.overrideReason)).toEqual([
      null,
      'Trial protocol',
    ]);
  });

  it('marks a visit that was changed by itself', async () => {
    const { id, visits } = await book();
    const { receptionist } = clinic.actor;
    await scheduling.booking.reschedule(
      receptionist,
      String(visits[1]?.appointment.id),
      { startsAt: '2026-03-11T10:00' },
      1,
    );
    await scheduling.verbs.change(
      receptionist,
      String(visits[2]?.appointment.id),
      'cancel',
      { by: 'clinic' },
      1,
    );
    await scheduling.verbs.change(receptionist, String(visits[3]?.appointment.id), 'confirm', {}, 1);
    expect((await read(id)).visits.map(({ detached }) => detached)).toEqual([false, true, true, false]);
  });

  it('moves from here on to another time, practitioner and period, over its own old times', async () => {
    const { id, visits } = await book();
    const later = await changeFrom(id, 2, { startsAt: '2026-03-17T11:00', reason: 'New job' }, 1);
    expect(times(later)).toEqual([
      '2026-03-03T10:00',
      '2026-03-17T11:00',
      '2026-03-24T11:00',
      '2026-03-31T11:00',
    ]);
    expect(later.version).toBe(2);
    await expect(changeFrom(id, 2, { time: '12:00' }, 1)).rejects.toThrow(StaleVersion);
    const swapped = await changeFrom(id, 1, { startsAt: '2026-03-17T11:00', practitionerId: desk.doctorId });
    expect(times(swapped)).toEqual([
      '2026-03-17T11:00',
      '2026-03-24T11:00',
      '2026-03-31T11:00',
      '2026-04-07T11:00',
    ]);
    expect(swapped).toMatchObject({ practitionerId: desk.doctorId, practitionerName: 'Dr Ada Okafor' });
    const wider = await changeFrom(id, 2, { everyWeeks: 3, time: '15:15' });
    expect(times(wider)).toEqual([
      '2026-03-17T11:00',
      '2026-03-24T15:15',
      '2026-04-14T15:15',
      '2026-05-05T15:15',
    ]);
    expect(wider.everyWeeks).toBe(3);
    const { items } = await scheduling.verbs.history(
      clinic.actor.receptionist,
      String(visits[1]?.appointment.id),
    );
    expect(items.map(({ verb, reason }) => [verb, reason])).toEqual([
      ['book', null],
      ['reschedule', 'New job'],
      ['reschedule', null],
      ['reschedule', null],
    ]);
    expect(wider.visits.map(({ detached }) => detached)).toEqual([false, false, false, false]);
  });

  it('takes in visits that went their own way, or leaves them, and never touches what is over', async () => {
    const { id, visits } = await book();
    const { receptionist } = clinic.actor;
    const third = String(visits[2]?.appointment.id);
    await scheduling.booking.reschedule(receptionist, third, { startsAt: '2026-03-18T16:00' }, 1);
    await scheduling.verbs.change(
      receptionist,
      String(visits[3]?.appointment.id),
      'cancel',
      { by: 'clinic' },
      1,
    );
    const kept = await changeFrom(id, 2, { time: '14:00', keepDetached: true });
    expect(times(kept)).toEqual([
      '2026-03-03T10:00',
      '2026-03-10T14:00',
      '2026-03-18T16:00',
      '2026-03-24T10:00',
    ]);
    const all = await changeFrom(id, 2, { time: '13:00' });
    expect(times(all)).toEqual([
      '2026-03-03T10:00',
      '2026-03-10T13:00',
      '2026-03-18T13:00',
      '2026-03-24T10:00',
    ]);
    expect(all.visits.map(({ detached }) => detached)).toEqual([false, false, false, true]);
    await expect(changeFrom(id, 4, { time: '13:00' })).rejects.toThrow(SeriesNothingOpen);
  });

  it('moves all or none, or those that can be; what stays is not run over', async () => {
    const { id } = await book();
    const other = await single('2026-03-24T10:00', { practitionerId: desk.doctorId });
    await single('2026-03-17T11:00');
    const asked = { time: '11:00' };
    expect(
      (await scheduling.seriesChanges.preview(clinic.actor.receptionist, id, { fromVisit: 2, ...asked }))
        .visits,
    ).toMatchObject([{ free: true }, { free: false, problem: { code: 'slot_taken' } }, { free: true }]);
    await expect(changeFrom(id, 2, asked)).rejects.toThrow(SeriesBlocked);
    expect(times(await read(id))).toEqual([
      '2026-03-03T10:00',
      '2026-03-10T10:00',
      '2026-03-17T10:00',
      '2026-03-24T10:00',
    ]);
    const some = await changeFrom(id, 2, { ...asked, skipBlocked: true });
    expect(times(some)).toEqual([
      '2026-03-03T10:00',
      '2026-03-10T11:00',
      '2026-03-17T10:00',
      '2026-03-24T11:00',
    ]);
    expect(some.notDone).toMatchObject([{ number: 3, problem: { code: 'slot_taken' } }]);
    // Visit 4 cannot have the doctor's time and stays, so visit 3 cannot have visit 4's, nor visit 2 that of visit 3.
    await scheduling.verbs.change(clinic.actor.receptionist, other.id, 'cancel', { by: 'clinic' }, undefined);
    await single('2026-03-31T10:00', { practitionerId: desk.doctorId });
    await changeFrom(id, 4, { startsAt: '2026-03-24T10:00' });
    const shifted = { startsAt: '2026-03-17T10:00', practitionerId: desk.doctorId, skipBlocked: true };
    await expect(changeFrom(id, 2, shifted)).rejects.toMatchObject({
      facts: { visits: [{ number: 2 }, { number: 3 }, { number: 4 }] },
    });
  });

  it('cancels from here on, with the reason and whether it came late', async () => {
    const told: string[] = [];
    scheduling.events.subscribe((_, { verb }) => Promise.resolve(void told.push(verb)));
    await db.admin.query('UPDATE clinic SET late_cancel_hours = 48 WHERE id = $1', [clinic.clinicId]);
    const { id } = await book();
    clock.set(new Date('2026-03-09T10:00:00Z'));
    const over = await scheduling.seriesChanges.cancel(
      clinic.actor.receptionist,
      id,
      { fromVisit: 2, by: 'patient', reason: 'Moves away' },
      1,
    );
    expect(over.visits.map(({ appointment: { status, lateCancel } }) => [status, lateCancel])).toEqual([
      ['booked', null],
      ['cancelled', true],
      ['cancelled', false],
      ['cancelled', false],
    ]);
    expect(over.version).toBe(2);
    expect(told.slice(4)).toEqual(['cancel', 'cancel', 'cancel']);
    const { items } = await scheduling.verbs.history(
      clinic.actor.receptionist,
      String(over.visits[3]?.appointment.id),
    );
    expect(items.at(-1)).toMatchObject({ verb: 'cancel', reason: 'Moves away' });
    await expect(
      scheduling.seriesChanges.cancel(
        clinic.actor.receptionist,
        id,
        { fromVisit: 2, by: 'patient', reason: 'Again' },
        2,
      ),
    ).rejects.toThrow(SeriesNothingOpen);
  });

  it('finds an appointment again whose practitioner another changed while it waited', async () => {
    const { id } = await single('2026-03-03T10:00');
    const { receptionist } = clinic.actor;
    const changes = [desk.doctorId, desk.nurseId, desk.doctorId, desk.nurseId].map((practitionerId) =>
      scheduling.booking.reschedule(receptionist, id, { practitionerId }, undefined),
    );
    const confirmed = scheduling.verbs.change(receptionist, id, 'confirm', {}, undefined);
    const answers = await Promise.allSettled([...changes, confirmed]);
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('refuses what this clinic does not have, whoever has it, and what the series does not have', async () => {
    const strange = await aClinic(db);
    const theirs = await aDesk(db, strange);
    await expect(book({ patientId: await theirs.aPatient() })).rejects.toThrow(PatientNotFound);
    await expect(book({ practitionerId: theirs.nurseId })).rejects.toThrow(StaffNotFound);
    await expect(book({ locationId: theirs.london.id })).rejects.toThrow(LocationNotFound);
    await expect(book({ roomId: newId() })).rejects.toThrow(RoomNotFound);
    await expect(book({ replacements: [{ number: 1, practitionerId: theirs.nurseId }] })).rejects.toThrow(
      StaffNotFound,
    );
    await expect(book({ replacements: [{ number: 5 }] })).rejects.toThrow(SeriesVisitUnknown);
    await expect(book({ replacements: [{ number: 2 }, { number: 2 }] })).rejects.toThrow(SeriesVisitUnknown);
    await expect(book({ skip: [5] })).rejects.toThrow(SeriesVisitUnknown);
    await expect(book({ skip: [1, 2, 3, 4] })).rejects.toThrow(SeriesNothingOpen);
    const clash = { replacements: [{ number: 2, startsAt: '2026-03-03T10:10' }] };
    expect((await preview(clash)).visits[1]).toMatchObject({ problem: { code: 'series_visits_overlap' } });
    const { id } = await book();
    await expect(scheduling.series.read(strange.actor.admin, id)).rejects.toThrow(SeriesNotFound);
    await expect(scheduling.series.list(strange.actor.admin, { patientId: zoe, limit: 5 })).rejects.toThrow(
      PatientNotFound,
    );
    await expect(
      scheduling.seriesChanges.cancel(
        strange.actor.admin,
        id,
        { fromVisit: 1, by: 'clinic', reason: 'x' },
        undefined,
      ),
    ).rejects.toThrow(SeriesNotFound);
    expect(await count()).toBe(4);
  });
});
