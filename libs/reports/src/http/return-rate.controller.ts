import { UnknownArea, UnknownProduct } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AsOfInFuture, ReportLocationNotFound } from '../domain/reports.errors.js';
import { ReturnRateService } from '../return-rate.service.js';
import { AskReturnRate, ReturnRateView } from './return-rate.dto.js';

@ApiTags('reports')
@Controller('reports')
export class ReturnRateController {
  constructor(private readonly returnRates: ReturnRateService) {}

  @Get('return-rate')
  @Requires('reports:read')
  @Endpoint({
    summary: 'Whether patients come back, by how many days, overall and by month of treatment',
    description:
      'Each figure carries its definition, numerator, denominator, asOf and, where patients are still being watched, N at risk. ' +
      'asOf is the end of that day at the location of each treatment: signed by then, not withdrawn by then, and of an ' +
      'amended treatment the version then in force. Without it, today at the clinic’s first location counts.',
    refuses: [AsOfInFuture, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea],
  })
  ask(@CurrentActor() actor: RequestActor, @Query() query: AskReturnRate): Promise<ReturnRateView> {
    return this.returnRates.ask(actor, query);
  }
}
