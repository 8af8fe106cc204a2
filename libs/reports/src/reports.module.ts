import { IdentityModule } from '#identity';
import { Module } from '@nestjs/common';

import { ReturnRateController } from './http/return-rate.controller.js';
import { ReturnRateQueries } from './return-rate.queries.js';
import { ReturnRateService } from './return-rate.service.js';

@Module({
  imports: [IdentityModule],
  controllers: [ReturnRateController],
  providers: [ReturnRateService, ReturnRateQueries],
  exports: [ReturnRateService],
})
export class ReportsModule {}
