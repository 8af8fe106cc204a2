import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository } from '../appointments.repository.js';
import { eMailAddressOf } from './e-mail-address.js';

/** Tells a patient who agreed to e-mail when and where they are expected; nothing in it says what for. */
@Injectable()
export class BookingConfirmation extends JobHandler {
  readonly queue = 'booking-confirmation';

  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly patients: PatientsService,
    private readonly gateway: MessageGateway,
  ) {
    super();
  }

  async work({ clinicId, appointmentId }: JobData): Promise<void> {
    if (!isId(appointmentId)) throw new Error('A booking confirmation needs the id of its appointment');
    const system = systemActor(clinicId);
    const visit = await this.database.read(system, (tx) => this.appointments.read(tx, appointmentId));
    // Cancelled or come already while the job waited: a confirmation would only confuse.
    if (visit?.status !== 'booked') return;
    const booked = await this.patients.read(system, visit.patientId);
    // Merged since: the visit stands, and the survivor is told.
    const patient =
      booked.mergedIntoId === null ? booked : await this.patients.read(system, booked.mergedIntoId);
    const address = eMailAddressOf(patient);
    if (address === null) return;
    await this.gateway.send(confirmation(visit, patient.preferredName ?? patient.givenName, address));
  }
}

const confirmation = (
  { startsAt, zone, locationName }: AppointmentRow,
  name: string,
  to: string,
): Message => {
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
  return {
    to,
    subject: 'Your appointment is booked',
    text: [
      `Dear ${name},`,
      `we expect you on ${when.format(startsAt)} (local time) at ${locationName}.`,
      'Please call us if you cannot come.',
    ].join('\n\n'),
  };
};
