import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { offerStatusAt } from '../domain/waitlist-status.js';
import { Offering } from '../offering.js';
import { WaitlistOffersRepository } from '../waitlist-offers.repository.js';

/** At the end of its time an offer nobody answered goes to the next. Until this ran it counted as over already. */
@Injectable()
export class EndWaitlistOffer extends JobHandler {
  readonly queue = 'waitlist-end-offer';

  constructor(
    private readonly database: Database,
    private readonly offers: WaitlistOffersRepository,
    private readonly offering: Offering,
  ) {
    super();
  }

  async work({ clinicId, offerId }: JobData): Promise<void> {
    if (!isId(offerId)) throw new Error('The end of an offer needs its id');
    await this.database.write(systemActor(clinicId), async (tx) => {
      const offer = await this.offers.read(tx, offerId);
      if (offer?.status !== 'open') return;
      // The queue's clock may be ahead of ours by a moment: tried again, it is over.
      if (offerStatusAt(offer, tx.now) === 'open') throw new Error('The offer is not over yet');
      await this.offering.expire(tx, offer);
    });
  }
}
