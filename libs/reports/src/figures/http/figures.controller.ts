import { Endpoint } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AsOfInFuture, ReportLocationNotFound } from '../../domain/reports.errors.js';
import { FiguresService } from '../figures.service.js';
import { PlanningService } from '../planning.service.js';
import { AskFigures, ClinicFiguresView, OtherSystemsView } from './figures.dto.js';
import { AskDueForecast, AskExpiringStock, DueForecastView, ExpiringStockView } from './planning.dto.js';

@ApiTags('reports')
@Controller('reports')
export class FiguresController {
  constructor(
    private readonly figures: FiguresService,
    private readonly planning: PlanningService,
  ) {}

  @Get('figures')
  @Requires('reports:read')
  @Endpoint({
    summary:
      'The clinic’s figures of a period: in-window, rebooking, retention, reviews, recall funnel, no-shows, utilisation',
    description:
      'Each says what it counts, of how many, as known on asOf, with a 95 % interval where it is a proportion; null, never 0, ' +
      'where it cannot be said. Cut to one practitioner or location, figures of fewer than five patients are told only to ' +
      'somebody who may see charts.',
    refuses: [AsOfInFuture, StaffNotFound, ReportLocationNotFound],
  })
  ask(@CurrentActor() actor: RequestActor, @Query() query: AskFigures): Promise<ClinicFiguresView> {
    return this.figures.ask(actor, query);
  }

  @Get('other-systems')
  @Requires('reports:read')
  @Endpoint({
    summary: 'The same data as Mangomint, Boulevard and Jane count it, each with how it differs',
    refuses: [AsOfInFuture, StaffNotFound, ReportLocationNotFound],
  })
  otherSystems(@CurrentActor() actor: RequestActor, @Query() query: AskFigures): Promise<OtherSystemsView> {
    return this.figures.otherSystems(actor, query);
  }

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
  @Endpoint({ summary: 'Stock that expires before planned use', refuses: [ReportLocationNotFound] })
  expiringStock(
    @CurrentActor() actor: RequestActor,
    @Query() query: AskExpiringStock,
  ): Promise<ExpiringStockView> {
    return this.planning.expiringStock(actor, query);
  }
}
