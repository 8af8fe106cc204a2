import { Database, systemActor } from '#database';
import { type JobData, JobHandler } from '#jobs';
import { Injectable } from '@nestjs/common';

import { ExpiredHoldsRepository } from './expired-holds.repository.js';

/** Tidies away holds nobody confirmed. Their time has been free since they expired: nothing waits for this. */
@Injectable()
export class EndExpiredHolds extends JobHandler {
  readonly queue = 'end-expired-holds';

  constructor(
    private readonly database: Database,
    private readonly expiredHolds: ExpiredHoldsRepository,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), (tx) => this.expiredHolds.endAll(tx));
  }
}
