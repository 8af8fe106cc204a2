import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { TreatmentNotFound } from '../../domain/treatments.errors.js';
import { AdverseEventsService } from '../adverse-events.service.js';
import * as refused from '../domain/adverse-events.errors.js';
import {
  DescribeAdverseEvent,
  ExplainAdverseEvent,
  FindAdverseEvents,
  RecordAdverseEvent,
  ResolveAdverseEvent,
} from './adverse-event.dto.js';
import { AdverseEventPage, AdverseEventTerms, AdverseEventView } from './adverse-event.view.js';

const OF_CONTENT = [
  refused.AdverseEventUnnamed,
  refused.AdverseEventTermUnknown,
  refused.OnsetBeforeTreatment,
  refused.OnsetInFuture,
];
const OF_STEP = [refused.AdverseEventNotFound, refused.AdverseEventStatusRefused];

@ApiTags('adverse events')
@Controller()
export class AdverseEventsController {
  constructor(private readonly events: AdverseEventsService) {}

  @Get('adverse-event-terms')
  @Requires('catalogue:read')
  @Endpoint({ summary: 'The catalogue’s list of adverse events, with their typical onset' })
  terms(@CurrentActor() actor: RequestActor): Promise<AdverseEventTerms> {
    return this.events.terms(actor);
  }

  @Post('adverse-events')
  @Requires('adverse-events:record')
  @Endpoint({
    summary: 'Record an adverse event of a treatment; opens the tasks that follow from it',
    refuses: [
      TreatmentNotFound,
      refused.AdverseEventOfDraft,
      refused.InjectionNotOfTreatment,
      refused.ResolvedBeforeOnset,
      ...OF_CONTENT,
    ],
    changes: true,
  })
  record(@CurrentActor() actor: RequestActor, @Body() body: RecordAdverseEvent): Promise<AdverseEventView> {
    return this.events.record(actor, body);
  }

  @Get('adverse-events')
  @Requires('charts:read')
  @Endpoint({ summary: 'List adverse events, newest first, of one patient or all' })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindAdverseEvents): Promise<AdverseEventPage> {
    return this.events.list(actor, query);
  }

  @Get('adverse-events/:id')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Read an adverse event with its lots, tasks and versions',
    refuses: [refused.AdverseEventNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<AdverseEventView> {
    return this.events.read(actor, id);
  }

  @Put('adverse-events/:id')
  @Requires('adverse-events:record')
  @Endpoint({
    summary: 'Change what is known of an active adverse event',
    refuses: [...OF_STEP, ...OF_CONTENT],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: DescribeAdverseEvent,
    @IfMatch() read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.events.change(actor, id, body, read);
  }

  @Post('adverse-events/:id/resolve')
  @HttpCode(200)
  @Requires('adverse-events:record')
  @Endpoint({
    summary: 'Resolve an adverse event: it is over',
    refuses: [...OF_STEP, refused.OnsetInFuture, refused.ResolvedBeforeOnset],
    changes: true,
    versioned: true,
  })
  resolve(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ResolveAdverseEvent,
    @IfMatch() read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.events.resolve(actor, id, body, read);
  }

  @Post('adverse-events/:id/reopen')
  @HttpCode(200)
  @Requires('adverse-events:record')
  @Endpoint({
    summary: 'Open a resolved adverse event again',
    refuses: OF_STEP,
    changes: true,
    versioned: true,
  })
  reopen(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ExplainAdverseEvent,
    @IfMatch() read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.events.correct(actor, id, 'reopen', reason, read);
  }

  @Post('adverse-events/:id/enter-in-error')
  @HttpCode(200)
  @Requires('adverse-events:record')
  @Endpoint({
    summary:
      'Take an adverse event back: it stays readable, counts no more, and its open tasks are cancelled',
    refuses: OF_STEP,
    changes: true,
    versioned: true,
  })
  enterInError(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ExplainAdverseEvent,
    @IfMatch() read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.events.correct(actor, id, 'enter-in-error', reason, read);
  }
}
