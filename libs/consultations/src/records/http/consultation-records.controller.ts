import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import * as refused from '../../domain/consultations.errors.js';
import { GiveConsultationReason, SignConsultation } from '../../http/consultation.dto.js';
import { ConsultationView } from '../../http/consultation.view.js';
import { ConsultationRecordsService } from '../consultation-records.service.js';

const OF_RECORD = [
  refused.ConsultationNotFound,
  refused.ConsultationStepRefused,
  refused.ConsultationReasonMissing,
];

@ApiTags('consultations')
@Controller('consultations/:id')
export class ConsultationRecordsController {
  constructor(private readonly records: ConsultationRecordsService) {}

  @Post('sign')
  @HttpCode(200)
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Sign a concluded consultation: answers, plan, consents and clearance never change again',
    refuses: [
      refused.ConsultationNotFound,
      refused.ConsultationNotConcluded,
      refused.ConsultationSigned,
      refused.ConsultationStepRefused,
      refused.ConsultationOfAnother,
    ],
    changes: true,
    versioned: true,
  })
  sign(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SignConsultation,
    @IfMatch() read: number | undefined,
  ): Promise<ConsultationView> {
    return this.records.sign(actor, id, body, read);
  }

  @Post('amend')
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Begin a corrected version; concluded and signed it replaces this one, and both stay readable',
    refuses: [...OF_RECORD, refused.ConsultationOfAnother],
    changes: true,
  })
  amend(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveConsultationReason,
  ): Promise<ConsultationView> {
    return this.records.amend(actor, id, reason);
  }

  @Post('enter-in-error')
  @HttpCode(200)
  @Requires('consultations:record')
  @Endpoint({
    summary: 'Take a consultation back: it stays readable, its answers and its clearance count no more',
    refuses: OF_RECORD,
    changes: true,
  })
  enterInError(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveConsultationReason,
  ): Promise<ConsultationView> {
    return this.records.enterInError(actor, id, reason);
  }
}
