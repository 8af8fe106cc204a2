import { UnknownArea, UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe, PageQuery } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { AsOfInFuture, ReportLocationNotFound } from '../../domain/reports.errors.js';
import { ReportDocumentNotFound, ReportDocumentNotReady } from '../documents.errors.js';
import { DocumentsService } from '../documents.service.js';
import { AskReportDocument, ReportDocumentPage, ReportDocumentView } from './document.dto.js';

// The page needs nothing but itself; what somebody wrote into a name can do nothing in it.
const SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

@ApiTags('reports')
@Controller('reports/documents')
export class ReportDocumentsController {
  constructor(private readonly documents: DocumentsService) {}

  @Post()
  @HttpCode(202)
  @Requires('reports:read')
  @Endpoint({
    summary: 'Ask for a report as a page to print or a table for a spreadsheet; the worker makes it',
    description: 'Kept for a week, for whoever asked. Read it by id for progress and, once done, its link.',
    refuses: [AsOfInFuture, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea],
    changes: true,
  })
  ask(@CurrentActor() actor: RequestActor, @Body() body: AskReportDocument): Promise<ReportDocumentView> {
    return this.documents.ask(actor, body);
  }

  @Get()
  @Requires('reports:read')
  @Endpoint({ summary: 'List the reports one asked for, newest first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: PageQuery): Promise<ReportDocumentPage> {
    return this.documents.list(actor, query);
  }

  @Get(':id')
  @Requires('reports:read')
  @Endpoint({ summary: 'How far a report is, and where it can be read', refuses: [ReportDocumentNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ReportDocumentView> {
    return this.documents.read(actor, id);
  }

  @Get(':id/content')
  @Requires('reports:read')
  @Endpoint({ summary: 'Read a report', refuses: [ReportDocumentNotFound, ReportDocumentNotReady] })
  @ApiOkResponse({
    content: { 'text/html': { schema: { type: 'string' } }, 'text/csv': { schema: { type: 'string' } } },
  })
  async content(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { mediaType, name, text } = await this.documents.content(actor, id);
    await reply
      .headers({
        'content-type': mediaType,
        'content-disposition': `inline; filename="${name}"`,
        'content-security-policy': SEALED,
        'cache-control': 'private, no-store',
      })
      .send(text);
  }
}
