import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { ExportsService } from '../exports/exports.service.js';
import { RetentionService } from './retention.service.js';

/** Each night: erases what no duty keeps any longer, where the clinic wants that, and forgets exports after their week. */
@Injectable()
export class RetentionRun extends JobHandler {
  readonly queue = 'retention-run';

  constructor(
    private readonly retention: RetentionService,
    private readonly exports: ExportsService,
  ) {
    super();
  }

  async work({ clinicId, ...data }: JobData): Promise<void> {
    await this.exports.forgetExpired(clinicId);
    await this.retention.run(clinicId, data['asked'] === true);
  }
}
