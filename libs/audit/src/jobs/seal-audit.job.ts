import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { SealsService } from '../seals/seals.service.js';

/** Seals what a clinic's trail gained since the last time. */
@Injectable()
export class SealAudit extends JobHandler {
  readonly queue = 'audit-seal';

  constructor(private readonly seals: SealsService) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.seals.seal(clinicId);
  }
}
