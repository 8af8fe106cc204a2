import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { RecallBatchNotFound } from '../../domain/recall.errors.js';
import { MessageAskingService } from '../message-asking.service.js';
import { MessageBatchesService } from '../message-batches.service.js';
import {
  AskedBatchView,
  BatchPage,
  BatchView,
  FindBatches,
  FindMessages,
  MessagePage,
  SendMessages,
} from './messages.dto.js';

@ApiTags('recall')
@Controller('repeat-visits')
export class MessagesController {
  constructor(
    private readonly batches: MessageBatchesService,
    private readonly asking: MessageAskingService,
  ) {}

  @Post('messages')
  @Requires('recall:message')
  @Endpoint({
    summary: 'Send recall messages to patients by name, or to the first of the filtered recall list',
    description:
      'By e-mail, in the patient’s language and the clinic’s own words. Each patient is judged now and again when the message ' +
      'is sent: whoever is not due, may not be asked, did not agree, or was contacted lately gets nothing, and the message ' +
      'says why. In quiet hours, and while a colleague calls, messages wait.',
    refuses: [PatientNotFound, CatalogueNotPublished],
    changes: true,
  })
  ask(@CurrentActor() actor: RequestActor, @Body() body: SendMessages): Promise<AskedBatchView> {
    return this.asking.ask(actor, body);
  }

  @Get('message-batches')
  @Requires('recall:message')
  @Endpoint({
    summary: 'Recall messages asked for at once or by night, the newest first, with how far they have come',
  })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindBatches): Promise<BatchPage> {
    return this.batches.list(actor, query);
  }

  @Get('message-batches/:id')
  @Requires('recall:message')
  @Endpoint({ summary: 'How far the messages of a batch have come', refuses: [RecallBatchNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<BatchView> {
    return this.batches.read(actor, id);
  }

  @Get('message-batches/:id/messages')
  @Requires('recall:message')
  @Endpoint({ summary: 'The messages of a batch, and what became of each', refuses: [RecallBatchNotFound] })
  messages(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindMessages,
  ): Promise<MessagePage> {
    return this.batches.messagesOf(actor, id, query);
  }

  @Post('message-batches/:id/stop')
  @HttpCode(200)
  @Requires('recall:message')
  @Endpoint({
    summary: 'Stop the messages of a batch that still wait; what was sent was sent',
    refuses: [RecallBatchNotFound],
    changes: true,
  })
  stop(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<BatchView> {
    return this.batches.stop(actor, id);
  }
}
