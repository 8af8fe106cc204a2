import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock, newId } from '#kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { BookAppointment } from '../src/http/appointment.dto.js';
import {
  AppointmentTransitionRefused,
  BookingNoticeTooShort,
  EndExpiredHolds,
  HoldNotFound,
  HoldOver,
  OverrideRefused,
  SlotTaken,
} from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

const NOW = new Date('2026-03-02T07:00:00Z');
const inMinutes = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

describe('holds and double bookings', () => {
  const clock = new FixedClock(NOW);
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;

  const wish = async (change: Partial<BookAppointment> = {}): Promise<BookAppointment> => ({
    patientId: await desk.aPatient(),
    typeId: desk.type.treatment,
    locationId: desk.london.id,
    practitionerId: desk.nurseId,
    startsAt: '2026-03-03T10:00',
    ...change,
  });
  const hold = async (change: Partial<BookAppointment> = {}) =>
    scheduling.holds.hold(clinic.actor.receptionist, await wish(change));
  const book = async (
    change: Partial<BookAppointment> = {},
    who: 'receptionist' | 'prescriber' = 'receptionist',
  ) => scheduling.booking.book(clinic.actor[who], await wish(change));
  const statusOf = async (id: string) => (await scheduling.verbs.read(clinic.actor.receptionist, id)).status;
  const starts = async () => {
    const { slots } = await scheduling.availability.search(clinic.actor.receptionist, {
      typeId: desk.type.treatment,
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      from: '2026-03-03',
      to: '2026-03-03',
      stepMinutes: 30,
      limit: 500,
    });
    return slots.map(({ localTime }) => localTime.slice(11));
  };

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

  it('keeps a slot for the minutes the clinic gives, from bookings, from other holds and from the search', async () => {
    const held = await hold();
    expect(held).toMatchObject({ expiresAt: inMinutes(10), appointment: { status: 'held', allowed: [] } });
    await expect(book()).rejects.toMatchObject({
      facts: { blockedBy: [{ resource: 'practitioner', appointmentId: held.id }] },
    });
    await expect(hold()).rejects.toThrow(SlotTaken);
    expect(await starts()).not.toContain('10:00');
  });

  it('becomes a booking with the same id, once, and tells the contexts above only then', async () => {
    const told: string[] = [];
    scheduling.events.subscribe((_tx, { verb, status }) => {
      told.push(`${verb} ${status}`);
      return Promise.resolve();
    });
    const { receptionist } = clinic.actor;
    const { id } = await hold();
    expect(told).toEqual([]);
    expect(await scheduling.holds.confirm(receptionist, id)).toMatchObject({
      id,
      status: 'booked',
      version: 2,
    });
    await expect(scheduling.holds.confirm(receptionist, id)).rejects.toThrow(HoldOver);
    await expect(scheduling.holds.release(receptionist, id)).rejects.toThrow(HoldOver);
    expect(told).toEqual(['book booked']);
    const { items } = await scheduling.verbs.history(receptionist, id);
    expect(items.map(({ verb }) => verb)).toEqual(['hold', 'confirm-hold']);
  });

  it('gives the time back at the moment it expires, before any job has run', async () => {
    const { id } = await hold();
    clock.set(inMinutes(10));
    expect(await starts()).toContain('10:00');
    await expect(scheduling.holds.confirm(clinic.actor.receptionist, id)).rejects.toThrow(HoldOver);
    const booked = await book();
    expect(booked.status).toBe('booked');
    expect(await statusOf(id)).toBe('released');
    await expect(scheduling.holds.confirm(clinic.actor.receptionist, id)).rejects.toThrow(HoldOver);
  });

  it('makes way for a move and for taking up again, too, once it has expired', async () => {
    const moving = await book({ startsAt: '2026-03-03T14:00' });
    const missed = await book({ startsAt: '2026-03-03T11:00' });
    await scheduling.verbs.change(
      clinic.actor.receptionist,
      missed.id,
      'cancel',
      { by: 'clinic' },
      undefined,
    );
    await hold();
    await hold({ startsAt: '2026-03-03T11:00' });
    const goal = { startsAt: '2026-03-03T10:00' };
    const move = () => scheduling.booking.reschedule(clinic.actor.receptionist, moving.id, goal, undefined);
    const again = () =>
      scheduling.booking.reinstate(clinic.actor.receptionist, missed.id, 'Comes', undefined);
    await expect(move()).rejects.toThrow(SlotTaken);
    await expect(again()).rejects.toThrow(SlotTaken);
    clock.set(inMinutes(11));
    expect(await move()).toMatchObject({ status: 'booked', localTime: '2026-03-03T10:00' });
    expect(await again()).toMatchObject({ status: 'booked' });
  });

  it('is released by hand, twice if need be, and no verb of an appointment touches it', async () => {
    const { receptionist } = clinic.actor;
    const { id } = await hold();
    await expect(scheduling.verbs.change(receptionist, id, 'check-in', {}, undefined)).rejects.toThrow(
      AppointmentTransitionRefused,
    );
    await scheduling.holds.release(receptionist, id);
    await scheduling.holds.release(receptionist, id);
    expect(await book()).toMatchObject({ status: 'booked' });
    await expect(scheduling.holds.release(receptionist, newId())).rejects.toThrow(HoldNotFound);
    await expect(
      scheduling.holds.confirm(receptionist, (await book({ startsAt: '2026-03-03T15:00' })).id),
    ).rejects.toThrow(HoldNotFound);
    const strange = await aClinic(db);
    await expect(scheduling.holds.confirm(strange.actor.admin, id)).rejects.toThrow(HoldNotFound);
  });

  it('tidies expired holds away, and only those', async () => {
    const first = await hold();
    clock.set(inMinutes(9));
    const second = await hold({ startsAt: '2026-03-03T12:00' });
    clock.set(inMinutes(10));
    await new EndExpiredHolds(db.database, scheduling.expiredHolds).work({ clinicId: clinic.clinicId });
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(['released', 'held']);
  });

  it('lets one of many confirm a hold, and one of many take it over when it has expired', async () => {
    const { receptionist } = clinic.actor;
    const { id } = await hold();
    const confirming = await Promise.allSettled(
      Array.from({ length: 12 }, () => scheduling.holds.confirm(receptionist, id)),
    );
    expect(confirming.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await hold({ startsAt: '2026-03-03T12:00' });
    clock.set(inMinutes(10));
    const taking = await Promise.allSettled(
      Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? book : hold)({ startsAt: '2026-03-03T12:00' })),
    );
    expect(taking.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of taking)
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(SlotTaken);
  });

  it('double-books only for someone with the authority, by name, with a reason, and shows it', async () => {
    const first = await book();
    const override = { reason: 'Twins come together', rules: ['slot_taken'] };
    await expect(book({ override })).rejects.toThrow(OverrideRefused);
    await expect(book({ override: { reason: 'Flies home' } }, 'prescriber')).rejects.toThrow(SlotTaken);
    const beside = await book({ override }, 'prescriber');
    expect(beside).toMatchObject({
      doubleBooked: true,
      overrideReason: 'Twins come together',
      roomName: 'Room 2',
    });
    const { rows } = await db.admin.query('SELECT detail FROM appointment_change WHERE appointment_id = $1', [
      beside.id,
    ]);
    expect(rows).toMatchObject([
      { detail: [{ code: 'slot_taken', facts: { blockedBy: [{ appointmentId: first.id }] } }] },
    ]);
    expect(await book({ startsAt: '2026-03-03T16:00', override }, 'prescriber')).toMatchObject({
      doubleBooked: false,
      overrideReason: null,
    });
  });

  it('lets nobody else overlap a double booking, by booking or by moving', async () => {
    await book();
    const override = { reason: 'Emergency', rules: ['slot_taken'] };
    await book({ startsAt: '2026-03-03T10:30', override }, 'prescriber');
    await expect(book({ startsAt: '2026-03-03T11:00' })).rejects.toThrow(SlotTaken);
    const moving = await book({ startsAt: '2026-03-03T14:00' });
    const move = (change: object, who: 'receptionist' | 'prescriber') =>
      scheduling.booking.reschedule(
        clinic.actor[who],
        moving.id,
        { startsAt: '2026-03-03T11:00', ...change },
        undefined,
      );
    await expect(move({}, 'receptionist')).rejects.toThrow(SlotTaken);
    expect(await move({ override }, 'prescriber')).toMatchObject({ doubleBooked: true });
    expect(await move({ startsAt: '2026-03-03T15:00' }, 'receptionist')).toMatchObject({
      doubleBooked: false,
    });
  });

  it('asks for the notice the clinic wants, unless someone entitled sets it aside', async () => {
    await db.admin.query('UPDATE clinic SET booking_notice_minutes = 120 WHERE id = $1', [clinic.clinicId]);
    clock.set(new Date('2026-03-03T09:00:00Z'));
    await expect(book()).rejects.toThrow(BookingNoticeTooShort);
    expect(await book({ startsAt: '2026-03-03T11:00' })).toMatchObject({ status: 'booked' });
    expect(await book({ override: { reason: 'Walk-in' } }, 'prescriber')).toMatchObject({
      overrideReason: 'Walk-in',
    });
  });
});
