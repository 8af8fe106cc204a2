import { systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { BulkWindows } from './bulk-windows.js';

export const RECOMPUTE_QUEUE = 'repeat-visits-recompute';

/** Recomputes a clinic's windows; whoever runs it again goes on where the last one got to. */
@Injectable()
export class RecomputeWindows extends JobHandler {
  readonly queue = RECOMPUTE_QUEUE;

  constructor(private readonly bulk: BulkWindows) {
    super();
  }

  async work({ clinicId, recomputeId }: JobData): Promise<void> {
    if (typeof recomputeId !== 'string') return;
    while (!(await this.bulk.run(systemActor(clinicId), recomputeId)));
  }
}
