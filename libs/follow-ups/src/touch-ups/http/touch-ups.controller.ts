import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { LocationNotFound } from '#scheduling';
import {
  TouchUpCompletesNothing,
  TouchUpNeedsPrescriber,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
  TreatmentView,
} from '#treatments';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import * as refused from '../../domain/follow-ups.errors.js';
import { TouchUpsService } from '../touch-ups.service.js';
import { ApproveTouchUp, BeginTouchUp, TouchUpView } from './touch-up.dto.js';

const OF_THE_DAY = [TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate];

@ApiTags('follow-ups')
@Controller('follow-ups/:id/touch-up')
export class TouchUpsController {
  constructor(private readonly touchUps: TouchUpsService) {}

  @Get()
  @Requires('charts:read')
  @Endpoint({
    summary: 'The touch-up a prescriber approved after a review',
    refuses: [refused.TouchUpNotApproved],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<TouchUpView> {
    return this.touchUps.read(actor, id);
  }

  @Post()
  @HttpCode(201)
  @Requires('follow-ups:record')
  @Endpoint({
    summary: 'Approve the touch-up a review advised, for a day of the protocol; prescribers only',
    refuses: [
      refused.FollowUpNotFound,
      refused.TouchUpNotAdvised,
      refused.TouchUpApproved,
      ...OF_THE_DAY,
      TouchUpNeedsPrescriber,
      TouchUpCompletesNothing,
    ],
    changes: true,
  })
  approve(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ApproveTouchUp,
  ): Promise<TouchUpView> {
    return this.touchUps.approve(actor, id, body);
  }

  @Post('begin')
  @HttpCode(201)
  @Requires('treatments:record')
  @Endpoint({
    summary:
      'Begin the approved touch-up: a treatment draft of kind touch-up that completes the reviewed one',
    description: 'Refuses besides with whatever POST /v1/treatments refuses.',
    refuses: [
      refused.FollowUpNotFound,
      refused.TouchUpNotApproved,
      refused.TouchUpBegun,
      LocationNotFound,
      TouchUpCompletesNothing,
      ...OF_THE_DAY,
    ],
    changes: true,
  })
  begin(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: BeginTouchUp,
  ): Promise<TreatmentView> {
    return this.touchUps.begin(actor, id, body);
  }
}
