import { Database, DatabaseBusy, type Tx, violatedConstraint } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { AvailabilityService } from '../availability.service.js';
import type { AppointmentSpan } from '../domain/appointment.js';
import { type BookingOverride, type OverriddenRule, overrideTaken } from '../domain/booking-rules.js';
import { type Blocker, inTheWay, OVERLAP_CONSTRAINTS, SlotTaken } from '../domain/scheduling.errors.js';
import { ExpiredHoldsRepository } from '../holds/expired-holds.repository.js';
import type { AppointmentView } from '../http/appointment.dto.js';
import { type NewAppointment, TakingTimeRepository, type Wanted } from './taking-time.repository.js';

const ATTEMPTS = 4;

/** The span to be taken, and for whom. */
export interface Claim {
  readonly patientId: string;
  readonly place: Pick<AppointmentView, 'practitionerId' | 'locationId' | 'typeId' | 'zone' | 'startsAt'>;
  readonly span: AppointmentSpan;
  /** In order of preference; [null] for a type that needs no room. */
  readonly roomIds: readonly (string | null)[];
  readonly override?: BookingOverride | undefined;
}

/** What a look at one of several spans found. */
export interface InTheWay {
  /** Whoever decides; empty: the span can be taken. */
  readonly blockedBy: readonly Blocker[];
  readonly roomId: string | null;
  /** Every resource of those wanted that is taken, one of several rooms too. */
  readonly taken: ReadonlySet<string>;
}

/** Who waits in line for what. */
export interface InLine extends Pick<Claim, 'patientId' | 'roomIds'> {
  readonly place: Pick<Claim['place'], 'practitionerId'>;
}

/** The room that was taken, and the double booking that was let through, if one was. */
export interface Taken {
  readonly roomId: string | null;
  readonly doubleBooking: OverriddenRule | null;
}

/** What an appointment is besides its time. */
export type Visit = Pick<NewAppointment, 'id' | 'note' | 'areaIds' | 'heldUntil'>;

/** Somebody had the time when our turn came; what is free instead is looked up once nobody waits for us any more. */
class LostInLine extends Error {
  constructor(
    readonly claim: Claim,
    readonly blockedBy: readonly Blocker[],
  ) {
    super('lost in line');
  }
}

/** Somebody was quicker than our look; looked at again, they are seen. */
class LostRace extends Error {}

/** How every verb takes time from a practitioner, a room and a patient, so that nobody is taken twice. */
@Injectable()
export class TakingTime {
  constructor(
    private readonly database: Database,
    private readonly spans: TakingTimeRepository,
    private readonly expiredHolds: ExpiredHoldsRepository,
    private readonly availability: AvailabilityService,
  ) {}

  /** Takes the span for a new appointment. @throws SlotTaken, OverrideRefused */
  async take(tx: Tx, claim: Claim, visit: Visit, overridden: readonly OverriddenRule[]): Promise<Taken> {
    const { patientId, place, span, roomIds } = claim;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const one = { ...visit, ...place, ...keptOf(overridden), patientId, span };
      const taken = await this.spans.take(tx, { ...one, roomIds, doubleBooked: false });
      if (taken) return { ...taken, doubleBooking: null };
      const { blockers, doubleBooking } = await this.#free(tx, claim, null);
      // Nobody in the way any more: the room was lost to another and the next is free, the blocker was cancelled, or a
      // hold had expired.
      if (!doubleBooking) continue;
      const beside = { ...one, ...keptOf([...overridden, doubleBooking]), doubleBooked: true };
      const room = roomOf(roomIds, blockers);
      await this.spans.take(tx, { ...beside, roomIds: [room] });
      return { roomId: room, doubleBooking };
    }
    throw new DatabaseBusy();
  }

  /**
   * Waits in line for what the span takes and answers the first free room. Only inside `racing`, which says who was
   * first. @throws OverrideRefused
   */
  async queueFor(tx: Tx, claim: Claim, id: string): Promise<Taken> {
    const { roomIds } = claim;
    await this.spans.queueFor(tx, queueOf([claim]));
    const { blockers, doubleBooking } = await this.#free(tx, claim, id, true);
    return { roomId: roomOf(roomIds, blockers), doubleBooking };
  }

  /**
   * Waits in line for all that several claims take, at once and in the one order, and ends every hold that has expired, so
   * that nothing is waited for while a part is already taken.
   */
  async queueForAll(tx: Tx, claims: readonly InLine[]): Promise<void> {
    await this.spans.queueFor(tx, queueOf(claims));
    await this.expiredHolds.endAll(tx);
  }

  /** Who decides against each of several spans; appointments that make way for one (`moving`) do not count against it. */
  async inTheWayOfMany(
    tx: Tx,
    claims: readonly (InLine & Pick<Claim, 'span'>)[],
    moving: (position: number) => ReadonlySet<string>,
  ): Promise<InTheWay[]> {
    const wishes = claims.map(({ patientId, place: { practitionerId }, roomIds, span }) => ({
      practitionerId,
      patientId,
      roomIds,
      span,
    }));
    const found = await this.spans.blockersOfMany(tx, wishes);
    return claims.map(({ roomIds }, i) => {
      const blockers = (found[i] ?? []).filter(({ appointmentId }) => !moving(i).has(appointmentId));
      const taken = new Set(blockers.map(({ resourceId }) => resourceId));
      return { blockedBy: inTheWay(blockers, roomIds), roomId: roomOf(roomIds, blockers), taken };
    });
  }

  /**
   * Takes a span that was free at the last look, for one of several visits. @throws LostRace for `racing`, when a single
   * booking was quicker
   */
  async takeSeen(tx: Tx, claim: Claim, visit: Visit, overridden: readonly OverriddenRule[]): Promise<Taken> {
    const { place, patientId, span, roomIds } = claim;
    const one = { ...visit, ...place, ...keptOf(overridden), patientId, span, roomIds, doubleBooked: false };
    const taken = await this.spans.take(tx, one);
    if (!taken) throw new LostRace();
    return { ...taken, doubleBooking: null };
  }

  /** Lets several appointments that move in this transaction take what another of them leaves. */
  standAside(tx: Tx, ids: readonly string[]): Promise<void> {
    return this.spans.standAside(tx, ids);
  }

  /**
   * An UPDATE cannot give way as an INSERT can: when a new booking takes the span between our look and our write, the
   * constraint ends the transaction. The next attempt finds that booking and refuses by its name. What is free instead
   * is looked up after the transaction, so that those who wait in line are not kept by those who lost.
   * @throws SlotTaken
   */
  async racing<T>(actor: RequestActor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await this.database.write(actor, work);
      } catch (error) {
        if (error instanceof LostInLine) throw await this.#taken(actor, error);
        if (error instanceof LostRace) continue;
        if (!Object.hasOwn(OVERLAP_CONSTRAINTS, violatedConstraint(error) ?? '')) throw error;
      }
    }
    throw new DatabaseBusy();
  }

  async #taken(
    actor: RequestActor,
    { claim: { place, patientId }, blockedBy }: LostInLine,
  ): Promise<SlotTaken> {
    const alternatives = await this.database.read(actor, (tx) =>
      this.availability.nearest(tx, { ...place, patientId }),
    );
    return new SlotTaken({ blockedBy, alternatives });
  }

  /** @throws SlotTaken, naming who is in the way and what is free nearby, unless someone entitled books beside them */
  async #free(
    tx: Tx,
    claim: Claim,
    except: string | null,
    inLine = false,
  ): Promise<{ blockers: Blocker[]; doubleBooking: OverriddenRule | null }> {
    const { patientId, place, span, roomIds, override } = claim;
    const of = { practitionerId: place.practitionerId, patientId, roomIds };
    await this.expiredHolds.endInTheWay(tx, span, of);
    const blockers = await this.spans.blockers(tx, of, span, except);
    const blockedBy = inTheWay(blockers, roomIds);
    if (blockedBy.length === 0) return { blockers, doubleBooking: null };
    const named = override?.codes.includes(SlotTaken.spec.code) ?? false;
    if (inLine && !named) throw new LostInLine(claim, blockedBy);
    const alternatives = named ? [] : await this.availability.nearest(tx, { ...place, patientId });
    const taken = new SlotTaken({ blockedBy, alternatives });
    const doubleBooking = overrideTaken(taken, override);
    if (!doubleBooking) throw taken;
    return { blockers, doubleBooking };
  }
}

const queueOf = (claims: readonly InLine[]): Wanted[] =>
  claims.flatMap(({ place, roomIds, patientId }) => [
    { kind: 'practitioner', id: place.practitionerId },
    ...roomIds.flatMap((id) => (id === null ? [] : [{ kind: 'room' as const, id }])),
    { kind: 'patient', id: patientId },
  ]);

/** The first room nobody has; of a double booking the preferred one, where all are taken. */
export const roomOf = (roomIds: readonly (string | null)[], blockers: readonly Blocker[]): string | null =>
  roomIds.find((room) => !blockers.some(({ resourceId }) => resourceId === room)) ?? roomIds[0] ?? null;

const keptOf = (overridden: readonly OverriddenRule[]) => ({
  overrideReason: overridden[0]?.reason ?? null,
  overridden: overridden.length > 0 ? overridden : null,
});
