import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository, viewOf } from './appointments.repository.js';
import { isLateCancel } from './domain/appointment.js';
import {
  type AppointmentVerb,
  assertTimely,
  blocksTime,
  next,
  stampsAfter,
} from './domain/appointment-status.js';
import { AppointmentNotFound } from './domain/scheduling.errors.js';
import type { AppointmentHistory, AppointmentView } from './http/appointment.dto.js';
import { AppointmentEventsPort, timeOf } from './scheduling.ports.js';

/** Every verb that only changes what is known of an appointment; those that take time are the BookingService's. */
type PlainVerb = Exclude<AppointmentVerb, 'reinstate'>;

export interface VerbNote {
  readonly reason?: string | undefined;
  /** Who cancels; only a patient can cancel late. */
  readonly by?: 'patient' | 'clinic';
}

/** The life of an appointment from booked to done, as the desk reads and changes it. */
@Injectable()
export class AppointmentVerbsService {
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
      const present = await this.appointments.lock(tx, id);
      if (!present) throw new AppointmentNotFound();
      assertFresh(present.version, read);
      return viewOf(await this.apply(tx, present, verb, note));
    });
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
}
