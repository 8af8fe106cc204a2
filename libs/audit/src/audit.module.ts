import { DatabaseModule } from '#database';
import { Module } from '@nestjs/common';

import { SealAudit } from './jobs/seal-audit.job.js';
import { SealsRepository } from './seals/seals.repository.js';
import { SealsService } from './seals/seals.service.js';

@Module({
  imports: [DatabaseModule],
  providers: [SealsRepository, SealsService, SealAudit],
  exports: [SealsService, SealAudit],
})
export class AuditModule {}
