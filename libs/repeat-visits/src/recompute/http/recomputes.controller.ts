import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { RecomputeNotFound } from '../../domain/repeat-visits.errors.js';
import { RecomputesService } from '../recomputes.service.js';
import {
  FindRecomputes,
  PersonalIntervalSetting,
  RecomputePage,
  RecomputeView,
  SwitchPersonalInterval,
} from './recompute.dto.js';

@ApiTags('repeat-visits')
@Controller('repeat-visits')
export class RecomputesController {
  constructor(private readonly recomputes: RecomputesService) {}

  @Post('recomputes')
  @HttpCode(202)
  @Requires('protocols:write')
  @Endpoint({
    summary: 'Recompute all windows in the background; one under way begins again',
    changes: true,
  })
  ask(@CurrentActor() actor: RequestActor): Promise<RecomputeView> {
    return this.recomputes.ask(actor);
  }

  @Get('recomputes')
  @Requires('catalogue:read')
  @Endpoint({ summary: 'Recomputes of the clinic, newest first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindRecomputes): Promise<RecomputePage> {
    return this.recomputes.list(actor, query);
  }

  @Get('recomputes/:id')
  @Requires('catalogue:read')
  @Endpoint({ summary: 'How far a recompute has got', refuses: [RecomputeNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<RecomputeView> {
    return this.recomputes.read(actor, id);
  }

  @Put('personal-interval')
  @Requires('protocols:write')
  @Endpoint({
    summary: 'Let windows learn from the patient’s own intervals, or stop it; all are recomputed',
    changes: true,
  })
  switchPersonal(
    @CurrentActor() actor: RequestActor,
    @Body() { enabled }: SwitchPersonalInterval,
  ): Promise<PersonalIntervalSetting> {
    return this.recomputes.switchPersonal(actor, enabled);
  }
}
