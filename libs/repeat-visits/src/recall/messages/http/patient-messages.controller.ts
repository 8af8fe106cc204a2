import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientMessagesService } from '../patient-messages.service.js';
import { FindPatientMessages, FindPreview, MessagePage, MessagePreview } from './messages.dto.js';

@ApiTags('recall')
@Controller('patients/:id/recall')
export class PatientMessagesController {
  constructor(private readonly messages: PatientMessagesService) {}

  @Get('messages')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'Recall messages to a patient, the newest first, and what became of each',
    refuses: [PatientNotFound],
  })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindPatientMessages,
  ): Promise<MessagePage> {
    return this.messages.list(actor, id, query);
  }

  @Get('message-preview')
  @Requires('recall:message')
  @Endpoint({
    summary: 'What a recall message to a patient would say now, or why there would be none',
    refuses: [PatientNotFound, CatalogueNotPublished],
  })
  preview(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindPreview,
  ): Promise<MessagePreview> {
    return this.messages.preview(actor, id, query);
  }
}
