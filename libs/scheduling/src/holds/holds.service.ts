import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository, viewOf } from '../appointments.repository.js';
import { BookingDecision } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { AppointmentEventsPort, timeOf } from '../scheduling.ports.js';
import { HoldNotFound, HoldOver } from '../domain/scheduling.errors.js';
import type { AppointmentView, BookAppointment } from '../http/appointment.dto.js';
import { HoldIsOffered } from '../waitlist/domain/waitlist.errors.js';
import { WaitlistOffersRepository } from '../waitlist/waitlist-offers.repository.js';
import { holdMinutes } from './hold-minutes.queries.js';
import type { HoldView } from './http/hold.dto.js';

/** A slot kept for minutes while the patient decides: it takes time as a booking does, and gives it back by itself. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly decision: BookingDecision,
    private readonly booking: BookingService,
    private readonly events: AppointmentEventsPort,
    private readonly offers: WaitlistOffersRepository,
  ) {}

  /** @throws SlotTaken and the refusals of booking-rules; *NotFound for what this clinic does not have */
  hold(actor: RequestActor, request: BookAppointment): Promise<HoldView> {
    return this.database.write(actor, async (tx) => {
      const until = new Date(tx.now.getTime() + (await holdMinutes(tx)) * 60_000);
      const row = await this.booking.place(tx, actor, request, until);
      await this.events.publishFreedTime(tx, { ...timeOf(row), notBefore: until });
      await record(tx, { action: 'hold.place', entityId: row.id, patientId: row.patientId });
      return { id: row.id, expiresAt: until, appointment: viewOf(row) };
    });
  }

  /**
   * Makes a booking of it. Whoever locks the row first decides: this, a release, or another who found it expired.
   * @throws HoldNotFound, HoldIsOffered, HoldOver, and what bars the patient by now
   */
  confirm(actor: Actor, id: string): Promise<AppointmentView> {
    return this.database.write(actor, async (tx) => {
      await this.#assertNotOffered(tx, id);
      return this.confirmWithin(tx, id);
    });
  }

  /** The same inside the caller's transaction, for an offer's hold too. @throws as `confirm` */
  async confirmWithin(tx: Tx, id: string): Promise<AppointmentView> {
    const held = await this.#lock(tx, id);
    const { heldUntil, startsAt, endsAt, busyFrom, busyTo } = held;
    if (held.status !== 'held' || (heldUntil !== null && heldUntil <= tx.now))
      throw new HoldOver({ holdId: id, status: held.status, heldUntil });
    await this.decision.decideAgain(tx, held, {
      visit: { start: startsAt.getTime(), end: endsAt.getTime() },
      busy: { start: busyFrom.getTime(), end: busyTo.getTime() },
    });
    const row = { ...held, status: 'booked' as const };
    const note = { verb: 'confirm-hold', reason: held.overrideReason, detail: null };
    const version = await this.appointments.change(tx, row, note);
    return this.booking.announce(tx, { ...row, version }, 'book');
  }

  /** Gives the time back; a hold that is over already stays as it is. @throws HoldNotFound, HoldIsOffered, HoldOver once it is a booking */
  release(actor: Actor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      await this.#assertNotOffered(tx, id);
      await this.releaseWithin(tx, id);
    });
  }

  /** The same inside the caller's transaction, for an offer's hold too. @throws as `release` */
  async releaseWithin(tx: Tx, id: string): Promise<void> {
    const held = await this.#lock(tx, id);
    if (held.status === 'released') return;
    if (held.status !== 'held')
      throw new HoldOver({ holdId: id, status: held.status, heldUntil: held.heldUntil });
    const row = { ...held, status: 'released' as const };
    await this.appointments.change(tx, row, { verb: 'release-hold', reason: null, detail: null });
    await record(tx, { action: 'hold.release', entityId: id, patientId: held.patientId });
    await this.events.publishFreedTime(tx, timeOf(held));
  }

  async #assertNotOffered(tx: Tx, id: string): Promise<void> {
    const offerId = await this.offers.ofHold(tx, id);
    if (offerId !== null) throw new HoldIsOffered({ holdId: id, offerId });
  }

  /** An appointment that never was a hold is none. */
  async #lock(tx: Tx, id: string): Promise<AppointmentRow> {
    const row = await this.appointments.lock(tx, id);
    if (!row || row.heldUntil === null) throw new HoldNotFound();
    return row;
  }
}
