import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock } from '#kernel';
import { StaffNotFound } from '#identity';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type DeskVisit, LocationNotFound } from '../src/index.js';
import { SheetsQueries } from '../src/sheets/sheets.queries.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('the sheet of a day', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const book = async (startsAt: string, change: object = {}) =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const day = (change: object = {}) =>
    scheduling.sheets.day(clinic.actor.receptionist, {
      locationId: desk.london.id,
      on: '2026-03-03',
      ...change,
    });
  const run = (id: string, verb: 'check-in' | 'start' | 'complete' | 'cancel') =>
    scheduling.verbs.change(clinic.actor.receptionist, id, verb, {}, undefined);

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

  it('shows the day by the clock of the location, with which patient is late', async () => {
    const { id } = await book('2026-03-03T10:00');
    await book('2026-03-03T09:00', { practitionerId: desk.doctorId });
    await book('2026-03-03T17:00', { locationId: desk.newYork.id });
    clock.set(new Date('2026-03-03T10:12:30Z'));
    const { items, zone } = await day();
    expect(zone).toBe('Europe/London');
    expect(items.map(({ time, minutesLate, roomName }) => [time, minutesLate, roomName])).toEqual([
      ['09:00', 72, 'Room 1'],
      ['10:00', 12, 'Room 1'],
    ]);
    expect(items[1]).toMatchObject({
      patientName: expect.stringMatching(/^Zoë Patient/),
      practitionerName: 'Nadia Nurse',
    });
    await run(id, 'check-in');
    expect((await day({ practitionerId: desk.nurseId })).items).toMatchObject([
      { status: 'arrived', minutesLate: 0 },
    ]);
    expect((await day({ locationId: desk.newYork.id })).items).toMatchObject([{ time: '17:00' }]);
    expect(await day({ on: '2026-03-04' })).toEqual({
      on: '2026-03-04',
      zone: 'Europe/London',
      items: [],
      practitioners: [],
    });
  });

  it('says how late a practitioner runs and whom that keeps waiting', async () => {
    const first = await book('2026-03-03T10:00');
    const second = await book('2026-03-03T10:45');
    clock.set(new Date('2026-03-03T10:20:00Z'));
    await run(first.id, 'check-in');
    await run(first.id, 'start');
    clock.set(new Date('2026-03-03T10:55:00Z'));
    await run(second.id, 'check-in');
    clock.set(new Date('2026-03-03T11:00:00Z'));
    const sheet = await day();
    expect(sheet.practitioners).toEqual([
      { practitionerId: desk.nurseId, practitionerName: 'Nadia Nurse', minutesLate: 30 },
    ]);
    expect(sheet.items.map(({ delayMinutes, minutesWaiting }) => [delayMinutes, minutesWaiting])).toEqual([
      [20, 0],
      [30, 5],
    ]);
    const yesterday = await day({ on: '2026-03-02' });
    expect(yesterday.practitioners).toEqual([]);
  });

  it('shows a practitioner their day at every location, each visit in its own zone', async () => {
    await book('2026-03-03T10:00');
    await book('2026-03-03T17:00', { locationId: desk.newYork.id });
    await book('2026-03-03T11:00', { practitionerId: desk.doctorId });
    const sheet = await day({ locationId: undefined, practitionerId: desk.nurseId });
    expect(sheet.zone).toBeNull();
    expect(sheet.items.map(({ time, zone, locationName }) => [time, zone, locationName])).toEqual([
      ['10:00', 'Europe/London', 'London'],
      ['17:00', 'America/New_York', 'New York'],
    ]);
  });

  it('shows a week from Monday to Sunday, whatever day of it is named', async () => {
    await book('2026-03-03T10:00');
    await book('2026-03-08T10:00');
    await book('2026-03-09T10:00');
    for (const weekOf of ['2026-03-02', '2026-03-05', '2026-03-08']) {
      const week = await scheduling.sheets.week(clinic.actor.receptionist, {
        locationId: desk.london.id,
        weekOf,
      });
      expect(week).toMatchObject({ from: '2026-03-02', to: '2026-03-08', zone: 'Europe/London' });
      expect(week.days.map(({ on, items }) => [on.slice(8), items.length])).toEqual([
        ['02', 0],
        ['03', 1],
        ['04', 0],
        ['05', 0],
        ['06', 0],
        ['07', 0],
        ['08', 1],
      ]);
    }
  });

  it('asks the contexts above once for all visits that are not over, and puts their answers beside them', async () => {
    const kept = await book('2026-03-03T10:00', { areaIds: ['glabella'] });
    const cancelled = await book('2026-03-03T11:00');
    await run(cancelled.id, 'cancel');
    await db.admin.query('UPDATE patient SET do_not_contact = true WHERE id = $1', [kept.patientId]);
    const asked: (readonly DeskVisit[])[] = [];
    const date = calendarDate('2026-03-20');
    scheduling.deskAlerts.subscribe((_, visits) => {
      asked.push(visits);
      return Promise.resolve([{ appointmentId: kept.id, code: 'areas-due', areaIds: ['forehead'], date }]);
    });
    const { items } = await day();
    expect(asked).toEqual([
      [
        {
          appointmentId: kept.id,
          patientId: kept.patientId,
          kind: 'treatment',
          areaIds: ['glabella'],
          on: '2026-03-03',
        },
      ],
    ]);
    expect(items.map(({ alerts }) => alerts)).toEqual([
      [
        { code: 'do-not-contact', areaIds: [], date: null },
        { code: 'areas-due', areaIds: ['forehead'], date: '2026-03-20' },
      ],
      [],
    ]);
    expect((await day({ alerts: false })).items[0]?.alerts).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it('is not there for another clinic', async () => {
    const strange = await aDesk(db, await aClinic(db));
    await expect(day({ locationId: strange.london.id })).rejects.toThrow(LocationNotFound);
    await expect(day({ locationId: undefined, practitionerId: strange.nurseId })).rejects.toThrow(
      StaffNotFound,
    );
  });

  it('looks patients up by key, however many the clinic has', async () => {
    await db.admin.query(
      `INSERT INTO patient (clinic_id, id, number, given_name, family_name, birth_date)
       SELECT $1, gen_random_uuid(), n, 'A', 'B', '1980-01-01' FROM generate_series(1, 20000) n`,
      [clinic.clinicId],
    );
    await db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by)
       SELECT p.clinic_id, gen_random_uuid(), p.id, $2, $3, $4, f, f + interval '1 minute', f, f + interval '1 minute', $2
         FROM patient p, LATERAL (SELECT timestamptz '2026-02-20T08:00Z' + p.number * interval '2 minutes' AS f) t
        WHERE p.clinic_id = $1 AND p.number <= 20000`,
      [clinic.clinicId, desk.nurseId, desk.london.id, desk.type.review],
    );
    await db.admin.query('ANALYZE');
    const plans = await db.database.read(clinic.actor.receptionist, async (tx) => {
      const spied: { text: string; values: readonly unknown[] }[] = [];
      const spy = jest.spyOn(tx, 'rows').mockImplementation((statement, values = []) => {
        spied.push({ text: statement.text, values });
        return Promise.resolve([]);
      });
      const days = { from: calendarDate('2026-03-03'), to: calendarDate('2026-03-03') };
      await new SheetsQueries().read(tx, { locationId: desk.london.id, practitionerId: null, ...days });
      await new SheetsQueries().read(tx, { locationId: null, practitionerId: desk.nurseId, ...days });
      spy.mockRestore();
      return Promise.all(
        spied.map(async ({ text, values }) => {
          const told = await tx.rows<{ 'QUERY PLAN': string }>(
            { name: `explained_${values.length}`, text: `EXPLAIN (ANALYZE, BUFFERS) ${text}` },
            values,
          );
          return told.map((line) => line['QUERY PLAN']).join('\n');
        }),
      );
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(plan).not.toMatch(/Seq Scan on (patient|appointment)\b/);
      expect(plan).not.toMatch(/Hash Join[^]*on patient/);
      expect(plan).toMatch(/Index Scan using \S*patient_pkey\S* on patient/);
    }
  });
});
