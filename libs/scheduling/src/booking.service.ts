import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository, viewOf } from './appointments.repository.js';
import { type Bookable, BookingDecision, type BookingWish, type Decider } from './booking-decision.js';
import type { AppointmentSpan } from './domain/appointment.js';
import { afterMoving, next, stampsAfter } from './domain/appointment-status.js';
import { AppointmentNotFound } from './domain/scheduling.errors.js';
import type { AppointmentView, BookAppointment, RescheduleAppointment } from './http/appointment.dto.js';
import { type AppointmentEvent, AppointmentEventsPort, timeOf } from './scheduling.ports.js';
import { type Taken, TakingTime, type Visit } from './taking-time/taking-time.js';

/** The verbs that take time from a practitioner, a room and a patient. */
@Injectable()
export class BookingService {
  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly decision: BookingDecision,
    private readonly time: TakingTime,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** @throws SlotTaken and the refusals of booking-rules; *NotFound for what this clinic does not have */
  book(actor: RequestActor, request: BookAppointment): Promise<AppointmentView> {
    return this.database.write(actor, async (tx) =>
      this.announce(tx, await this.place(tx, actor, request, null), 'book'),
    );
  }

  /**
   * Takes the time, for a booking or (`heldUntil`) for a hold, inside the caller's transaction. Nobody is told yet.
   * @throws as `book`
   */
  async place(
    tx: Tx,
    actor: Decider,
    request: BookAppointment,
    heldUntil: Date | null,
  ): Promise<AppointmentRow> {
    const { areaIds = [], note = null, roomId = null, override } = request;
    const bookable = await this.decision.decide(tx, actor, { ...request, roomId, areaIds, override }, null);
    const visit = { id: newId(tx.now.getTime()), areaIds, note, heldUntil };
    return rowTaken(bookable, visit, await this.time.take(tx, bookable, visit, bookable.overridden));
  }

  /** Another time, practitioner, room, type or location. @throws as `book`; AppointmentNotFound, StaleVersion, AppointmentTransitionRefused */
  reschedule(
    actor: RequestActor,
    id: string,
    change: RescheduleAppointment,
    read: number | undefined,
  ): Promise<AppointmentView> {
    return this.time.racing(actor, async (tx) => {
      const present = await this.#lock(tx, id, read);
      afterMoving(present.status, true);
      const bookable = await this.decision.decide(tx, actor, wishFor(present, change), present);
      const taken = await this.time.queueFor(tx, bookable, id);
      return this.move(tx, present, bookable, taken, { reason: change.reason ?? null });
    });
  }

  /**
   * Keeps the move of an appointment the caller has locked to what it has waited in line for, and tells of it.
   * `because` goes into the history: the reason, and what else moved it.
   */
  async move(
    tx: Tx,
    present: AppointmentRow,
    bookable: Bookable,
    taken: Taken,
    { reason, ...because }: { readonly reason: string | null; readonly [what: string]: string | null },
  ): Promise<AppointmentView> {
    const { place, span } = bookable;
    const { roomId, doubleBooking } = taken;
    const timeChanges = place.startsAt.getTime() !== present.startsAt.getTime();
    const overridden = doubleBooking ? [...bookable.overridden, doubleBooking] : bookable.overridden;
    const row = {
      ...present,
      ...place,
      ...roomNamed(bookable, roomId),
      doubleBooked: doubleBooking !== null,
      status: afterMoving(present.status, timeChanges),
      arrivedAt: timeChanges ? null : present.arrivedAt,
      overrideReason: overridden[0]?.reason ?? (timeChanges ? null : present.overrideReason),
    };
    const detail = { from: whereabouts(present), to: whereabouts(row), overridden, ...because };
    const version = await this.appointments.move(
      tx,
      { ...row, span },
      { verb: 'reschedule', reason, detail },
    );
    await this.events.publishFreedTime(tx, timeOf(present));
    return this.announce(tx, { ...row, version }, 'reschedule');
  }

  /**
   * Takes a cancelled or missed appointment up again, if its time is still free.
   * @throws AppointmentNotFound, StaleVersion, AppointmentTransitionRefused, SlotTaken, and what bars the patient by now
   */
  reinstate(
    actor: RequestActor,
    id: string,
    reason: string,
    read: number | undefined,
  ): Promise<AppointmentView> {
    return this.time.racing(actor, async (tx) => {
      const present = await this.#lock(tx, id, read);
      const status = next(present.status, 'reinstate');
      const span = spanIn(present);
      await this.decision.decideAgain(tx, present, span);
      const { patientId, roomId } = present;
      await this.time.queueFor(tx, { patientId, place: present, span, roomIds: [roomId] }, id);
      const row = { ...present, ...stampsAfter('reinstate', tx.now, present), status, doubleBooked: false };
      const detail = { lateCancel: present.lateCancel };
      const version = await this.appointments.change(tx, row, { verb: 'reinstate', reason, detail });
      return this.announce(tx, { ...row, version }, 'reinstate');
    });
  }

  async #lock(tx: Tx, id: string, read: number | undefined): Promise<AppointmentRow> {
    const present = await this.appointments.lock(tx, id);
    if (!present) throw new AppointmentNotFound();
    assertFresh(present.version, read);
    return present;
  }

  /** Audits the change and tells the contexts above, in the same transaction. */
  async announce(
    tx: Tx,
    row: AppointmentRow,
    verb: 'book' | 'reschedule' | 'reinstate',
    series?: AppointmentEvent['series'],
  ): Promise<AppointmentView> {
    await record(tx, { action: `appointment.${verb}`, entityId: row.id, patientId: row.patientId });
    await this.events.publish(tx, { ...row, appointmentId: row.id, verb, series });
    return viewOf(row);
  }
}

const spanIn = ({ startsAt, endsAt, busyFrom, busyTo }: AppointmentRow): AppointmentSpan => ({
  visit: { start: startsAt.getTime(), end: endsAt.getTime() },
  busy: { start: busyFrom.getTime(), end: busyTo.getTime() },
});

/** The appointment as it stands once its time is taken. */
export function rowTaken(
  bookable: Bookable,
  { id, areaIds, note, heldUntil }: Visit,
  { roomId, doubleBooking }: Taken,
): AppointmentRow {
  const { place, patientId, overridden, noticeHours } = bookable;
  return {
    ...place,
    ...roomNamed(bookable, roomId),
    id,
    patientId,
    status: heldUntil === null ? 'booked' : 'held',
    areaIds: [...areaIds],
    note,
    overrideReason: [...overridden, doubleBooking][0]?.reason ?? null,
    doubleBooked: doubleBooking !== null,
    heldUntil,
    lateCancel: null,
    arrivedAt: null,
    startedAt: null,
    completedAt: null,
    version: 1,
    noticeHours,
  };
}

const roomNamed = ({ rooms }: Bookable, roomId: string | null) => ({
  roomId,
  roomName: rooms.find(({ id }) => id === roomId)?.name ?? null,
});

const whereabouts = ({
  startsAt,
  busyFrom,
  busyTo,
  practitionerId,
  roomId,
  locationId,
  typeId,
}: AppointmentRow) => ({
  startsAt,
  busyFrom,
  busyTo,
  practitionerId,
  roomId,
  locationId,
  typeId,
});

/** What is asked for when an appointment is moved: all that is not named stays. */
export const wishFor = (present: AppointmentRow, change: RescheduleAppointment): BookingWish => ({
  patientId: present.patientId,
  practitionerId: change.practitionerId ?? present.practitionerId,
  locationId: change.locationId ?? present.locationId,
  typeId: change.typeId ?? present.typeId,
  startsAt: change.startsAt ?? present.startsAt.toISOString(),
  roomId: change.roomId ?? null,
  areaIds: present.areaIds,
  override: change.override,
});
