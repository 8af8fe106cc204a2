import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { FollowUpPage } from '../../http/follow-up.dto.js';
import { WorklistsService } from '../worklists.service.js';
import { DeskWork, OwnWork, PathwayPage, PathwayWork } from './worklists.dto.js';

@ApiTags('follow-ups')
@Controller('worklists')
export class WorklistsController {
  constructor(private readonly worklists: WorklistsService) {}

  @Get('my-follow-ups')
  @Requires('follow-ups:record')
  @Endpoint({ summary: 'My reviews or non-response checks whose day has come, the oldest first' })
  own(@CurrentActor() actor: RequestActor, @Query() query: OwnWork): Promise<FollowUpPage> {
    return this.worklists.own(actor, query);
  }

  @Get('non-response-pathways')
  @Requires('charts:read')
  @Endpoint({ summary: 'Open non-response pathways, mine or everybody’s, the oldest first' })
  pathways(@CurrentActor() actor: RequestActor, @Query() query: PathwayWork): Promise<PathwayPage> {
    return this.worklists.pathways(actor, query);
  }

  @Get('reviews-to-book')
  @Requires('follow-ups:read')
  @Endpoint({
    summary:
      'Reviews the desk has to book, from two weeks before their first day on, and missed ones; the oldest first',
  })
  desk(@CurrentActor() actor: RequestActor, @Query() query: DeskWork): Promise<FollowUpPage> {
    return this.worklists.desk(actor, query);
  }
}
