import { type TestDatabase } from '#database/testing';
import { type TestClinic } from '#identity/testing';
import { calendarDate, type FixedClock } from '#kernel';
import { AppointmentVerbsService, AvailabilityService, BookingService } from '#scheduling';
import { type TestDesk } from '#scheduling/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestingModule } from '@nestjs/testing';

import { FollowUpsRepository } from '../src/index.js';
import { ClinicAfterTreatments } from './clinic-after-treatments.js';

describe('the booking of a review', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let module: TestingModule;
  let patientId: string;
  let treatmentId: string;
  let clock: FixedClock;
  let work: ClinicAfterTreatments;
  const book = (startsAt: string, type: 'review' | 'consultation' = 'review') =>
    module.get(BookingService).book(clinic.actor.receptionist, {
      patientId,
      typeId: desk.type[type],
      locationId: desk.london.id,
      practitionerId: desk.nurseId,
      startsAt,
    });
  const change = (id: string, verb: 'cancel' | 'no-show' | 'enter-in-error', reason: string) =>
    module
      .get(AppointmentVerbsService)
      .change(clinic.actor.receptionist, id, verb, { reason, by: 'patient' }, undefined);
  const missedOn = (day: string) =>
    db.database.write(clinic.actor.admin, (tx) =>
      module.get(FollowUpsRepository).markMissed(tx, calendarDate(day)),
    );
  const review = async () => {
    const { status, appointmentId } = await work.followUp(patientId, 'review');
    return { status, appointmentId };
  };

  beforeAll(async () => {
    work = await ClinicAfterTreatments.open('2026-01-20T10:00:00Z');
    ({ clinic, desk, module, clock, db } = work);
  });
  beforeEach(async () => {
    patientId = await desk.aPatient();
    treatmentId = await work.sign(patientId);
  });
  afterAll(() => work.close());

  it('takes the review off the list of those to chase', async () => {
    const { id } = await book('2026-01-30T09:00');
    expect(await review()).toEqual({ status: 'booked', appointmentId: id });
  });

  it('is searched on the days of the review, until it is booked', async () => {
    const search = async (areaIds: string[] = []) => {
      const { from, to, hints } = await module.get(AvailabilityService).search(clinic.actor.receptionist, {
        typeId: desk.type.review,
        locationId: desk.london.id,
        patientId,
        areaIds,
        stepMinutes: 60,
        limit: 1,
      });
      return { from, to, hints };
    };
    const fromToday = { from: '2026-01-20', to: '2026-03-20', hints: [] };
    expect(await search()).toEqual({ from: '2026-01-29', to: '2026-02-05', hints: [] });
    expect(await search(['forehead'])).toEqual(fromToday);
    await book('2026-02-05T16:00');
    expect(await search()).toEqual(fromToday);
  });

  it('leaves it alone when the visit is no review', async () => {
    await book('2026-01-30T10:00', 'consultation');
    expect(await review()).toEqual({ status: 'due', appointmentId: null });
  });

  it.each(['cancel', 'no-show', 'enter-in-error'] as const)('puts it back after a %s', async (verb) => {
    const { id } = await book(`2026-01-30T1${['cancel', 'no-show', 'enter-in-error'].indexOf(verb) + 1}:00`);
    if (verb === 'no-show') clock.set(new Date('2026-01-30T18:00:00Z'));
    await change(id, verb, 'Asked to');
    clock.set(new Date('2026-01-20T10:00:00Z'));
    expect(await review()).toEqual({ status: 'due', appointmentId: null });
  });

  it('follows the appointment when it is moved', async () => {
    const { id } = await book('2026-01-31T09:00');
    const move = { startsAt: '2026-02-03T09:00' };
    await module.get(BookingService).reschedule(clinic.actor.receptionist, id, move, undefined);
    expect(await review()).toEqual({ status: 'booked', appointmentId: id });
  });

  it('is no news to the review when the visit is confirmed or the patient arrives', async () => {
    const { id } = await book('2026-01-30T15:00');
    const { version } = await work.followUp(patientId, 'review');
    for (const verb of ['confirm', 'check-in'] as const) {
      if (verb === 'check-in') clock.set(new Date('2026-01-30T14:55:00Z'));
      await module.get(AppointmentVerbsService).change(clinic.actor.receptionist, id, verb, {}, undefined);
    }
    clock.set(new Date('2026-01-20T10:00:00Z'));
    expect(await work.followUp(patientId, 'review')).toMatchObject({ status: 'booked', version });
  });

  it('is made again on the day it was missed on', async () => {
    const { id } = await book('2026-02-11T09:00');
    await missedOn('2026-02-12');
    clock.set(new Date('2026-02-11T10:00:00Z'));
    await change(id, 'no-show', 'Came late');
    const again = await book('2026-02-11T16:00');
    clock.set(new Date('2026-01-20T10:00:00Z'));
    expect(await review()).toEqual({ status: 'booked', appointmentId: again.id });
  });

  it('keeps its day through an amendment of the treatment', async () => {
    const { id } = await book('2026-02-12T09:00');
    await work.amend(treatmentId, patientId);
    await missedOn('2026-02-12');
    expect(await review()).toEqual({ status: 'booked', appointmentId: id });
    await missedOn('2026-02-13');
    expect((await review()).status).toBe('missed');
  });

  it('is not missed before the day it was booked for', async () => {
    await book('2026-02-10T09:00');
    await missedOn('2026-02-10');
    expect((await review()).status).toBe('booked');
    await missedOn('2026-02-11');
    expect((await review()).status).toBe('missed');
  });
});
