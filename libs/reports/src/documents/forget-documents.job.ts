import { Database, systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

import { DocumentsRepository } from './documents.repository.js';

/** Every night: reports whose time is over are gone. */
@Injectable()
export class ForgetReportDocuments extends JobHandler {
  readonly queue = 'report-documents-forget';

  constructor(
    private readonly database: Database,
    private readonly documents: DocumentsRepository,
  ) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), (tx) => this.documents.forgetExpired(tx));
  }
}
