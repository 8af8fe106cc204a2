import { UnknownArea, UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientLeftCare, PatientNotFound } from '#patients';
import { AppointmentNotFound, LocationNotFound } from '#scheduling';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ClearancesService } from '../clearances.service.js';
import { ConsultationsService } from '../consultations.service.js';
import { DecisionsService } from '../decisions.service.js';
import * as refused from '../domain/consultations.errors.js';
import { GiveConsent } from '../consents/http/consent.dto.js';
import { GiveAnswers, MakePlan, ScoreSeverity } from './assessment.dto.js';
import {
  BeginConsultation,
  ClearConsultation,
  DecideFinding,
  DeclineConsultation,
} from './consultation.dto.js';
import { ConsultationView } from './consultation.view.js';

const OF_ONE = [refused.ConsultationNotFound, refused.ConsultationClosed, refused.ConsultationSigned];
const OF_PLAN = [UnknownProduct, UnknownArea, refused.PlanRepeatsItself];
const OF_ANSWERS = [refused.UnknownQuestion, refused.NotAnAnswer, refused.AnsweredDateImpossible];
const OF_SCORES = [UnknownArea, refused.ScaleUnknown, refused.ScoreOffScale, refused.SeverityRepeatsItself];

@ApiTags('consultations')
@Controller()
export class ConsultationsController {
  constructor(
    private readonly consultations: ConsultationsService,
    private readonly decisions: DecisionsService,
    private readonly clearances: ClearancesService,
  ) {}

  @Post('consultations')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Begin a consultation, today at the location',
    refuses: [
      PatientNotFound,
      PatientLeftCare,
      LocationNotFound,
      AppointmentNotFound,
      refused.AppointmentOfAnother,
      ...OF_PLAN,
      ...OF_ANSWERS,
      ...OF_SCORES,
    ],
    changes: true,
  })
  begin(@CurrentActor() actor: RequestActor, @Body() body: BeginConsultation): Promise<ConsultationView> {
    return this.consultations.begin(actor, body);
  }

  @Get('consultations/:id')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Read a consultation with what the safety rules find and what is still unanswered',
    refuses: [refused.ConsultationNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ConsultationView> {
    return this.consultations.read(actor, id);
  }

  @Put('consultations/:id/answers')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Give screening answers; earlier ones that are still fresh carry over',
    refuses: [...OF_ONE, ...OF_ANSWERS],
    changes: true,
    versioned: true,
  })
  answer(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: GiveAnswers,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.consultations.answer(actor, id, body, read);
  }

  @Put('consultations/:id/plan')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Plan areas, products and units',
    refuses: [...OF_ONE, ...OF_PLAN],
    changes: true,
    versioned: true,
  })
  plan(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: MakePlan,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.consultations.plan(actor, id, body, read);
  }

  @Put('consultations/:id/severity')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Score the severity of lines an area, at rest and at maximum contraction, on a named scale',
    refuses: [...OF_ONE, ...OF_SCORES],
    changes: true,
    versioned: true,
  })
  score(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ScoreSeverity,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.consultations.score(actor, id, body, read);
  }

  @Post('consultations/:id/findings/:findingKey/decide')
  @HttpCode(200)
  @Requires('consultations:record')
  @Endpoint({
    summary:
      'Decide on a finding: a prescriber proceeds with a reason, anyone acknowledges; a block has no override',
    refuses: [
      ...OF_ONE,
      refused.FindingNotFound,
      refused.BlockedBySafetyRule,
      refused.DecisionDoesNotFit,
      refused.DecisionNeedsPrescriber,
      refused.DecisionReasonMissing,
    ],
    changes: true,
  })
  decide(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('findingKey') findingKey: string,
    @Body() body: DecideFinding,
  ): Promise<ConsultationView> {
    return this.decisions.decide(actor, id, findingKey, body);
  }

  @Post('consultations/:id/consents')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Record a consent the patient signed: to the treatment, or to off-label use in an area',
    refuses: [
      ...OF_ONE,
      refused.ConsentAreaMismatch,
      refused.ConsentTextMissing,
      refused.ConsentTextUnknown,
      refused.ConsentTextDiffers,
      UnknownArea,
    ],
    changes: true,
  })
  consent(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: GiveConsent,
  ): Promise<ConsultationView> {
    return this.decisions.consent(actor, id, body);
  }

  @Post('consultations/:id/clear')
  @HttpCode(200)
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Clear the patient for treatment',
    refuses: [
      ...OF_ONE,
      refused.PlanMissing,
      refused.BlockedBySafetyRule,
      refused.DecisionMissing,
      refused.AcknowledgementMissing,
      refused.PrescriberMissing,
      refused.FaceToFaceImpossible,
      refused.DecisionNeedsPrescriber,
    ],
    changes: true,
    versioned: true,
  })
  clear(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ClearConsultation,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.clearances.clear(actor, id, body, read);
  }

  @Post('consultations/:id/decline')
  @HttpCode(200)
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Conclude without clearing: deferred or unsuitable, with a reason',
    refuses: [...OF_ONE, refused.DecisionReasonMissing],
    changes: true,
    versioned: true,
  })
  decline(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: DeclineConsultation,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.clearances.decline(actor, id, body, read);
  }
}
