import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AsOfInFuture, ReportLocationNotFound } from '../../domain/reports.errors.js';
import { PlanningService } from '../planning.service.js';
import { AskDueForecast, AskExpiringStock, DueForecastView, ExpiringStockView } from './planning.dto.js';

@ApiTags('reports')
@Controller('reports')
export class PlanningController {
  constructor(private readonly planning: PlanningService) {}

  @Get('due-forecast')
  @Requires('reports:read')
  @Endpoint({
    summary: 'Who is due in each week to come, beside the free time of that week',
    refuses: [AsOfInFuture, ReportLocationNotFound],
  })
  dueForecast(@CurrentActor() actor: RequestActor, @Query() query: AskDueForecast): Promise<DueForecastView> {
    return this.planning.dueForecast(actor, query);
  }

  @Get('expiring-stock')
  @Requires('reports:read')
  @Endpoint({
    summary: 'Stock that expires before planned use, by product and by lot',
    refuses: [AsOfInFuture, ReportLocationNotFound],
  })
  expiringStock(
    @CurrentActor() actor: RequestActor,
    @Query() query: AskExpiringStock,
  ): Promise<ExpiringStockView> {
    return this.planning.expiringStock(actor, query);
  }
}
