import { CatalogueNotPublished } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { AppointmentTypeNotFound } from '#scheduling';
import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { FunnelService } from '../funnel.service.js';
import { RecallExportService } from '../recall-export.service.js';
import { RecallListService } from '../recall-list.service.js';
import { FindFunnel, FunnelView } from './funnel.dto.js';
import { DuePage, FindDue } from './recall-list.dto.js';

@ApiTags('recall')
@Controller('repeat-visits')
export class RecallListController {
  constructor(
    private readonly list: RecallListService,
    private readonly exports: RecallExportService,
    private readonly funnels: FunnelService,
  ) {}

  @Get('due')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'Patients past due, due or lapsed, each once with all their areas, nearest to the day first',
    description:
      'Past due first (just missed first), then due (ending soonest first), then lapsed (just lapsed first). Each with the ' +
      'visit to offer and, where a type is given, the first three free times. A page may be shorter than `limit` while ' +
      '`next` is not null.',
    refuses: [CatalogueNotPublished, AppointmentTypeNotFound],
  })
  due(@CurrentActor() actor: RequestActor, @Query() query: FindDue): Promise<DuePage> {
    return this.list.due(actor, query);
  }

  @Get('due.csv')
  @Requires('recall:export')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="recall-list.csv"')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  @Endpoint({
    summary: 'The recall list as CSV, narrowed by the same filters; at most 5,000 patients',
    refuses: [CatalogueNotPublished, AppointmentTypeNotFound],
  })
  file(@CurrentActor() actor: RequestActor, @Query() query: FindDue): Promise<string> {
    return this.exports.file(actor, query);
  }

  @Get('funnel')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'Of the patients who became due in a period: contacted, booked, attended; each defined',
  })
  funnel(@CurrentActor() actor: RequestActor, @Query() query: FindFunnel): Promise<FunnelView> {
    return this.funnels.of(actor, query);
  }
}
