import { aClearedConsultation } from '#consultations/testing';
import { aClinic } from '#identity/testing';
import { AppointmentVerbsService, BookingService } from '#scheduling';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { RestateWindows } from '../src/index.js';
import { ContactsService } from '../src/recall/contacts.service.js';
import { FunnelService } from '../src/recall/funnel.service.js';
import type { FindFunnel } from '../src/recall/http/funnel.dto.js';
import type { RecordContact } from '../src/recall/http/contacts.dto.js';
import { ClinicAtWork } from '../src/testing/clinic-at-work.js';

const DUE = '2026-02-10'; // ona in the UK: recommended from 10 May, target 2 June, to 30 June

describe('the recall funnel', () => {
  let work: ClinicAtWork;
  const at = (instant: string): void => work.clock.set(new Date(instant));
  const desk = () => work.clinic.actor.receptionist;
  const call = (patientId: string, more: Partial<RecordContact> = {}) =>
    work.module.get(ContactsService).record(desk(), patientId, {
      initiatedBy: 'clinic',
      channel: 'phone',
      outcome: 'no-answer',
      ...more,
    });
  const of = (query: Partial<FindFunnel> = {}, actor = desk()) =>
    work.module.get(FunnelService).of(actor, { from: '2026-05-01', to: '2026-05-31', ...query });
  const treated = async (on = DUE, areas: readonly string[] = ['glabella']) => {
    const patientId = await work.desk.aPatient();
    return { patientId, treatmentId: await work.sign({ patientId, treatedOn: on, areas }) };
  };
  const visit = async (patientId: string, startsAt: string) => {
    const { type, london, nurseId } = work.desk;
    const place = { typeId: type.treatment, locationId: london.id, practitionerId: nurseId };
    const booked = await work.module
      .get(BookingService)
      .book(desk(), { patientId, startsAt, ...place, areaIds: ['glabella'] });
    return booked.id;
  };
  /** What the patient answered, recorded at that moment. */
  const answers = async (patientId: string, pregnancy: string, moment: string) => {
    const decidedOn = moment.slice(0, 10);
    const { consultationId } = await aClearedConsultation(work.db, work.clinic, {
      patientId,
      decidedOn,
      answers: { pregnancy },
    });
    const client = await work.db.admin.connect();
    await client.query('SET session_replication_role = replica');
    await client.query('UPDATE screening_answer SET created_at = $2 WHERE consultation_id = $1', [
      consultationId,
      moment,
    ]);
    client.release(true);
  };

  beforeAll(async () => {
    work = await ClinicAtWork.open('2026-06-01');
  });
  afterAll(() => work.close());

  it('counts due, contacted, booked and attended, each a part of the one before', async () => {
    const people: string[] = [];
    for (let i = 0; i < 5; i += 1) people.push((await treated()).patientId);
    const [told, came, self, , gone] = people as [string, string, string, string, string];
    await work.db.admin.query(
      `UPDATE patient SET status = 'deceased', status_on = '2026-04-01' WHERE id = $1`,
      [gone],
    );
    await work.db.database.write(work.clinic.actor.admin, (tx) =>
      work.module.get(RestateWindows).restate(tx),
    );
    at('2026-06-01T10:00:00Z');
    await call(told);
    await work.book(self, '2026-06-12', ['glabella']);
    await call(came);
    const booked = await work.book(came, '2026-06-10', ['glabella']);
    await work.db.admin.query(
      `UPDATE appointment SET status = 'fulfilled', created_at = '2026-06-01T11:00Z' WHERE id = $1`,
      [booked],
    );
    const figures = await of({}, work.clinic.actor.admin);
    expect(figures).toMatchObject({
      due: 4,
      contacted: 2,
      booked: 1,
      attended: 1,
      bookedUncontacted: 1,
      attendedUncontacted: 0,
    });
    expect(Object.keys(figures.definitions)).toContain('due');
  });

  it('tells nothing of another clinic, of days in the wrong order or still to come', async () => {
    const foreign = await aClinic(work.db);
    expect(await of({}, foreign.actor.receptionist)).toMatchObject({ due: 0 });
    await expect(async () => of({ from: '2026-06-01' })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/to' }] },
    });
    await expect(of({ asOf: '2026-06-02' })).rejects.toMatchObject({
      facts: { errors: [{ pointer: '/asOf' }] },
    });
  });

  it('says of a past day what was known at its end, whatever is recorded later', async () => {
    const period = { from: '2026-06-01', to: '2026-06-30' };
    // Ona of 1 to 6 March: due from 1 to 6 June, and asked about in July.
    at('2026-03-06T12:00:00Z');
    const [expecting, hurt, called, moved, wrong, twin, other, late] = [
      await treated('2026-03-01'),
      await treated('2026-03-02'),
      await treated('2026-03-03'),
      await treated('2026-03-04'),
      await treated('2026-03-05'),
      await treated('2026-03-06'),
      await treated('2026-03-06'),
      await treated('2026-03-06'),
    ];
    await answers(expecting.patientId, 'pregnant', '2026-05-20T10:00:00Z');
    at('2026-05-21T10:00:00Z');
    await work.harm(hurt);
    at('2026-06-08T10:00:00Z');
    await call(called.patientId);
    at('2026-06-08T11:00:00Z');
    const visits = [
      await visit(called.patientId, '2026-06-10T10:00'),
      await visit(moved.patientId, '2026-06-12T10:00'),
    ];
    at('2026-06-09T12:00:00Z');
    const known = await of({ ...period, asOf: '2026-06-08' });
    expect(known).toMatchObject({
      due: 6,
      onHold: 2,
      contacted: 1,
      booked: 1,
      attended: 0,
      bookedUncontacted: 1,
      asOf: new Date('2026-06-08T22:59:59.999Z'),
    });
    expect(await of(period)).toMatchObject({ due: 6, onHold: 2, contacted: 1, booked: 1 });

    // Holds end, visits take place or do not, others are called, one was never treated, two are one, one had moved away.
    await answers(expecting.patientId, 'no', '2026-06-09T13:00:00Z');
    await work.heal(hurt);
    await call(twin.patientId);
    at('2026-06-10T18:00:00Z');
    const change = (id: string | undefined, verb: 'check-in' | 'start' | 'complete' | 'cancel') =>
      work.module
        .get(AppointmentVerbsService)
        .change(desk(), id ?? '', verb, { reason: 'So it was' }, undefined);
    for (const verb of ['check-in', 'start', 'complete'] as const) await change(visits[0], verb);
    await change(visits[1], 'cancel');
    await work.withdraw(wrong.treatmentId, { ...wrong, treatedOn: '2026-03-05' });
    await work.merge('merged', other.patientId, twin.patientId);
    const left = { cause: 'transferred', on: '2026-05-01' } as const;
    await work.register.standing.depart(desk(), late.patientId, left, undefined);
    expect(await of({ ...period, asOf: '2026-06-08' })).toEqual(known);
    expect(await of({ ...period, asOf: '2026-06-10' })).toMatchObject({
      due: 5,
      onHold: 0,
      contacted: 2,
      booked: 1,
      attended: 1,
      bookedUncontacted: 1,
    });
    expect(await of(period)).toMatchObject({ due: 5, onHold: 0, contacted: 2, booked: 1, attended: 1 });
  });
});
