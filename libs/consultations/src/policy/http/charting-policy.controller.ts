import { Endpoint, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  PolicyBelowMarket,
  QuestionnaireNotFound,
  UnknownQuestion,
} from '../../domain/consultations.errors.js';
import { FindQuestionnaire } from '../../http/assessment.dto.js';
import { QuestionnaireView } from '../../http/consultation.view.js';
import { ChartingPolicyService } from '../charting-policy.service.js';
import { ChartingPolicyView, SetChartingPolicy } from './charting-policy.dto.js';

@ApiTags('consultations')
@Controller()
export class ChartingPolicyController {
  constructor(private readonly policies: ChartingPolicyService) {}

  @Get('screening-questionnaire')
  @Requires('charts:read')
  @Endpoint({
    summary:
      'The screening questions with their answers and how long an answer holds here, and the severity scales',
    refuses: [QuestionnaireNotFound],
  })
  questionnaire(
    @CurrentActor() actor: RequestActor,
    @Query() query: FindQuestionnaire,
  ): Promise<QuestionnaireView> {
    return this.policies.questionnaire(actor, query);
  }

  @Get('charting-policy')
  @Requires('catalogue:read')
  @Endpoint({ summary: 'What the clinic asks before treating: shelf lives, cooling-off, meeting in person' })
  read(@CurrentActor() actor: RequestActor): Promise<ChartingPolicyView> {
    return this.policies.read(actor);
  }

  @Put('charting-policy')
  @Requires('consultations:set-up')
  @Endpoint({
    summary: 'Ask more than the market does; a new version, the old ones stay',
    refuses: [UnknownQuestion, PolicyBelowMarket],
    changes: true,
    versioned: true,
  })
  set(
    @CurrentActor() actor: RequestActor,
    @Body() body: SetChartingPolicy,
    @IfMatch() read: number | undefined,
  ): Promise<ChartingPolicyView> {
    return this.policies.set(actor, body, read);
  }
}
