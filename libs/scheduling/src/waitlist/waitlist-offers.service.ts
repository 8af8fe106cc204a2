import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { readMoment } from '#kernel';
import { Injectable } from '@nestjs/common';

import { MINUTE, spanOf } from '../domain/appointment.js';
import { AppointmentTypeNotFound, LocationNotFound, SpanInverted } from '../domain/scheduling.errors.js';
import { OutOfRankNeedsReason, WaitlistEntryNotFound } from './domain/waitlist.errors.js';
import type { FindMatches, MakeOffer, MatchList } from './http/waitlist-offer.dto.js';
import type { WaitlistEntryView } from './http/waitlist.view.js';
import { Offering } from './offering.js';
import { type Match, WaitlistMatching } from './waitlist-matching.js';
import { WaitlistOffersRepository } from './waitlist-offers.repository.js';
import { viewOf, WaitlistRepository, type WaitlistRow } from './waitlist.repository.js';

const MOST_SHOWN = 50;
const DAY = 1440 * MINUTE;

/** Free time on its way to a patient who waits for it, as the desk sees and steers it. */
@Injectable()
export class WaitlistOffersService {
  constructor(
    private readonly database: Database,
    private readonly waitlist: WaitlistRepository,
    private readonly offers: WaitlistOffersRepository,
    private readonly matching: WaitlistMatching,
    private readonly offering: Offering,
  ) {}

  /** Whom free time fits, in the order they are asked; also those who are not asked by themselves, with the reason. @throws LocationNotFound, SpanInverted */
  matches(actor: RequestActor, query: FindMatches): Promise<MatchList> {
    const { practitionerId, locationId } = query;
    return this.database.read(actor, async (tx) => {
      const zone = await this.#zone(tx, locationId);
      const [start, end] = [readMoment(query.from, zone), readMoment(query.to, zone)];
      if (end <= start || end.getTime() > start.getTime() + DAY)
        throw new SpanInverted({ from: start, to: end, longestHours: 24 });
      const found = await this.matching.rank(tx, { practitionerId, locationId, start, end });
      const items = found.slice(0, MOST_SHOWN).map(matchView);
      const detail = { entries: items.map(({ entryId }) => entryId) };
      await record(tx, { action: 'waitlist.match', entityId: null, patientId: null, detail });
      return { zone, items };
    });
  }

  /**
   * Offers a time by hand. Out of the order, or a time the patient did not ask for, takes a reason.
   * @throws WaitlistEntryNotFound, OutOfRankNeedsReason, OfferStillOpen, OfferTooLate, SlotTaken and the refusals of booking
   */
  offer(actor: RequestActor, entryId: string, wanted: MakeOffer): Promise<WaitlistEntryView> {
    const { practitionerId, locationId, roomId, reason = null } = wanted;
    return this.database.write(actor, async (tx) => {
      const zone = await this.#zone(tx, locationId);
      const entry = await this.waitlist.lock(tx, entryId);
      if (!entry) throw new WaitlistEntryNotFound();
      const startsAt = readMoment(wanted.startsAt, zone);
      const timing = await this.offers.timingOf(tx, entry.typeId);
      if (!timing) throw new AppointmentTypeNotFound();
      const { busy } = spanOf(startsAt, timing);
      const freed = { practitionerId, locationId, start: new Date(busy.start), end: new Date(busy.end) };
      const { rank, why, ahead } = standingOf(await this.matching.rank(tx, freed), entryId, startsAt);
      const room = roomId === undefined ? {} : { roomId };
      const place = { practitionerId, locationId, startsAt: startsAt.toISOString(), ...room };
      await this.offering.make(tx, entry, { place, zone, rank, why, by: actor, reason });
      // Said only of a time that can be had; what was kept for it goes back with the transaction.
      if ((rank === 0 || ahead > 0) && reason === null)
        throw new OutOfRankNeedsReason({ rank: rank === 0 ? null : rank, ahead });
      return viewOf(await this.#read(tx, entryId));
    });
  }

  async #zone(tx: Tx, locationId: string): Promise<string> {
    const zone = await this.offers.zoneOf(tx, locationId);
    if (zone === null) throw new LocationNotFound();
    return zone;
  }

  async #read(tx: Tx, id: string): Promise<WaitlistRow> {
    const row = await this.waitlist.read(tx, id);
    if (!row) throw new WaitlistEntryNotFound();
    return row;
  }
}

const matchView = ({ rank, why, waiting, fit }: Match): MatchList['items'][number] => ({
  rank,
  why,
  entryId: waiting.id,
  patientId: waiting.patient.id,
  patientName: waiting.patientName,
  startsAt: fit.startsAt,
  endsAt: fit.endsAt,
  roomId: fit.roomId,
  heldBack: waiting.heldBack,
});

/** Where a patient stands for a time; `ahead` are those before them who would be asked. */
function standingOf(
  found: readonly Match[],
  entryId: string,
  startsAt: Date,
): { rank: number; why: string; ahead: number } {
  const own = found.find(({ waiting }) => waiting.id === entryId);
  const fits = own?.fit.startsAt.getTime() === startsAt.getTime();
  const ahead = found.filter(
    ({ rank, waiting }) => waiting.id !== entryId && waiting.heldBack === null && (!own || rank < own.rank),
  ).length;
  return own && fits ? { rank: own.rank, why: own.why, ahead } : { rank: 0, why: 'By hand', ahead };
}
