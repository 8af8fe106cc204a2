import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, ShownWith } from '#identity';
import { PatientNotFound } from '#patients';
import { AdverseEventNotFound } from '#treatments';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  FollowUpNotFound,
  FollowUpReasonMissing,
  FollowUpTransitionNotAllowed,
  OutcomeAreasDiffer,
  ReviewedBeforeTreatment,
  ReviewedInTheFuture,
} from '../domain/follow-ups.errors.js';
import { FollowUpsService } from '../follow-ups.service.js';
import { ReviewsService } from '../reviews.service.js';
import {
  CompleteFollowUp,
  FindFollowUps,
  FollowUpPage,
  FollowUpsOfPatient,
  FollowUpView,
  WaiveFollowUp,
} from './follow-up.dto.js';

@ApiTags('follow-ups')
@Controller()
@ShownWith('charts:read', 'outcome')
export class FollowUpsController {
  constructor(
    private readonly followUps: FollowUpsService,
    private readonly reviews: ReviewsService,
  ) {}

  @Get('follow-ups')
  @Requires('follow-ups:read')
  @Endpoint({ summary: 'Reviews and checks by status, kind, day and patient, the earliest due first' })
  find(@CurrentActor() actor: RequestActor, @Query() query: FindFollowUps): Promise<FollowUpPage> {
    return this.followUps.find(actor, query);
  }

  @Get('patients/:id/follow-ups')
  @Requires('follow-ups:read')
  @Endpoint({ summary: 'The follow-ups of a patient, the newest first', refuses: [PatientNotFound] })
  ofPatient(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<FollowUpsOfPatient> {
    return this.followUps.ofPatient(actor, id);
  }

  @Post('follow-ups/:id/complete')
  @HttpCode(200)
  @Requires('follow-ups:record')
  @Endpoint({
    summary: 'Record the outcome of a review: result per area, satisfaction, touch-up decision',
    refuses: [
      FollowUpNotFound,
      FollowUpTransitionNotAllowed,
      OutcomeAreasDiffer,
      ReviewedBeforeTreatment,
      ReviewedInTheFuture,
      AdverseEventNotFound,
    ],
    changes: true,
    versioned: true,
  })
  complete(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CompleteFollowUp,
    @IfMatch() read: number | undefined,
  ): Promise<FollowUpView> {
    return this.reviews.complete(actor, id, body, read);
  }

  @Post('follow-ups/:id/waive')
  @HttpCode(200)
  @Requires('follow-ups:record')
  @Endpoint({
    summary: 'Do without a follow-up, with the reason',
    refuses: [FollowUpNotFound, FollowUpTransitionNotAllowed, FollowUpReasonMissing],
    changes: true,
    versioned: true,
  })
  waive(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: WaiveFollowUp,
    @IfMatch() read: number | undefined,
  ): Promise<FollowUpView> {
    return this.followUps.waive(actor, id, body, read);
  }
}
