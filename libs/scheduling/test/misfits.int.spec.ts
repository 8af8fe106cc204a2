import { Tx } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { LocationNotFound, SpanInverted } from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('what is booked and no longer fits', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const admin = () => clinic.actor.admin;
  const book = async (startsAt: string, change: object = {}) =>
    scheduling.booking.book(clinic.actor.prescriber, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const list = (change: object = {}) =>
    scheduling.misfits.list(clinic.actor.receptionist, { limit: 50, ...change });
  const shown = async (change: object = {}): Promise<string[]> =>
    (await list(change)).items.map(
      ({ localTime, reasons }) => `${localTime.slice(5)} ${reasons.map(({ code }) => code).join(' ')}`,
    );

  beforeAll(async () => {
    db = await createTestDatabase(clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
  });

  it('counts those an absence makes unfit, lists them with the reason, and not the others', async () => {
    const ten = await book('2026-03-03T10:00');
    await book('2026-03-03T14:00');
    await book('2026-03-04T10:00');
    await book('2026-03-03T10:00', { practitionerId: desk.doctorId });
    const absence = await scheduling.exceptions.addAbsence(admin(), desk.nurseId, {
      locationId: desk.london.id,
      startsAt: '2026-03-03T10:15',
      endsAt: '2026-03-03T12:00',
      reason: 'Dentist',
    });
    expect(absence.misfits).toBe(1);
    const { items, next } = await list();
    expect(next).toBeNull();
    expect(items).toMatchObject([
      {
        appointmentId: ten.id,
        startsAt: ten.startsAt,
        patientName: expect.stringMatching(/^Zoë Patient/),
        practitionerName: 'Nadia Nurse',
        roomName: 'Room 1',
        reasons: [
          {
            code: 'practitioner_not_working',
            facts: {
              practitionerId: desk.nurseId,
              works: [
                { startsAt: new Date('2026-03-03T08:00Z'), endsAt: new Date('2026-03-03T10:15Z') },
                { startsAt: new Date('2026-03-03T12:00Z'), endsAt: new Date('2026-03-03T18:00Z') },
              ],
            },
          },
        ],
        overridden: [],
        version: 1,
      },
    ]);
    const days = { startsOn: '2026-03-03', endsOn: '2026-03-04', reason: 'Ill' };
    const longer = await scheduling.exceptions.changeAbsence(admin(), desk.nurseId, absence.id, days);
    expect(longer.misfits).toBe(2);
    const dates = { practitionerId: desk.nurseId, from: '2026-03-04', to: '2026-03-04' };
    expect(await shown(dates)).toEqual(['03-04T10:00 practitioner_not_working']);
    await scheduling.exceptions.dropAbsence(admin(), desk.nurseId, absence.id);
    expect(await shown()).toEqual([]);
  });

  it('names every reason in the words of a booking', async () => {
    const [one = ''] = desk.london.roomIds;
    await book('2026-03-03T10:00');
    const { locations, rooms, types, workingHours } = scheduling;
    const closed = [{ day: '2026-03-03', name: 'Burst pipe' }];
    expect((await locations.setClosedDays(admin(), desk.london.id, closed)).misfits).toBe(1);
    expect(await shown()).toEqual(['03-03T10:00 outside_opening_hours']);
    const special = [{ day: '2026-03-03', start: '09:00', end: '12:00', name: 'After all' }];
    expect((await locations.setExtraOpenings(admin(), desk.london.id, special)).misfits).toBe(0);
    expect(await shown()).toEqual([]);
    expect((await rooms.change(admin(), one, { kind: 'store' })).misfits).toBe(1);
    expect((await types.change(admin(), desk.type.treatment, { needsPrescriber: true })).misfits).toBe(1);
    const only = { practitionerIds: [desk.doctorId] };
    expect((await types.change(admin(), desk.type.treatment, only)).misfits).toBe(1);
    expect((await workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, [])).misfits).toBe(1);
    expect(await shown({ locationId: desk.london.id })).toEqual([
      '03-03T10:00 appointment_type_not_offered prescriber_needed room_not_suitable practitioner_not_working',
    ]);
    await db.admin.query('UPDATE staff SET active = false WHERE id = $1', [desk.nurseId]);
    expect((await rooms.change(admin(), one, { active: false })).misfits).toBe(1);
    expect((await types.change(admin(), desk.type.treatment, { active: false })).misfits).toBe(1);
    expect((await locations.change(admin(), desk.london.id, { active: false })).misfits).toBe(1);
    expect(await shown({ practitionerId: desk.nurseId, locationId: desk.london.id })).toEqual([
      '03-03T10:00 location_not_found appointment_type_not_found staff_not_found room_not_found',
    ]);
  });

  it('lists equipment that was taken away, and a week that is no longer theirs', async () => {
    const [one = '', two = ''] = desk.london.roomIds;
    const { rooms, types, workingHours } = scheduling;
    for (const room of [one, two]) await rooms.change(admin(), room, { equipment: ['couch', 'lamp'] });
    await types.change(admin(), desk.type.treatment, { equipment: ['lamp'] });
    await book('2026-03-03T10:00');
    await book('2026-03-10T10:00');
    expect((await rooms.change(admin(), one, { equipment: ['couch'] })).misfits).toBe(2);
    await rooms.change(admin(), one, { equipment: ['lamp'] });
    const alternating = [
      {
        weekday: 2,
        start: '09:00',
        end: '17:00',
        validFrom: '2020-01-01',
        everyWeeks: 2,
        anchorMonday: '2026-03-02',
      },
    ];
    expect((await workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, alternating)).misfits).toBe(
      1,
    );
    expect(await shown()).toEqual(['03-10T10:00 practitioner_not_working']);
  });

  it('shows as overridden what somebody set aside, and lists it only when asked', async () => {
    const late = { override: { reason: 'Travels from afar', rules: ['outside_opening_hours'] } };
    const booked = await book('2026-03-03T19:00', late);
    expect(await shown()).toEqual([]);
    expect((await list({ overridden: true })).items).toMatchObject([
      {
        appointmentId: booked.id,
        reasons: [],
        overridden: [{ code: 'outside_opening_hours' }],
        overrideReason: 'Travels from afar',
      },
    ]);
    expect((await scheduling.locations.setOpeningHours(admin(), desk.london.id, [])).misfits).toBe(0);
    const changed = await scheduling.types.change(admin(), desk.type.treatment, { needsPrescriber: true });
    expect(changed.misfits).toBe(1);
    expect((await list()).items).toMatchObject([
      { reasons: [{ code: 'prescriber_needed' }], overridden: [{ code: 'outside_opening_hours' }] },
    ]);
    await scheduling.types.change(admin(), desk.type.treatment, { needsPrescriber: false });
    const moved = { startsAt: '2026-03-03T20:00', override: { reason: 'Later train' } };
    await scheduling.booking.reschedule(clinic.actor.prescriber, booked.id, moved, undefined);
    expect(await shown()).toEqual([]);
    expect(await shown({ overridden: true })).toEqual(['03-03T20:00 ']);
  });

  it('leaves out what is past, over or only held', async () => {
    const { receptionist } = clinic.actor;
    const cancelled = await book('2026-03-03T10:00');
    await scheduling.verbs.change(receptionist, cancelled.id, 'cancel', { by: 'clinic' }, undefined);
    await scheduling.holds.hold(receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt: '2026-03-03T11:00',
    });
    await book('2026-03-03T12:00');
    clock.set(new Date('2026-03-03T12:30Z'));
    const { misfits } = await scheduling.workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, []);
    clock.set(NOW);
    expect(misfits).toBe(0);
  });

  it('pages by time in a number of queries that does not grow with what is booked', async () => {
    for (const day of ['03', '04', '05'])
      for (const hour of ['09', '11', '13', '15']) await book(`2026-03-${day}T${hour}:00`);
    const rows = jest.spyOn(Tx.prototype, 'rows');
    const counted = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
      const before = rows.mock.calls.length;
      const answer = await work();
      return [answer, rows.mock.calls.length - before];
    };
    const [{ misfits }] = await counted(() =>
      scheduling.workingHours.setWeekly(admin(), desk.nurseId, desk.london.id, []),
    );
    expect(misfits).toBe(12);
    const [whole, queries] = await counted(() => list());
    expect(queries).toBe(4);
    rows.mockRestore();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 5, practitionerId: desk.nurseId, ...(after ? { after } : {}) });
      seen.push(...page.items.map(({ appointmentId }) => appointmentId));
      after = page.next ?? undefined;
    } while (after);
    expect(seen).toEqual(whole.items.map(({ appointmentId }) => appointmentId));
    expect(seen).toHaveLength(12);
  });

  it('knows only what this clinic has', async () => {
    const strange = await aDesk(db, await aClinic(db));
    await expect(list({ locationId: strange.london.id })).rejects.toThrow(LocationNotFound);
    await expect(list({ practitionerId: strange.nurseId })).rejects.toThrow(StaffNotFound);
    expect(() => list({ from: '2026-03-04', to: '2026-03-03' })).toThrow(SpanInverted);
  });

  it('counts among the soonest visits, and says how far', async () => {
    await db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by)
       SELECT $1, gen_random_uuid(), $2, $3, $4, $5, t, t + interval '5 minutes', t, t + interval '5 minutes', $3
         FROM generate_series('2026-03-03T00:00Z'::timestamptz, '2026-03-03T00:00Z'::timestamptz + 5000 * interval '5 minutes', interval '5 minutes') t`,
      [clinic.clinicId, await desk.aPatient(), desk.nurseId, desk.london.id, desk.type.review],
    );
    const { id } = desk.london;
    const { misfits, misfitsCountedTo } = await scheduling.workingHours.setWeekly(
      admin(),
      desk.nurseId,
      id,
      [],
    );
    // A day has 120 spans of five minutes between 08:00 and 18:00; 17 whole days and 8 h 40 lie before the last visit.
    expect(misfits).toBe(17 * 120 + 8);
    expect(misfitsCountedTo).toEqual(new Date('2026-03-20T08:40Z'));
  });
});
