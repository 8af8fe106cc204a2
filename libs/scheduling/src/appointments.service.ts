import type { Tx } from '#database';
import { type CalendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { AppointmentVerbsService } from './appointment-verbs.service.js';
import { type AppointmentRow, AppointmentsRepository } from './appointments.repository.js';
import type { AppointmentStatus } from './domain/appointment-status.js';
import { AppointmentNotFound, LocationNotFound, PatientNotHere } from './domain/scheduling.errors.js';
import type { AppointmentView } from './http/appointment.dto.js';

/** An appointment as contexts above see it. */
export type Visit = Readonly<Omit<AppointmentView, 'localTime' | 'allowed'>>;

/** A treatment that is still to come, or under way. */
export interface BookedTreatment {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly startsAt: Date;
  /** The day at its location. */
  readonly on: CalendarDate;
  readonly status: Exclude<AppointmentStatus, 'held' | 'released'>;
  readonly areaIds: readonly string[];
}

/** For other contexts, in their transaction: which visits there are, and what becomes of one with what they record. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly appointments: AppointmentsRepository,
    private readonly verbs: AppointmentVerbsService,
  ) {}

  /** @throws AppointmentNotFound */
  async requireAppointment(tx: Tx, id: string): Promise<Visit> {
    const row = await this.appointments.read(tx, id);
    if (!row) throw new AppointmentNotFound();
    return row;
  }

  /** The same, locked, and only while the patient is here. @throws AppointmentNotFound, PatientNotHere */
  async requireArrived(tx: Tx, id: string): Promise<Visit> {
    return assertHere(await this.#lock(tx, id));
  }

  /** Cancels for the clinic what nobody has come for; whether it was. */
  async cancelIfAhead(tx: Tx, id: string, reason: string): Promise<boolean> {
    const present = await this.#lock(tx, id);
    if (present.status !== 'booked' && present.status !== 'confirmed') return false;
    await this.verbs.apply(tx, present, 'cancel', { by: 'clinic', reason });
    return true;
  }

  /**
   * Completes a visit unless somebody has, starting it first where nobody did; until the transaction ends nobody else
   * changes it. @throws AppointmentNotFound, PatientNotHere
   */
  async complete(tx: Tx, id: string): Promise<Visit> {
    const present = await this.#lock(tx, id);
    if (present.status === 'fulfilled') return present;
    assertHere(present);
    const started = present.status === 'arrived' ? await this.verbs.apply(tx, present, 'start', {}) : present;
    return this.verbs.apply(tx, started, 'complete', {});
  }

  /** Name and zone of an active location, for walk-ins. @throws LocationNotFound */
  async locationOf(tx: Tx, locationId: string): Promise<{ id: string; name: string; zone: string }> {
    const location = await this.appointments.location(tx, locationId);
    if (!location) throw new LocationNotFound();
    return location;
  }

  /** The patients' treatments booked or under way that start at or after `from`, in one query. */
  async bookedTreatments(tx: Tx, patientIds: readonly string[], from: Date): Promise<BookedTreatment[]> {
    const rows = await this.appointments.bookedTreatments(tx, patientIds, from);
    return rows.map(({ zone, ...row }) => ({ ...row, on: dateIn(row.startsAt, zone) }));
  }

  async #lock(tx: Tx, id: string): Promise<AppointmentRow> {
    const row = await this.appointments.lock(tx, id);
    if (!row) throw new AppointmentNotFound();
    return row;
  }
}

/** @throws PatientNotHere */
function assertHere(row: AppointmentRow): AppointmentRow {
  const { id, status } = row;
  if (status !== 'arrived' && status !== 'in-progress')
    throw new PatientNotHere({ appointmentId: id, status });
  return row;
}
