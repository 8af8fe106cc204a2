import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { type CalendarDate, dateIn } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository, viewOf } from './appointments.repository.js';
import { isLateCancel } from './domain/appointment.js';
import {
  type AppointmentStatus,
  type AppointmentVerb,
  assertTimely,
  blocksTime,
  next,
  stampsAfter,
} from './domain/appointment-status.js';
import { AppointmentNotFound, LocationNotFound, PatientNotHere } from './domain/scheduling.errors.js';
import type { AppointmentHistory, AppointmentView } from './http/appointment.dto.js';
import { AppointmentEventsPort, timeOf } from './scheduling.ports.js';

/** Every verb that only changes what is known of an appointment; those that take time are the BookingService's. */
type PlainVerb = Exclude<AppointmentVerb, 'reinstate'>;

export interface VerbNote {
  readonly reason?: string | undefined;
  /** Who cancels; only a patient can cancel late. */
  readonly by?: 'patient' | 'clinic';
}

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

/** The life of an appointment from booked to done. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** @throws AppointmentNotFound */
  read(actor: Actor, id: string): Promise<AppointmentView> {
    return this.database.read(actor, async (tx) => {
      const row = await this.#read(tx, id);
      await record(tx, { action: 'appointment.read', entityId: id, patientId: row.patientId });
      return viewOf(row);
    });
  }

  /** Every change with who, when and why, oldest first. @throws AppointmentNotFound */
  history(actor: Actor, id: string): Promise<AppointmentHistory> {
    return this.database.read(actor, async (tx) => {
      const { patientId } = await this.#read(tx, id);
      await record(tx, { action: 'appointment.read-history', entityId: id, patientId });
      return { items: await this.appointments.history(tx, id) };
    });
  }

  /** @throws AppointmentNotFound, StaleVersion, AppointmentTransitionRefused, AppointmentStillAhead */
  change(
    actor: Actor,
    id: string,
    verb: PlainVerb,
    note: VerbNote,
    read: number | undefined,
  ): Promise<AppointmentView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.#lock(tx, id);
      assertFresh(present.version, read);
      return viewOf(await this.apply(tx, present, verb, note));
    });
  }

  /** For contexts above, inside their transaction. @throws AppointmentNotFound */
  requireAppointment(tx: Tx, id: string): Promise<Visit> {
    return this.#read(tx, id);
  }

  /** The same, locked, and only while the patient is here. @throws AppointmentNotFound, PatientNotHere */
  async requireArrived(tx: Tx, id: string): Promise<Visit> {
    return assertHere(await this.#lock(tx, id));
  }

  /** Cancels for the clinic, inside the caller's transaction, what nobody has come for; whether it was. */
  async cancelIfAhead(tx: Tx, id: string, reason: string): Promise<boolean> {
    const present = await this.#lock(tx, id);
    if (present.status !== 'booked' && present.status !== 'confirmed') return false;
    await this.apply(tx, present, 'cancel', { by: 'clinic', reason });
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
    const started = present.status === 'arrived' ? await this.apply(tx, present, 'start', {}) : present;
    return this.apply(tx, started, 'complete', {});
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

  /** The verb on a row the caller has locked, inside the caller's transaction. @throws AppointmentTransitionRefused, AppointmentStillAhead */
  async apply(tx: Tx, present: AppointmentRow, verb: PlainVerb, note: VerbNote): Promise<AppointmentRow> {
    const { startsAt, noticeHours } = present;
    const lateCancel =
      verb === 'cancel'
        ? isLateCancel({ startsAt, cancelledAt: tx.now, by: note.by ?? 'clinic', noticeHours })
        : present.lateCancel;
    const after = { ...present, ...stampsAfter(verb, tx.now, { ...present, lateCancel }) };
    const row = { ...after, status: next(present.status, verb) };
    assertTimely(verb, tx.now, present);
    const detail = note.by === undefined ? null : { by: note.by };
    const version = await this.appointments.change(tx, row, { verb, reason: note.reason ?? null, detail });
    await record(tx, { action: `appointment.${verb}`, entityId: row.id, patientId: row.patientId });
    await this.events.publish(tx, { ...row, appointmentId: row.id, verb });
    if (blocksTime(present.status) && !blocksTime(row.status))
      await this.events.publishFreedTime(tx, timeOf(present));
    return { ...row, version };
  }

  async #read(tx: Tx, id: string): Promise<AppointmentRow> {
    const row = await this.appointments.read(tx, id);
    if (!row) throw new AppointmentNotFound();
    return row;
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
