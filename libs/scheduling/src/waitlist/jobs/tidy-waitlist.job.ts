import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { oldestDay } from '#kernel';
import { Injectable } from '@nestjs/common';

import { Offering } from '../offering.js';
import { WaitlistOffersRepository } from '../waitlist-offers.repository.js';
import { WaitlistRepository } from '../waitlist.repository.js';

/** Every night: offers whose end no job has noted, and the wait of those whose last day is over. */
@Injectable()
export class TidyWaitlist extends JobHandler {
  readonly queue = 'waitlist-tidy';

  constructor(
    private readonly database: Database,
    private readonly waitlist: WaitlistRepository,
    private readonly offers: WaitlistOffersRepository,
    private readonly offering: Offering,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    const system = systemActor(clinicId);
    const overdue = await this.database.read(system, (tx) => this.offers.overdue(tx));
    for (const offer of overdue) await this.database.write(system, (tx) => this.offering.expire(tx, offer));
    await this.database.write(system, (tx) => this.waitlist.lapse(tx, oldestDay(tx.now)));
  }
}
