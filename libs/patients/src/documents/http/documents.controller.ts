import { Endpoint, heldHash, IdPipe, IfMatch, sendFile, TakesFile, Upload, type UploadedFile } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { PatientNotFound, RecordedDateImpossible } from '../../domain/patients.errors.js';
import { OF_KEEPING_A_FILE, OF_SHOWING_A_FILE } from '../../files/file-refusals.js';
import { AlreadyEnteredInError } from '../../health/domain/health.errors.js';
import { DocumentNotFound } from '../documents.errors.js';
import { DocumentsService } from '../documents.service.js';
import { AddDocument, CorrectDocument, DocumentPage, DocumentView, ListDocuments } from './document.dto.js';

const MOST_BYTES = 20 * 1024 * 1024;

@ApiTags('documents')
@Controller()
export class DocumentsController {
  constructor(private readonly documents: DocumentsService) {}

  @Post('patients/:id/documents')
  @Requires('patients:write')
  @TakesFile(AddDocument, MOST_BYTES)
  @Endpoint({
    summary: 'Keep a document (PDF) or a scan (JPEG, PNG, WebP); clinical ones need charts:read',
    refuses: [...OF_KEEPING_A_FILE, RecordedDateImpossible],
    changes: true,
  })
  add(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddDocument,
    @Upload() file: UploadedFile,
  ): Promise<DocumentView> {
    return this.documents.add(actor, id, body, file);
  }

  @Get('patients/:id/documents')
  @Requires('patients:read')
  @Endpoint({
    summary: 'Documents of a patient, newest first; clinical ones for who may read charts',
    refuses: [PatientNotFound],
  })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ListDocuments,
  ): Promise<DocumentPage> {
    return this.documents.list(actor, id, query);
  }

  @Get('documents/:id/file')
  @Requires('patients:read')
  @ApiProduces('application/pdf', 'image/jpeg', 'image/png', 'image/webp')
  @Endpoint({
    summary: 'The document itself',
    refuses: [DocumentNotFound, ...OF_SHOWING_A_FILE],
  })
  async show(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    return sendFile(reply, await this.documents.show(actor, id, heldHash(request)));
  }

  @Post('documents/:id/correct')
  @HttpCode(200)
  @Requires('patients:write')
  @Endpoint({
    summary: 'Mark a document as entered in error: it is no longer shown',
    refuses: [DocumentNotFound, AlreadyEnteredInError],
    changes: true,
    versioned: true,
  })
  correct(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: CorrectDocument,
    @IfMatch() read: number | undefined,
  ): Promise<DocumentView> {
    return this.documents.correct(actor, id, reason, read);
  }
}
