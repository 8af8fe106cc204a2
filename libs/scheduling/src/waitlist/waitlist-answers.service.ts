import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { AppointmentsService } from '../appointments.service.js';
import { HoldsService } from '../holds/holds.service.js';
import { OfferOver, WaitlistEntryNotFound, WaitlistOfferNotFound } from './domain/waitlist.errors.js';
import { afterAnswer, afterVerb, type OfferStatus } from './domain/waitlist-status.js';
import type { AcceptedOffer } from './http/waitlist-offer.dto.js';
import type { WaitlistEntryView } from './http/waitlist.view.js';
import { type OfferRow, WaitlistOffersRepository } from './waitlist-offers.repository.js';
import { viewOf, WaitlistRepository, type WaitlistRow } from './waitlist.repository.js';

/** What patients say to an offer. Everybody locks the hold first and then the place, so that nobody waits in a circle. */
@Injectable()
export class WaitlistAnswersService {
  constructor(
    private readonly database: Database,
    private readonly waitlist: WaitlistRepository,
    private readonly offers: WaitlistOffersRepository,
    private readonly holds: HoldsService,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * Books what was offered and cancels what it replaces, in one transaction; the time that this frees goes to the next.
   * @throws WaitlistOfferNotFound, OfferOver, HoldOver, and what bars the patient by now
   */
  accept(actor: RequestActor, id: string): Promise<AcceptedOffer> {
    return this.database.write(actor, async (tx) => {
      const offer = await this.#offer(tx, id);
      const ending = afterAnswer(offer, 'accept', tx.now);
      const appointment = await this.holds.confirmWithin(tx, offer.holdId);
      const entry = await this.#answered(tx, offer, ending);
      const { id: entryId, patientId, replacesId } = entry;
      const isReplaced =
        replacesId !== null &&
        (await this.appointments.cancelIfAhead(tx, replacesId, 'Came earlier, from the waitlist'));
      const note = { verb: 'accept', reason: null, offerId: id } as const;
      await this.waitlist.moveOn(tx, entryId, afterVerb(entry.status, 'accept'), note);
      await record(tx, { action: 'waitlist.accept', entityId: entryId, patientId, detail: { offerId: id } });
      return { entryId, appointment, replacedId: isReplaced ? replacesId : null };
    });
  }

  /** The patient keeps the place, the time goes to the next. @throws WaitlistOfferNotFound, OfferOver */
  decline(actor: RequestActor, id: string, reason: string | null): Promise<WaitlistEntryView> {
    return this.database.write(actor, async (tx) => {
      const offer = await this.#offer(tx, id);
      const ending = afterAnswer(offer, 'decline', tx.now);
      await this.holds.releaseWithin(tx, offer.holdId);
      const { id: entryId, patientId, status } = await this.#answered(tx, offer, ending);
      const note = { verb: 'decline', reason, offerId: id } as const;
      await this.waitlist.moveOn(tx, entryId, afterVerb(status, 'decline'), note);
      await record(tx, { action: 'waitlist.decline', entityId: entryId, patientId, detail: { offerId: id } });
      return viewOf(await this.#read(tx, entryId));
    });
  }

  /** Of two who answer at once the second finds it over, and its work is undone. */
  async #answered(tx: Tx, offer: OfferRow, ending: OfferStatus): Promise<WaitlistRow> {
    const entry = await this.waitlist.lock(tx, offer.entryId);
    if (!entry) throw new WaitlistEntryNotFound();
    if (!(await this.offers.end(tx, offer.id, ending)))
      throw new OfferOver({ offerId: offer.id, status: offer.status });
    return entry;
  }

  async #offer(tx: Tx, id: string): Promise<OfferRow> {
    const offer = await this.offers.read(tx, id);
    if (!offer) throw new WaitlistOfferNotFound();
    return offer;
  }

  async #read(tx: Tx, id: string): Promise<WaitlistRow> {
    const row = await this.waitlist.read(tx, id);
    if (!row) throw new WaitlistEntryNotFound();
    return row;
  }
}
