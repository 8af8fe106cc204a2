import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { LotNotFound, LotStatusRefused } from '../../domain/lots.errors.js';
import * as refused from '../domain/lot-recall.errors.js';
import { LotRecallsService } from '../lot-recalls.service.js';
import { LotTraceService } from '../lot-trace.service.js';
import {
  CloseLotRecall,
  ContactRecallPatient,
  FindLotRecalls,
  FindRecallPatients,
  LotRecallPage,
  LotRecallView,
  OpenLotRecall,
  RecallPatientPage,
} from './lot-recall.dto.js';
import { LotTraceView, TraceLot } from './lot-trace.dto.js';

@ApiTags('lot recalls')
@Controller()
export class LotRecallsController {
  constructor(
    private readonly recalls: LotRecallsService,
    private readonly trace: LotTraceService,
  ) {}

  @Get('lots/:id/trace')
  @Requires('lot-recalls:manage')
  @Endpoint({
    summary: 'Everybody who had a lot: patients, treatments, injections and units',
    refuses: [LotNotFound],
  })
  readTrace(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: TraceLot,
  ): Promise<LotTraceView> {
    return this.trace.read(actor, id, query);
  }

  @Post('lots/:id/recall')
  @Requires('lot-recalls:manage')
  @Endpoint({
    summary: 'Recall a lot for good: charting refuses it from now on, and a case keeps who was told',
    refuses: [LotNotFound, LotStatusRefused],
    changes: true,
  })
  open(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: OpenLotRecall,
  ): Promise<LotRecallView> {
    return this.recalls.open(actor, id, body);
  }

  @Get('lot-recalls')
  @Requires('lot-recalls:contact')
  @Endpoint({ summary: 'List the recalls, newest first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindLotRecalls): Promise<LotRecallPage> {
    return this.recalls.list(actor, query);
  }

  @Get('lot-recalls/:id')
  @Requires('lot-recalls:contact')
  @Endpoint({
    summary: 'Read a recall: how many were told, tried, and are outstanding',
    refuses: [refused.LotRecallNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<LotRecallView> {
    return this.recalls.read(actor, id);
  }

  @Get('lot-recalls/:id/patients')
  @Requires('lot-recalls:contact')
  @Endpoint({
    summary: 'Who has to be told and how to reach them, by patient number',
    refuses: [refused.LotRecallNotFound],
  })
  patients(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindRecallPatients,
  ): Promise<RecallPatientPage> {
    return this.recalls.patients(actor, id, query);
  }

  @Get('lot-recalls/:id/patients.csv')
  @Requires('lot-recalls:manage')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="lot-recall.csv"')
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  @Endpoint({
    summary: 'The whole list of a recall with units, areas and contacts, as CSV',
    refuses: [refused.LotRecallNotFound],
  })
  file(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<string> {
    return this.recalls.file(actor, id);
  }

  @Post('lot-recalls/:id/contacts')
  @Requires('lot-recalls:contact')
  @Endpoint({
    summary: 'Record an attempt to tell a patient, and what came of it',
    refuses: [refused.LotRecallNotFound, refused.LotRecallClosed, refused.PatientNotInRecall],
    changes: true,
  })
  contact(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ContactRecallPatient,
  ): Promise<LotRecallView> {
    return this.recalls.contact(actor, id, body);
  }

  @Post('lot-recalls/:id/close')
  @HttpCode(200)
  @Requires('lot-recalls:manage')
  @Endpoint({
    summary: 'Close a recall, with a reason',
    refuses: [refused.LotRecallNotFound, refused.LotRecallClosed],
    changes: true,
    versioned: true,
  })
  close(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: CloseLotRecall,
    @IfMatch() read: number | undefined,
  ): Promise<LotRecallView> {
    return this.recalls.close(actor, id, reason, read);
  }
}
