import { UnknownArea } from '#catalogue';
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
import {
  PhotoAlreadyKept,
  PhotoNotFound,
  PhotoUseAllowedAlready,
  PhotoUseNotAllowed,
  PhotoVisitNotFound,
} from '../domain/photos.errors.js';
import { PhotosService } from '../photos.service.js';
import {
  AddPhoto,
  CorrectPhoto,
  ListPhotos,
  PhotoConsent,
  PhotoPage,
  PhotoView,
  ShowPhoto,
  WithdrawPhotoConsent,
} from './photo.dto.js';

const MOST_BYTES = 25 * 1024 * 1024;

@ApiTags('photos')
@Controller()
export class PhotosController {
  constructor(private readonly photos: PhotosService) {}

  @Post('patients/:id/photos')
  @Requires('photos:record')
  @TakesFile(AddPhoto, MOST_BYTES)
  @Endpoint({
    summary: 'Keep a photo (JPEG, PNG or WebP): upright, without what the camera wrote into it',
    refuses: [
      ...OF_KEEPING_A_FILE,
      PhotoAlreadyKept,
      PhotoVisitNotFound,
      UnknownArea,
      RecordedDateImpossible,
    ],
    changes: true,
  })
  add(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddPhoto,
    @Upload() file: UploadedFile,
  ): Promise<PhotoView> {
    return this.photos.add(actor, id, body, file);
  }

  @Get('patients/:id/photos')
  @Requires('charts:read')
  @Endpoint({ summary: 'Photos of a patient, newest first', refuses: [PatientNotFound] })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ListPhotos,
  ): Promise<PhotoPage> {
    return this.photos.list(actor, id, query);
  }

  @Get('photos/:id/file')
  @Requires('charts:read')
  @ApiProduces('image/jpeg', 'image/png', 'image/webp')
  @Endpoint({
    summary: 'The picture itself, for a use the patient agreed to',
    refuses: [PhotoNotFound, PhotoUseNotAllowed, ...OF_SHOWING_A_FILE],
  })
  async show(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ShowPhoto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    return sendFile(reply, await this.photos.show(actor, id, query, heldHash(request)));
  }

  @Post('photos/:id/consents')
  @Requires('photos:record')
  @Endpoint({
    summary: 'The patient agrees to uses of a photo',
    refuses: [PhotoNotFound, PhotoUseAllowedAlready, RecordedDateImpossible],
    changes: true,
  })
  allow(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: PhotoConsent,
  ): Promise<PhotoView> {
    return this.photos.allow(actor, id, body);
  }

  @Post('photos/:id/withdraw-consent')
  @HttpCode(200)
  @Requires('photos:record')
  @Endpoint({
    summary: 'The patient no longer agrees to a use: it is not shown for it from now on',
    refuses: [PhotoNotFound, PhotoUseNotAllowed],
    changes: true,
  })
  withdraw(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { use }: WithdrawPhotoConsent,
  ): Promise<PhotoView> {
    return this.photos.withdraw(actor, id, use);
  }

  @Post('photos/:id/correct')
  @HttpCode(200)
  @Requires('photos:record')
  @Endpoint({
    summary: 'Mark a photo as entered in error: it is no longer shown',
    refuses: [PhotoNotFound, AlreadyEnteredInError],
    changes: true,
    versioned: true,
  })
  correct(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: CorrectPhoto,
    @IfMatch() read: number | undefined,
  ): Promise<PhotoView> {
    return this.photos.correct(actor, id, reason, read);
  }
}
