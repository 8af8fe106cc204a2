import { Database, systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { forgetServed } from './tidy-up.repository.js';

/** Forgets what has served: ended sessions, kept answers of retries, counted guesses. */
@Injectable()
export class TidyUp extends JobHandler {
  readonly queue = 'tidy-up';

  constructor(private readonly database: Database) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), forgetServed);
  }
}
