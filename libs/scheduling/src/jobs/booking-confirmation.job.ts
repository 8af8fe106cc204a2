import { Database, systemActor, type Tx } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId } from '#kernel';
import { type Message, MessageGateway } from '#messages';
import { RegisterService } from '#patients';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository } from '../appointments.repository.js';
import type { AppointmentEvent } from '../scheduling.ports.js';
import { SeriesRepository } from '../series/series.repository.js';
import { eMailAddressOf } from './e-mail-address.js';

/** What there is to confirm after an event: a visit, or a whole series once; null: nothing. */
export function toConfirm({
  verb,
  appointmentId,
  series,
}: Pick<AppointmentEvent, 'verb' | 'appointmentId' | 'series'>): Omit<JobData, 'clinicId'> | null {
  if (verb !== 'book') return null;
  if (!series) return { appointmentId };
  return series.isFirst ? { seriesId: series.id } : null;
}

/** Tells a patient who agreed to e-mail when and where they are expected; nothing in it says what for. */
@Injectable()
export class BookingConfirmation extends JobHandler {
  readonly queue = 'booking-confirmation';

  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly series: SeriesRepository,
    private readonly register: RegisterService,
    private readonly gateway: MessageGateway,
  ) {
    super();
  }

  async work(job: JobData): Promise<void> {
    const system = systemActor(job.clinicId);
    const booked = await this.database.read(system, (tx) => this.#visits(tx, job));
    // Cancelled or come already while the job waited: a confirmation would only confuse.
    const visits = booked.filter(({ status }) => status === 'booked');
    const [first] = visits;
    if (!first) return;
    const registered = await this.register.read(system, first.patientId);
    // Merged since: the visit stands, and the survivor is told.
    const patient =
      registered.mergedIntoId === null
        ? registered
        : await this.register.read(system, registered.mergedIntoId);
    const address = eMailAddressOf(patient);
    if (address === null) return;
    await this.gateway.send(confirmation(visits, patient.preferredName ?? patient.givenName, address));
  }

  async #visits(tx: Tx, { appointmentId, seriesId }: JobData): Promise<readonly AppointmentRow[]> {
    if (isId(appointmentId)) return this.appointments.readMany(tx, [appointmentId]);
    if (!isId(seriesId)) throw new Error('A booking confirmation needs the id of its appointment or series');
    const visits = await this.series.visits(tx, seriesId);
    const rows = await this.appointments.readMany(
      tx,
      visits.map((visit) => visit.appointmentId),
    );
    return rows.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  }
}

function confirmation(visits: readonly AppointmentRow[], name: string, to: string): Message {
  const [only, ...others] = visits.map(expected);
  const told =
    others.length === 0
      ? [`we expect you on ${only}.`, 'Please call us if you cannot come.']
      : [
          'we expect you on',
          [only, ...others].map((visit) => `- ${visit}`).join('\n'),
          'Please call us if you cannot come on one of these days.',
        ];
  return {
    to,
    subject: others.length === 0 ? 'Your appointment is booked' : 'Your appointments are booked',
    text: [`Dear ${name},`, ...told].join('\n\n'),
  };
}

function expected({ startsAt, zone, locationName }: AppointmentRow): string {
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone });
  return `${when.format(startsAt)} (local time) at ${locationName}`;
}
