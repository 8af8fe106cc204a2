import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock } from '#kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-06-01T07:00:00Z');

describe('availability for a repeat visit', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  /** How often the windows were read. */
  let windowReads = 0;
  let patientId: string;
  const search = (change: object = {}) =>
    scheduling.availability.search(clinic.actor.receptionist, {
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      patientId,
      stepMinutes: 60,
      limit: 2000,
      ...change,
    });

  beforeAll(async () => {
    db = await createTestDatabase(clock);
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    patientId = await desk.aPatient();
    for (const day of ['2026-01-15T16:30Z', '2026-02-12T16:30Z', '2026-04-16T15:30Z'])
      await db.admin.query(
        `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by, status)
         VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $6::timestamptz + interval '15 minutes', $6, $6::timestamptz + interval '15 minutes', $3, 'fulfilled')`,
        [clinic.clinicId, patientId, desk.doctorId, desk.london.id, desk.type.review, day],
      );
    scheduling.windows.subscribe(() => {
      windowReads += 1;
      return Promise.resolve([
        {
          areaId: 'glabella',
          earliest: calendarDate('2026-06-10'),
          recommendedFrom: calendarDate('2026-06-15'),
          recommendedTo: calendarDate('2026-06-26'),
        },
      ]);
    });
  });
  afterAll(() => db.drop());

  it('searches inside the open window and ranks by habit, with the reason', async () => {
    const found = await search();
    expect(found).toMatchObject({
      from: '2026-06-15',
      to: '2026-06-26',
      order: 'By habit, usually Thursdays after 16:00 with Dr Ada Okafor (3 past visits), then by time',
    });
    expect(found.slots[0]).toMatchObject({
      localTime: '2026-06-18T16:00',
      practitionerId: desk.doctorId,
      why: 'usually Thursdays after 16:00 with Dr Ada Okafor',
    });
    expect(await search()).toEqual(found);
  });

  it('tells beforehand what a booking on those days would be refused for', async () => {
    const tooEarly = { code: 'treatment_before_earliest', until: '2026-06-10' };
    expect((await search({ from: '2026-06-09', to: '2026-06-12' })).hints).toMatchObject([tooEarly]);
    expect((await search({ from: '2026-05-01', to: '2026-06-12' })).hints).toMatchObject([tooEarly]);
    expect((await search({ from: '2026-06-10', to: '2026-06-12' })).hints).toEqual([]);
    windowReads = 0;
    expect((await search()).hints).toEqual([]);
    expect(windowReads).toBe(1);
    const review = await search({ typeId: desk.type.review });
    expect(review).toMatchObject({ from: '2026-06-01', to: '2026-07-30', hints: [] });
  });

  it('begins on the day it is at the location', async () => {
    const asked = {
      typeId: desk.type.review,
      locationId: desk.newYork.id,
      patientId,
      stepMinutes: 60,
      limit: 1,
    };
    clock.set(new Date('2026-06-02T02:00:00Z'));
    const found = await scheduling.availability.search(clinic.actor.receptionist, asked);
    clock.set(NOW);
    expect(found.from).toBe('2026-06-01');
  });

  it('says so when nothing is known of a patient’s habits, and keeps to the days that were asked for', async () => {
    const days = { from: '2026-06-03', to: '2026-06-03' };
    const found = await search({ patientId: await desk.aPatient(), ...days });
    expect(found).toMatchObject({ ...days, order: 'By time: too few past visits to know a habit' });
    expect(found.slots[0]).toMatchObject({ localTime: '2026-06-03T09:00', why: null });
  });
});
