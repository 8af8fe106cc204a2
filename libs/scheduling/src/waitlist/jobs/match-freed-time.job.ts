import { Database, systemActor, type Tx } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { DomainError, isId, isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { FreedTime } from '../../scheduling.ports.js';
import { quietUntil } from '../domain/offer-time.js';
import { Offering } from '../offering.js';
import { type Match, WaitlistMatching } from '../waitlist-matching.js';
import { WaitlistOffersRepository } from '../waitlist-offers.repository.js';
import { WaitlistRepository } from '../waitlist.repository.js';

/** A freed day of short visits; more than these wait for the next time something is freed. */
const MOST_OFFERS = 50;

/** Offers freed time to those whose turn it is. Run again it finds the time kept, and offers nothing. */
@Injectable()
export class MatchFreedTime extends JobHandler {
  readonly queue = 'waitlist-match';

  constructor(
    private readonly database: Database,
    private readonly matching: WaitlistMatching,
    private readonly offering: Offering,
    private readonly offers: WaitlistOffersRepository,
    private readonly waitlist: WaitlistRepository,
  ) {
    super();
  }

  async work({ clinicId, practitionerId, locationId, start, end }: JobData): Promise<void> {
    if (!isId(practitionerId) || !isId(locationId) || !isInstant(start) || !isInstant(end))
      throw new Error('Freed time has a practitioner, a location, a start and an end');
    const freed = { practitionerId, locationId, start: new Date(start), end: new Date(end) };
    for (let made = 0; made < MOST_OFFERS; made += 1) {
      const isOffered = await this.database.write(systemActor(clinicId), (tx) => this.#offerOne(tx, freed));
      if (!isOffered) return;
    }
  }

  /** Nobody is asked in the quiet hours: the look is put off until they end. */
  async #offerOne(tx: Tx, freed: FreedTime): Promise<boolean> {
    const zone = await this.offers.zoneOf(tx, freed.locationId);
    if (zone === null || freed.end <= tx.now) return false;
    const { quiet } = await this.offers.settings(tx);
    const notBefore = quietUntil(tx.now, quiet, zone);
    if (notBefore) {
      await this.offering.lookFor(tx, { ...freed, notBefore });
      return false;
    }
    for (const match of await this.matching.rank(tx, freed))
      if (match.waiting.heldBack === null && (await this.#offer(tx, freed, match, zone))) return true;
    return false;
  }

  /** Whether it is theirs to think about; somebody whose place is being changed right now is passed over. */
  async #offer(tx: Tx, freed: FreedTime, { waiting, fit, rank, why }: Match, zone: string): Promise<boolean> {
    const entry = await this.waitlist.lockUnlessBusy(tx, waiting.id);
    if (!entry) return false;
    const { practitionerId, locationId } = freed;
    const room = fit.roomId === null ? {} : { roomId: fit.roomId };
    const place = { practitionerId, locationId, startsAt: fit.startsAt.toISOString(), ...room };
    try {
      await this.offering.make(tx, entry, { place, zone, rank, why, by: null, reason: null });
      return true;
    } catch (error) {
      // The booking rules have the last word; what they refuse to one may suit the next.
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
