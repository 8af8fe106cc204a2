import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import type { RegisterService } from '#patients';
import { patientsOn } from '#patients/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { AppointmentsRepository, BookingConfirmation, toConfirm } from '../src/index.js';
import { SeriesRepository } from '../src/series/series.repository.js';
import { aDesk, schedulingOn, type Scheduling, type TestDesk } from '../src/testing/index.js';

class Outbox extends MessageGateway {
  readonly sent: Message[] = [];

  send(message: Message): Promise<void> {
    this.sent.push(message);
    return Promise.resolve();
  }
}

describe('the confirmation of a booking', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let desk: TestDesk;
  let scheduling: Scheduling;
  let register: RegisterService;
  let outbox: Outbox;
  let appointmentId: string;
  let patientId: string;
  const handler = () => {
    const [appointments, series] = [new AppointmentsRepository(), new SeriesRepository()];
    return new BookingConfirmation(db.database, appointments, series, register, outbox);
  };
  const confirm = () =>
    handler().work({
      clinicId: clinic.clinicId,
      appointmentId,
    });
  const change = (columns: string) =>
    db.admin.query(`UPDATE patient SET ${columns} WHERE id = $1`, [patientId]);

  beforeAll(async () => {
    db = await createTestDatabase(new FixedClock(new Date('2026-03-02T07:00:00Z')));
    ({ register } = patientsOn(db.database));
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    desk = await aDesk(db, clinic);
    scheduling = schedulingOn(db.database);
    outbox = new Outbox();
    patientId = await desk.aPatient();
    await change(`email = 'zoe@example.com', contact_channels = '{email}'`);
    const booked = await scheduling.booking.book(clinic.actor.receptionist, {
      patientId,
      typeId: desk.type.treatment,
      locationId: desk.newYork.id,
      practitionerId: desk.doctorId,
      startsAt: '2026-07-03T14:00',
      areaIds: ['glabella'],
    });
    appointmentId = booked.id;
  });

  it('tells when and where by the local clock, and nothing of what it is for', async () => {
    await confirm();
    expect(outbox.sent).toMatchObject([{ to: 'zoe@example.com', subject: 'Your appointment is booked' }]);
    const { text = '' } = outbox.sent[0] ?? {};
    expect(text).toMatch(/Friday,? 3 July 2026 at 14:00 \(local time\) at New York/);
    expect(text).not.toMatch(/treatment|glabella|Okafor|toxin/i);
  });

  it.each([
    ['asked not to be contacted', 'do_not_contact = true'],
    ['did not agree to e-mail', `contact_channels = '{phone}'`],
    ['has no address', 'email = NULL'],
    ['has died', `status = 'deceased', status_on = '2026-03-01'`],
  ])('is not sent to someone who %s', async (_, columns) => {
    await change(columns);
    await confirm();
    expect(outbox.sent).toEqual([]);
  });

  it('goes to the record the patient’s was merged into since', async () => {
    const survivor = await register.register(clinic.actor.receptionist, {
      givenName: 'Zoë',
      familyName: 'Survivor',
      birthDate: '1984-03-12',
      email: 'survivor@example.com',
      contactChannels: ['email'],
      notADuplicate: true,
    });
    await change(`status = 'merged', merged_into_id = '${survivor.id}'`);
    await confirm();
    expect(outbox.sent).toMatchObject([{ to: 'survivor@example.com' }]);
  });

  it('is not sent once the appointment is cancelled', async () => {
    const note = { by: 'patient', reason: 'Ill' } as const;
    await scheduling.verbs.change(clinic.actor.receptionist, appointmentId, 'cancel', note, undefined);
    await confirm();
    expect(outbox.sent).toEqual([]);
  });

  describe('of a series', () => {
    let jobs: { appointmentId?: string; seriesId?: string }[];
    let visits: string[];

    beforeEach(async () => {
      jobs = [];
      scheduling.events.subscribe((_, event) => {
        const job = toConfirm(event);
        if (job) jobs.push(job);
        return Promise.resolve();
      });
      const series = await scheduling.series.book(clinic.actor.receptionist, {
        patientId,
        typeId: desk.type.review,
        locationId: desk.newYork.id,
        practitionerId: desk.doctorId,
        startsAt: '2026-10-23T14:00',
        everyWeeks: 1,
        visits: 3,
      });
      visits = series.visits.map(({ appointment }) => appointment.id);
    });

    it('is one mail that names every visit by the local clock, also over a change of clocks', async () => {
      expect(jobs).toEqual([{ seriesId: expect.any(String) }]);
      await handler().work({ clinicId: clinic.clinicId, ...jobs[0] });
      expect(outbox.sent).toHaveLength(1);
      const { subject, text = '' } = outbox.sent[0] ?? {};
      expect(subject).toBe('Your appointments are booked');
      expect(text.match(/(23 October|30 October|6 November) 2026 at 14:00/g)).toHaveLength(3);
    });

    it('names only what is still booked, and nothing at all once it is all cancelled', async () => {
      const note = { by: 'patient', reason: 'Moves away' } as const;
      const cancel = (id = '') =>
        scheduling.verbs.change(clinic.actor.receptionist, id, 'cancel', note, undefined);
      const job = { clinicId: clinic.clinicId, ...jobs[0] };
      await cancel(visits[0]);
      await cancel(visits[1]);
      await handler().work(job);
      expect(outbox.sent).toMatchObject([{ subject: 'Your appointment is booked' }]);
      expect(outbox.sent[0]?.text).toMatch('6 November 2026 at 14:00');
      await cancel(visits[2]);
      await handler().work(job);
      expect(outbox.sent).toHaveLength(1);
    });
  });
});
