import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { ExportsService } from './exports.service.js';

/** Makes the file of an export somebody asked for. */
@Injectable()
export class MakeExport extends JobHandler {
  readonly queue = 'privacy-export';

  constructor(private readonly exports: ExportsService) {
    super();
  }

  async work({ clinicId, ...data }: JobData): Promise<void> {
    await this.exports.make(clinicId, String(data['exportId']));
  }
}
