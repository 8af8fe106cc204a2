import { CatalogueNotPublished } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { AppointmentTypeNotFound } from '#scheduling';
import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { FunnelService } from '../funnel.service.js';
import { MOST_PATIENTS, RecallExportService } from '../recall-export.service.js';
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
  @Header('cache-control', 'no-store')
  @ApiOkResponse({
    content: { 'text/csv': { schema: { type: 'string' } } },
    headers: {
      'X-Truncated': {
        description: 'Whether patients of the list are missing from the file; its name says so too',
        schema: { type: 'boolean' },
      },
      'X-Next': {
        description: 'Where it is true: `after` of the file that goes on from here',
        schema: { type: 'string' },
      },
    },
  })
  @Endpoint({
    summary: 'The recall list as CSV, narrowed by the same filters; at most 5,000 patients',
    description:
      'A file that ends before the list does says so in `X-Truncated` and in its name; `X-Next` is where the next one begins.',
    refuses: [CatalogueNotPublished],
  })
  async file(
    @CurrentActor() actor: RequestActor,
    @Query() query: FindDue,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { csv, next } = await this.exports.file(actor, query);
    const name = next === null ? 'recall-list' : `recall-list-cut-at-${MOST_PATIENTS}`;
    void reply.header('content-disposition', `attachment; filename="${name}.csv"`);
    void reply.header('x-truncated', String(next !== null));
    if (next !== null) void reply.header('x-next', next);
    return csv;
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
