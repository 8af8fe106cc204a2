import { record } from '#audit';
import { Database, DatabaseBusy, type Tx, violatedConstraint } from '#database';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { type AppointmentRow, AppointmentsRepository, viewOf } from './appointments.repository.js';
import { AvailabilityService } from './availability.service.js';
import { type Bookable, BookingDecision, type BookingWish } from './booking-decision.js';
import type { AppointmentSpan } from './domain/appointment.js';
import { afterMoving, next, stampsAfter } from './domain/appointment-status.js';
import {
  AppointmentNotFound,
  type Blocker,
  inTheWay,
  OVERLAP_CONSTRAINTS,
  SlotTaken,
} from './domain/scheduling.errors.js';
import type { AppointmentView, BookAppointment, RescheduleAppointment } from './http/appointment.dto.js';
import { AppointmentEventsPort } from './scheduling.ports.js';

const ATTEMPTS = 4;

/** The span to be taken, and for whom. */
interface Claim {
  readonly patientId: string;
  readonly place: Pick<AppointmentView, 'practitionerId' | 'locationId' | 'typeId' | 'zone' | 'startsAt'>;
  readonly span: AppointmentSpan;
  readonly roomIds: readonly (string | null)[];
}

/** The verbs that take time from a practitioner, a room and a patient. */
@Injectable()
export class BookingService {
  constructor(
    private readonly database: Database,
    private readonly appointments: AppointmentsRepository,
    private readonly decision: BookingDecision,
    private readonly availability: AvailabilityService,
    private readonly events: AppointmentEventsPort,
  ) {}

  /** @throws SlotTaken and the refusals of booking-rules; *NotFound for what this clinic does not have */
  book(actor: RequestActor, request: BookAppointment): Promise<AppointmentView> {
    const { areaIds = [], note = null, roomId = null, override } = request;
    return this.database.write(actor, async (tx) => {
      const bookable = await this.decision.decide(tx, actor, { ...request, roomId, areaIds, override }, null);
      const { place, patientId, overridden, noticeHours } = bookable;
      const overrideReason = overridden[0]?.reason ?? null;
      const id = newId(tx.now.getTime());
      const visit = {
        id,
        areaIds,
        note,
        overrideReason,
        overridden: overridden.length > 0 ? overridden : null,
      };
      const room = roomOf(bookable, await this.#take(tx, bookable, visit));
      const row: AppointmentRow = {
        ...place,
        ...room,
        id,
        patientId,
        status: 'booked',
        areaIds: [...areaIds],
        note,
        overrideReason,
        lateCancel: null,
        arrivedAt: null,
        startedAt: null,
        completedAt: null,
        version: 1,
        noticeHours,
      };
      return this.#done(tx, row, 'book');
    });
  }

  /** Another time, practitioner, room, type or location. @throws as `book`; AppointmentNotFound, StaleVersion, AppointmentTransitionRefused */
  reschedule(
    actor: RequestActor,
    id: string,
    change: RescheduleAppointment,
    read: number | undefined,
  ): Promise<AppointmentView> {
    return this.#racing(actor, async (tx) => {
      const present = await this.#lock(tx, id, read);
      afterMoving(present.status, true);
      const bookable = await this.decision.decide(tx, actor, wishFor(present, change), present);
      const { place, span, overridden } = bookable;
      const timeChanges = place.startsAt.getTime() !== present.startsAt.getTime();
      const row = {
        ...present,
        ...place,
        ...roomOf(bookable, await this.#queueFor(tx, bookable, id)),
        status: afterMoving(present.status, timeChanges),
        arrivedAt: timeChanges ? null : present.arrivedAt,
        overrideReason: overridden[0]?.reason ?? (timeChanges ? null : present.overrideReason),
      };
      const detail = { from: whereabouts(present), to: whereabouts(row), overridden };
      const note = { verb: 'reschedule', reason: change.reason ?? null, detail };
      const version = await this.appointments.move(tx, { ...row, span }, note);
      return this.#done(tx, { ...row, version }, 'reschedule');
    });
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
    return this.#racing(actor, async (tx) => {
      const present = await this.#lock(tx, id, read);
      const status = next(present.status, 'reinstate');
      const span = spanIn(present);
      await this.decision.decideAgain(tx, present, span);
      await this.#queueFor(
        tx,
        { patientId: present.patientId, place: present, span, roomIds: [present.roomId] },
        id,
      );
      const row = { ...present, ...stampsAfter('reinstate', tx.now, present), status };
      const version = await this.appointments.change(tx, row, { verb: 'reinstate', reason, detail: null });
      return this.#done(tx, { ...row, version }, 'reinstate');
    });
  }

  /** Takes the span for a new appointment and answers its room. @throws SlotTaken */
  async #take(
    tx: Tx,
    claim: Claim,
    visit: Pick<AppointmentRow, 'id' | 'note' | 'overrideReason'> & {
      readonly areaIds: readonly string[];
      readonly overridden: object | null;
    },
  ): Promise<string | null> {
    const { patientId, place, span, roomIds } = claim;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const taken = await this.appointments.take(tx, { ...visit, ...place, patientId, span, roomIds });
      if (taken) return taken.roomId;
      // Nobody in the way any more: the room was lost to another and the next is free, or the blocker was cancelled.
      await this.#assertFree(tx, claim, null);
    }
    throw new DatabaseBusy();
  }

  /** Waits in line for what the span takes and answers the first free room. @throws SlotTaken */
  async #queueFor(tx: Tx, claim: Claim, id: string): Promise<string | null> {
    const { patientId, place, roomIds } = claim;
    const rooms = roomIds.filter((roomId) => roomId !== null).toSorted();
    const inLine = [
      `practitioner ${place.practitionerId}`,
      ...rooms.map((room) => `room ${room}`),
      `patient ${patientId}`,
    ];
    await this.appointments.queueFor(tx, inLine);
    const blockers = await this.#assertFree(tx, claim, id);
    return roomIds.find((room) => !blockers.some(({ resourceId }) => resourceId === room)) ?? null;
  }

  /** @throws SlotTaken, naming who is in the way and what is free nearby */
  async #assertFree(
    tx: Tx,
    { patientId, place, span, roomIds }: Claim,
    except: string | null,
  ): Promise<Blocker[]> {
    const { practitionerId } = place;
    const blockers = await this.appointments.blockers(
      tx,
      { practitionerId, patientId, roomIds },
      span,
      except,
    );
    const blockedBy = inTheWay(blockers, roomIds);
    if (blockedBy.length === 0) return blockers;
    throw new SlotTaken({
      blockedBy,
      alternatives: await this.availability.nearest(tx, { ...place, patientId }),
    });
  }

  /**
   * An UPDATE cannot give way as an INSERT can: when a new booking takes the span between our look and our write, the
   * constraint ends the transaction. The next attempt finds that booking and refuses by its name.
   */
  async #racing<T>(actor: RequestActor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await this.database.write(actor, work);
      } catch (error) {
        if (!Object.hasOwn(OVERLAP_CONSTRAINTS, violatedConstraint(error) ?? '')) throw error;
      }
    }
    throw new DatabaseBusy();
  }

  async #lock(tx: Tx, id: string, read: number | undefined): Promise<AppointmentRow> {
    const present = await this.appointments.lock(tx, id);
    if (!present) throw new AppointmentNotFound();
    assertFresh(present.version, read);
    return present;
  }

  async #done(
    tx: Tx,
    row: AppointmentRow,
    verb: 'book' | 'reschedule' | 'reinstate',
  ): Promise<AppointmentView> {
    await record(tx, { action: `appointment.${verb}`, entityId: row.id, patientId: row.patientId });
    await this.events.publish(tx, { ...row, appointmentId: row.id, verb });
    return viewOf(row);
  }
}

const spanIn = ({ startsAt, endsAt, busyFrom, busyTo }: AppointmentRow): AppointmentSpan => ({
  visit: { start: startsAt.getTime(), end: endsAt.getTime() },
  busy: { start: busyFrom.getTime(), end: busyTo.getTime() },
});

const roomOf = ({ rooms }: Bookable, roomId: string | null) => ({
  roomId,
  roomName: rooms.find(({ id }) => id === roomId)?.name ?? null,
});

const whereabouts = ({ startsAt, practitionerId, roomId, locationId, typeId }: AppointmentRow) => ({
  startsAt,
  practitionerId,
  roomId,
  locationId,
  typeId,
});

const wishFor = (present: AppointmentRow, change: RescheduleAppointment): BookingWish => ({
  patientId: present.patientId,
  practitionerId: change.practitionerId ?? present.practitionerId,
  locationId: change.locationId ?? present.locationId,
  typeId: change.typeId ?? present.typeId,
  startsAt: change.startsAt ?? present.startsAt.toISOString(),
  roomId: change.roomId ?? null,
  areaIds: present.areaIds,
  override: change.override,
});
