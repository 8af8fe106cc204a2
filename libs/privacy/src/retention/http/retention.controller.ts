import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ErasablePage, FindErasable, RunStarted } from '../../erasures/http/erasure.dto.js';
import { RetentionService } from '../retention.service.js';

@ApiTags('privacy')
@Controller('retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get('due')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Records whose duty to keep is over: what a run would erase; nothing is changed' })
  due(@CurrentActor() actor: RequestActor, @Query() query: FindErasable): Promise<ErasablePage> {
    return this.retention.due(actor, query);
  }

  @Post('run')
  @HttpCode(202)
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Erase them now, in the background', changes: true })
  run(@CurrentActor() actor: RequestActor): Promise<RunStarted> {
    return this.retention.start(actor);
  }
}
