import { record } from '#audit';
import type { Tx } from '#database';
import { Jobs } from '#jobs';
import { newId } from '#kernel';
import { Inject, Injectable } from '@nestjs/common';

import type { Decider } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { ExpiredHoldsRepository } from '../holds/expired-holds.repository.js';
import type { BookAppointment } from '../http/appointment.dto.js';
import { AppointmentEventsPort, type FreedTime } from '../scheduling.ports.js';
import { offerEnds, quietUntil } from './domain/offer-time.js';
import { OfferStillOpen, OfferTooLate } from './domain/waitlist.errors.js';
import { afterVerb, endingOf } from './domain/waitlist-status.js';
import { type OfferRow, WaitlistOffersRepository } from './waitlist-offers.repository.js';
import { WaitlistRepository, type WaitlistRow } from './waitlist.repository.js';

/** The time to offer, and how it came to be this patient's turn. */
export interface Proposal {
  readonly place: Pick<BookAppointment, 'practitionerId' | 'locationId' | 'startsAt' | 'roomId'>;
  readonly zone: string;
  readonly rank: number;
  readonly why: string;
  /** null: by itself. */
  readonly by: Decider | null;
  readonly reason: string | null;
}

/** How an offer comes to be and how its time runs out: the slot is kept by a hold, under the same constraints as any. */
@Injectable()
export class Offering {
  constructor(
    private readonly waitlist: WaitlistRepository,
    private readonly offers: WaitlistOffersRepository,
    private readonly booking: BookingService,
    private readonly expiredHolds: ExpiredHoldsRepository,
    private readonly events: AppointmentEventsPort,
    @Inject(Jobs) private readonly jobs: Pick<Jobs, 'enqueue'>,
  ) {}

  /**
   * Keeps the time for a patient whose place the caller has locked, and sees to it that they are told and that it ends.
   * @throws WaitlistTransitionRefused, OfferStillOpen, OfferTooLate, SlotTaken and the refusals of booking-rules
   */
  async make(tx: Tx, entry: WaitlistRow, proposal: Proposal): Promise<void> {
    const { place, zone, rank, why, by, reason } = proposal;
    const status = afterVerb(entry.status, 'offer');
    if (entry.offer) throw new OfferStillOpen({ offerId: entry.offer.id, expiresAt: entry.offer.expiresAt });
    const { id: entryId, patientId, typeId, areaIds } = entry;
    const overdue = await this.offers.openOf(tx, entryId);
    if (overdue) await this.#end(tx, overdue);
    const { offerMinutes, noticeMinutes, quiet } = await this.offers.settings(tx);
    const startsAt = new Date(place.startsAt);
    const until = offerEnds({ now: tx.now, startsAt, offerMinutes, noticeMinutes });
    if (!until) throw new OfferTooLate({ startsAt });
    // Only a person keeps time; by itself it is in the name of whoever put the patient on the list.
    const decider = by ?? { staffId: entry.joinedBy, isPrescriber: false, permissions: new Set() };
    const request = { ...place, patientId, typeId, areaIds };
    const signed = tx.as({ ...tx.actor, staffId: decider.staffId });
    const hold = await this.booking.place(signed, decider, request, until);
    const id = newId(tx.now.getTime());
    const offeredBy = by?.staffId ?? null;
    await this.offers.add(tx, {
      id,
      entryId,
      holdId: hold.id,
      rank,
      why,
      offeredBy,
      reason,
      expiresAt: until,
    });
    await this.waitlist.moveOn(tx, entryId, status, { verb: 'offer', reason: reason ?? why, offerId: id });
    await record(tx, { action: 'waitlist.offer', entityId: entryId, patientId, detail: { offerId: id } });
    const { clinicId } = tx;
    const tellAt = quietUntil(tx.now, quiet, zone);
    await this.jobs.enqueue(tx, 'waitlist-end-offer', { clinicId, offerId: id }, { startAfter: until });
    await this.jobs.enqueue(
      tx,
      'waitlist-offer-message',
      { clinicId, offerId: id },
      tellAt ? { startAfter: tellAt } : {},
    );
  }

  /** Looks for the next patient once the transaction that freed the time is through, or when its hold ends. */
  async lookFor(tx: Tx, { start, end, notBefore, practitionerId, locationId }: FreedTime): Promise<void> {
    const span = { start: start.toISOString(), end: end.toISOString() };
    const data = { clinicId: tx.clinicId, practitionerId, locationId, ...span };
    await this.jobs.enqueue(
      tx,
      'waitlist-match',
      data,
      notBefore === undefined ? {} : { startAfter: notBefore },
    );
  }

  /** Ends an offer whose time is up: the hold first, then the place, as everywhere. Nothing where it was answered. */
  async expire(tx: Tx, offer: OfferRow): Promise<void> {
    await this.expiredHolds.endOne(tx, offer.holdId);
    const entry = await this.waitlist.lock(tx, offer.entryId);
    if (entry) await this.#end(tx, offer);
  }

  async #end(tx: Tx, offer: OfferRow): Promise<void> {
    if (!(await this.offers.end(tx, offer.id, endingOf('expire-offer')))) return;
    const note = { verb: 'expire-offer', reason: 'Not answered in time', offerId: offer.id } as const;
    await this.waitlist.moveOn(tx, offer.entryId, 'waiting', note);
    const { practitionerId, locationId, busyFrom: start, busyTo: end } = offer;
    await this.events.publishFreedTime(tx, { practitionerId, locationId, start, end });
  }
}
