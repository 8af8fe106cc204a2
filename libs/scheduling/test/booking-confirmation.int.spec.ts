import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { FixedClock } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import type { PatientsService } from '#patients';
import { patientsOn } from '#patients/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { AppointmentsRepository, BookingConfirmation } from '../src/index.js';
import { aDesk, schedulingOn, type Scheduling } from '../src/testing/index.js';

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
  let scheduling: Scheduling;
  let patients: PatientsService;
  let outbox: Outbox;
  let appointmentId: string;
  let patientId: string;
  const confirm = () =>
    new BookingConfirmation(db.database, new AppointmentsRepository(), patients, outbox).work({
      clinicId: clinic.clinicId,
      appointmentId,
    });
  const change = (columns: string) =>
    db.admin.query(`UPDATE patient SET ${columns} WHERE id = $1`, [patientId]);

  beforeAll(async () => {
    db = await createTestDatabase(new FixedClock(new Date('2026-03-02T07:00:00Z')));
    ({ patients } = patientsOn(db.database));
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    clinic = await aClinic(db);
    const desk = await aDesk(db, clinic);
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
    const survivor = await patients.register(clinic.actor.receptionist, {
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
    await scheduling.appointments.change(clinic.actor.receptionist, appointmentId, 'cancel', note, undefined);
    await confirm();
    expect(outbox.sent).toEqual([]);
  });
});
