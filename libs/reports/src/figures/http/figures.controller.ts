import { Endpoint } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AsOfInFuture, ReportLocationNotFound } from '../../domain/reports.errors.js';
import { FiguresService } from '../figures.service.js';
import { AskFigures, ClinicFiguresView, OtherSystemsView } from './figures.dto.js';

@ApiTags('reports')
@Controller('reports')
export class FiguresController {
  constructor(private readonly figures: FiguresService) {}

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
}
