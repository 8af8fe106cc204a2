import { createTestDatabase, type TestDatabase } from '#database/testing';
import { StaleVersion } from '#http';
import { StaffNotFound } from '#identity';
import { aClinic, type TestClinic } from '#identity/testing';
import { calendarDate, FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { GroupMoveView, ProposeGroupMove } from '../src/group-move/http/group-move.dto.js';
import type { BookAppointment } from '../src/http/appointment.dto.js';
import {
  GroupMoveClosed,
  GroupMoveItemNotFound,
  GroupMoveItemSettled,
  GroupMoveNotFound,
  GroupMoveRangeInvalid,
  GroupMoveTooLarge,
  LocationNotFound,
  OutsideOpeningHours,
  OverrideRefused,
  ProposalsCollide,
  SetUpEntryNotFound,
  SlotTaken,
  SpanInverted,
  TreatmentBeforeEarliest,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');

describe('a group move', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const book = async (startsAt: string, change: Partial<BookAppointment> = {}) =>
    scheduling.booking.book(clinic.actor.receptionist, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
      ...change,
    });
  const propose = (change: Partial<ProposeGroupMove> = {}) =>
    scheduling.groupMoves.kept.propose(clinic.actor.receptionist, {
      practitionerId: desk.nurseId,
      locationId: desk.london.id,
      startsAt: '2026-03-03T00:00',
      endsAt: '2026-03-04T00:00',
      reason: 'Nadia is ill',
      ...change,
    });
  const apply = (id: string, appointmentIds?: string[], version?: number) =>
    scheduling.groupMoves.application.apply(clinic.actor.receptionist, id, appointmentIds, version);
  const choose = (id: string, appointmentId: string, choice: object, version?: number) =>
    scheduling.groupMoves.items.choose(clinic.actor.receptionist, id, appointmentId, choice, version);
  const goals = ({ items }: GroupMoveView) =>
    items.map(({ state, to }) => [state, to?.localTime, to?.practitionerName]);
  const read = (id: string) => scheduling.verbs.read(clinic.actor.receptionist, id);

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

  it('proposes another practitioner at the same time, or a time near, and moves nothing yet', async () => {
    const first = await book('2026-03-03T10:00');
    const second = await book('2026-03-03T11:00');
    await book('2026-03-03T11:00', { practitionerId: desk.doctorId });
    const over = await book('2026-03-03T12:00');
    await scheduling.verbs.change(clinic.actor.receptionist, over.id, 'cancel', { by: 'clinic' }, 1);
    const move = await propose();
    expect(move).toMatchObject({
      practitionerName: 'Nadia Nurse',
      affected: 2,
      moved: 0,
      remaining: 2,
      version: 1,
    });
    expect(move.items.map(({ appointmentId }) => appointmentId)).toEqual([first.id, second.id]);
    expect(goals(move)).toEqual([
      ['proposed', '2026-03-03T10:00', 'Dr Ada Okafor'],
      ['proposed', '2026-03-03T11:45', 'Dr Ada Okafor'],
    ]);
    expect(move.items[0]?.why).toBe('same time, with Dr Ada Okafor');
    expect(move.items[1]?.why).toBe('same day, at 11:45, with Dr Ada Okafor');
    expect(move.items[1]?.alternatives).toHaveLength(3);
    expect((await read(first.id)).version).toBe(1);
    expect(await scheduling.groupMoves.kept.read(clinic.actor.receptionist, move.id)).toEqual(move);
    const { items, next } = await scheduling.groupMoves.kept.list(clinic.actor.receptionist, { limit: 1 });
    expect([items, next]).toMatchObject([[{ id: move.id, remaining: 2 }], null]);
  });

  it('takes the time of an absence that is set up, and keeps the same practitioner beside it', async () => {
    const { admin } = clinic.actor;
    const away = { locationId: desk.london.id, startsAt: '2026-03-03T08:00', endsAt: '2026-03-03T13:00' };
    const { id: absenceId } = await scheduling.exceptions.addAbsence(admin, desk.nurseId, {
      ...away,
      reason: 'Training',
    });
    await db.admin.query(`DELETE FROM working_hours WHERE clinic_id = $1 AND practitioner_id = $2`, [
      clinic.clinicId,
      desk.doctorId,
    ]);
    const one = await book('2026-03-03T12:00', { override: { reason: 'Known' } }).catch(() => null);
    expect(one).toBeNull();
    await scheduling.exceptions.dropAbsence(admin, desk.nurseId, absenceId);
    const booked = await book('2026-03-03T12:00');
    const again = await scheduling.exceptions.addAbsence(admin, desk.nurseId, {
      ...away,
      reason: 'Training',
    });
    const {
      locationId: _,
      startsAt: _s,
      endsAt: _e,
      ...rest
    } = {
      practitionerId: desk.nurseId,
      absenceId: again.id,
      reason: 'Training',
      locationId: '',
      startsAt: '',
      endsAt: '',
    };
    const move = await scheduling.groupMoves.kept.propose(clinic.actor.receptionist, rest);
    expect(goals(move)).toEqual([['proposed', '2026-03-03T13:15', 'Nadia Nurse']]);
    expect(move.items[0]).toMatchObject({
      appointmentId: booked.id,
      why: 'same day, at 13:15, still with Nadia Nurse',
    });
  });

  it('stays inside the window of a repeat visit, and says when there is nothing', async () => {
    scheduling.windows.subscribeForMany((_tx, patientIds) =>
      Promise.resolve(
        patientIds.map((patientId) => ({
          patientId,
          areaId: 'glabella',
          earliest: calendarDate('2026-03-01'),
          recommendedFrom: calendarDate('2026-03-03'),
          recommendedTo: calendarDate('2026-03-04'),
        })),
      ),
    );
    await db.admin.query(`DELETE FROM working_hours WHERE clinic_id = $1 AND practitioner_id = $2`, [
      clinic.clinicId,
      desk.doctorId,
    ]);
    await book('2026-03-03T10:00', { areaIds: ['glabella'] });
    expect(goals(await propose())).toEqual([['proposed', '2026-03-04T10:00', 'Nadia Nurse']]);
    const none = await propose({ endsAt: '2026-03-06T00:00' });
    expect(goals(none)).toEqual([['no-slot', undefined, undefined]]);
    expect(none.items[0]?.why).toMatch('Nothing is free');
  });

  it('moves what is accepted, with reason, history, audit and event, and once only', async () => {
    const told: string[] = [];
    const [first, second] = [await book('2026-03-03T10:00'), await book('2026-03-03T14:00')];
    scheduling.events.subscribe((_, { verb, appointmentId }) =>
      Promise.resolve(void told.push(`${verb} ${appointmentId}`)),
    );
    const move = await propose();
    const part = await apply(move.id, [first.id], move.version);
    expect(goals(part)).toEqual([
      ['moved', '2026-03-03T10:00', 'Dr Ada Okafor'],
      ['proposed', '2026-03-03T14:00', 'Dr Ada Okafor'],
    ]);
    expect(part).toMatchObject({ moved: 1, remaining: 1, version: 2 });
    expect(await apply(move.id, [first.id])).toEqual(part);
    await expect(apply(move.id, undefined, 1)).rejects.toThrow(StaleVersion);
    const all = await apply(move.id);
    expect(all).toMatchObject({ moved: 2, remaining: 0 });
    expect(told).toEqual([`reschedule ${first.id}`, `reschedule ${second.id}`]);
    expect(await read(first.id)).toMatchObject({
      practitionerId: desk.doctorId,
      status: 'booked',
      version: 2,
    });
    const { items } = await scheduling.verbs.history(clinic.actor.receptionist, first.id);
    expect(items.at(-1)).toMatchObject({
      verb: 'reschedule',
      reason: 'Nadia is ill',
      staffName: 'Rhea Desk',
    });
    const audit = await db.admin.query(
      `SELECT action, detail FROM audit_event WHERE entity_id = $1 AND action = 'group-move.apply' ORDER BY id`,
      [move.id],
    );
    expect(audit.rows).toMatchObject([{ detail: { moved: 1, conflicts: 0 } }, { detail: { moved: 1 } }]);
  });

  it('gives back what was taken meanwhile with what is free instead, and applies the others', async () => {
    const [first, second] = [await book('2026-03-03T10:00'), await book('2026-03-03T14:00')];
    const move = await propose();
    await book('2026-03-03T10:15', { practitionerId: desk.doctorId });
    const applied = await apply(move.id);
    expect(goals(applied)).toEqual([
      ['conflict', undefined, undefined],
      ['moved', '2026-03-03T14:00', 'Dr Ada Okafor'],
    ]);
    expect(applied.items[0]?.why).toMatch('already booked');
    const [instead] = applied.items[0]?.alternatives ?? [];
    expect(instead).toMatchObject({ practitionerId: desk.doctorId });
    expect(await read(first.id)).toMatchObject({ practitionerId: desk.nurseId, version: 1 });
    const chosen = await choose(move.id, first.id, {
      startsAt: String(instead?.startsAt.toISOString()),
      practitionerId: String(instead?.practitionerId),
    });
    expect(chosen.items[0]).toMatchObject({ state: 'proposed', to: { localTime: instead?.localTime } });
    expect(await apply(move.id)).toMatchObject({ moved: 2, remaining: 0 });
    await expect(choose(move.id, second.id, { startsAt: '2026-03-03T16:00' })).rejects.toThrow(
      GroupMoveItemSettled,
    );
  });

  it('lets a receptionist choose and leave, but not a slot that is taken, proposed or against the rules', async () => {
    const [first, second] = [await book('2026-03-03T10:00'), await book('2026-03-03T14:00')];
    await book('2026-03-03T16:00', { practitionerId: desk.doctorId });
    const { id } = await propose();
    const doctor = { practitionerId: desk.doctorId };
    await expect(choose(id, first.id, { ...doctor, startsAt: '2026-03-03T16:00' })).rejects.toThrow(
      SlotTaken,
    );
    await expect(choose(id, first.id, { ...doctor, startsAt: '2026-03-03T14:15' })).rejects.toMatchObject({
      facts: { appointmentIds: [second.id] },
    });
    await expect(choose(id, first.id, { ...doctor, startsAt: '2026-03-03T14:15' })).rejects.toThrow(
      ProposalsCollide,
    );
    await expect(choose(id, first.id, { ...doctor, startsAt: '2026-03-03T20:00' })).rejects.toThrow(
      OutsideOpeningHours,
    );
    await expect(choose(id, newId(), doctor)).rejects.toThrow(GroupMoveItemNotFound);
    const left = await scheduling.groupMoves.items.leave(clinic.actor.receptionist, id, second.id, 1);
    expect(left.items[1]?.state).toBe('left');
    const chosen = await choose(id, first.id, { ...doctor, startsAt: '2026-03-03T14:15' }, 2);
    expect(chosen.items[0]).toMatchObject({
      why: 'same day, at 14:15, with Dr Ada Okafor',
      to: { roomName: 'Room 2' },
    });
    await expect(apply(id, [second.id])).rejects.toThrow(GroupMoveItemSettled);
    expect(await apply(id)).toMatchObject({ moved: 1, remaining: 1 });
    expect(await read(first.id)).toMatchObject({ localTime: '2026-03-03T14:15', roomName: 'Room 2' });
  });

  describe('in which a rule is set aside', () => {
    let earliest = calendarDate('2026-03-10');
    const early = { startsAt: '2026-03-05T10:00', override: { reason: 'Flies home on the 6th' } };
    const as = (who: 'receptionist' | 'prescriber', id: string, appointmentId: string, choice: object) =>
      scheduling.groupMoves.items.choose(clinic.actor[who], id, appointmentId, choice, undefined);

    beforeEach(() => {
      earliest = calendarDate('2026-03-03');
      scheduling.windows.subscribe((_tx, patientId) => Promise.resolve([windowOf(patientId)]));
      scheduling.windows.subscribeForMany((_tx, ids) => Promise.resolve(ids.map(windowOf)));
    });
    const windowOf = (patientId: string) => ({
      patientId,
      areaId: 'glabella',
      earliest,
      recommendedFrom: null,
      recommendedTo: null,
    });

    it('takes a prescriber’s override with the choice, and the desk applies it', async () => {
      const { id: appointmentId } = await book('2026-03-03T10:00', { areaIds: ['glabella'] });
      const { id } = await propose();
      earliest = calendarDate('2026-03-10');
      await expect(as('prescriber', id, appointmentId, { startsAt: early.startsAt })).rejects.toThrow(
        TreatmentBeforeEarliest,
      );
      await expect(as('receptionist', id, appointmentId, early)).rejects.toThrow(OverrideRefused);
      const chosen = await as('prescriber', id, appointmentId, early);
      expect(chosen.items[0]).toMatchObject({ state: 'proposed', overrideReason: early.override.reason });
      expect(await apply(id)).toMatchObject({ moved: 1, remaining: 0 });
      const { items } = await scheduling.verbs.history(clinic.actor.receptionist, appointmentId);
      expect(items.at(-1)).toMatchObject({ staffName: 'Rhea Desk' });
      const { rows } = await db.admin.query(
        `SELECT detail -> 'overridden' AS overridden FROM appointment_change WHERE appointment_id = $1 AND version = 2`,
        [appointmentId],
      );
      const by = clinic.actor.prescriber.staffId;
      const decided = { code: 'treatment_before_earliest', reason: early.override.reason, by };
      expect(rows).toMatchObject([{ overridden: [decided] }]);
      expect(await read(appointmentId)).toMatchObject({ overrideReason: early.override.reason });
    });

    it('holds it to the windows it was decided on: a treatment since asks again', async () => {
      const { id: appointmentId } = await book('2026-03-03T10:00', { areaIds: ['glabella'] });
      const { id } = await propose();
      earliest = calendarDate('2026-03-10');
      await as('prescriber', id, appointmentId, early);
      earliest = calendarDate('2026-06-10');
      const applied = await apply(id);
      expect(applied.items[0]).toMatchObject({ state: 'conflict', overrideReason: null });
      expect(applied.items[0]?.why).toBe(TreatmentBeforeEarliest.spec.title);
      expect(await read(appointmentId)).toMatchObject({ version: 1, overrideReason: null });
    });

    it('takes hours set aside by whoever may, and forgets it with another choice', async () => {
      earliest = calendarDate('2026-01-01');
      const { id: appointmentId } = await book('2026-03-03T10:00');
      const { id } = await propose();
      const late = {
        startsAt: '2026-03-05T20:00',
        override: { reason: 'Only then', rules: ['outside_opening_hours'] },
      };
      expect((await as('prescriber', id, appointmentId, late)).items[0]?.overrideReason).toBe('Only then');
      const again = await as('receptionist', id, appointmentId, { startsAt: '2026-03-05T11:00' });
      expect(again.items[0]?.overrideReason).toBeNull();
    });
  });

  it('passes over what was moved or cancelled by itself meanwhile', async () => {
    const [first, second] = [await book('2026-03-03T10:00'), await book('2026-03-03T14:00')];
    const { id } = await propose();
    const { receptionist } = clinic.actor;
    await scheduling.booking.reschedule(receptionist, first.id, { startsAt: '2026-03-05T10:00' }, 1);
    await scheduling.verbs.change(receptionist, second.id, 'cancel', { by: 'patient' }, 1);
    const applied = await apply(id);
    expect(applied.items.map(({ state }) => state)).toEqual(['gone', 'gone']);
    expect(applied).toMatchObject({ moved: 0, remaining: 0 });
    await expect(choose(id, first.id, { startsAt: '2026-03-03T16:00' })).rejects.toThrow(
      GroupMoveItemSettled,
    );
  });

  it('is closed once, and moves nothing from then on', async () => {
    const [first, second] = [await book('2026-03-03T10:00'), await book('2026-03-03T14:00')];
    const { id } = await propose();
    await apply(id, [first.id]);
    const { receptionist } = clinic.actor;
    const close = (version?: number) => scheduling.groupMoves.kept.close(receptionist, id, version);
    await expect(close(1)).rejects.toThrow(StaleVersion);
    expect(await close(2)).toMatchObject({ closedAt: NOW, moved: 1, remaining: 1, version: 3 });
    await expect(close()).rejects.toThrow(GroupMoveClosed);
    await expect(apply(id)).rejects.toThrow(GroupMoveClosed);
    await expect(choose(id, second.id, { startsAt: '2026-03-03T16:00' })).rejects.toThrow(GroupMoveClosed);
    await expect(scheduling.groupMoves.items.leave(receptionist, id, second.id, undefined)).rejects.toThrow(
      GroupMoveClosed,
    );
    expect(await read(second.id)).toMatchObject({ version: 1, localTime: '2026-03-03T14:00' });
  });

  it('takes whole days away by the clock of each location', async () => {
    const london = await book('2026-03-03T16:00');
    const evening = await book('2026-03-03T17:15', { locationId: desk.newYork.id });
    // While it is still the third in New York.
    const atNight = await scheduling.booking.book(clinic.actor.prescriber, {
      patientId: await desk.aPatient(),
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt: '2026-03-04T03:00',
      override: { reason: 'Flies at six' },
    });
    const day = { startsOn: '2026-03-03', endsOn: '2026-03-03', reason: 'Ill' };
    const absence = await scheduling.exceptions.addAbsence(clinic.actor.admin, desk.nurseId, day);
    expect(absence.startsAt < atNight.startsAt && atNight.startsAt < absence.endsAt).toBe(true);
    const { items } = await propose({ absenceId: absence.id });
    expect(items.map(({ appointmentId }) => appointmentId)).toEqual([london.id, evening.id]);
  });

  it('asks a bounded number of questions, and its proposals never collide', async () => {
    // A quarter past eight in New York is a quarter past one in London.
    for (const hour of [8, 9, 10, 11, 12, 14, 15, 16])
      for (const day of ['03', '04', '05'])
        await book(
          `2026-03-${day}T${String(hour).padStart(2, '0')}:15`,
          hour === 8 ? { locationId: desk.newYork.id } : {},
        );
    const many = await propose({ endsAt: '2026-03-07T00:00' });
    expect(many.affected).toBe(24);
    expect(many.items.every(({ state }) => state === 'proposed')).toBe(true);
    const colliding = await db.admin.query(
      `SELECT 1 FROM group_move_item a JOIN group_move_item b ON a.group_move_id = b.group_move_id AND a.appointment_id < b.appointment_id
          AND a.busy_from < b.busy_to AND b.busy_from < a.busy_to
          AND (a.practitioner_id = b.practitioner_id OR a.room_id = b.room_id) WHERE a.group_move_id = $1`,
      [many.id],
    );
    expect(colliding.rowCount).toBe(0);
    expect(await apply(many.id)).toMatchObject({ moved: 24, remaining: 0 });
  });

  it('refuses what cannot be: others’ staff, times, absences and moves', async () => {
    const strange = await aClinic(db);
    const theirs = await aDesk(db, strange);
    await expect(propose({ practitionerId: theirs.nurseId })).rejects.toThrow(StaffNotFound);
    await expect(propose({ locationId: theirs.london.id })).rejects.toThrow(LocationNotFound);
    await expect(propose({ absenceId: newId() })).rejects.toThrow(SetUpEntryNotFound);
    await expect(propose({ endsAt: '2026-03-02T00:00' })).rejects.toThrow(SpanInverted);
    await expect(propose({ endsAt: '2026-05-02T00:00' })).rejects.toThrow(GroupMoveRangeInvalid);
    const one = await book('2026-03-03T10:00');
    const { id } = await propose();
    const { receptionist } = strange.actor;
    await expect(scheduling.groupMoves.kept.read(receptionist, id)).rejects.toThrow(GroupMoveNotFound);
    await expect(
      scheduling.groupMoves.application.apply(receptionist, id, undefined, undefined),
    ).rejects.toThrow(GroupMoveNotFound);
    await expect(scheduling.groupMoves.items.leave(receptionist, id, one.id, undefined)).rejects.toThrow(
      GroupMoveNotFound,
    );
    await db.admin.query(
      `INSERT INTO appointment (clinic_id, id, patient_id, practitioner_id, location_id, type_id, starts_at, ends_at, busy_from, busy_to, booked_by)
       SELECT $1, gen_random_uuid(), $2, $3, $4, $5, t, t + interval '1 minute', t, t + interval '1 minute', $3
         FROM generate_series('2026-03-03T15:00Z'::timestamptz, '2026-03-03T18:20Z', interval '1 minute') t`,
      [clinic.clinicId, await desk.aPatient(), desk.nurseId, desk.london.id, desk.type.review],
    );
    await expect(propose()).rejects.toThrow(GroupMoveTooLarge);
  });
});
