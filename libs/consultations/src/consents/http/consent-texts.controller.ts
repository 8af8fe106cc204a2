import { UnknownArea } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  ConsentAreaMismatch,
  ConsentTextDiffers,
  ConsentTextNotFound,
} from '../../domain/consultations.errors.js';
import { ConsentTextsService } from '../consent-texts.service.js';
import {
  ConsentTextPage,
  ConsentTextView,
  FindConsentTexts,
  KeepConsentText,
  KeptConsentTextView,
} from './consent-text.dto.js';

@ApiTags('consultations')
@Controller('consent-texts')
export class ConsentTextsController {
  constructor(private readonly texts: ConsentTextsService) {}

  @Get()
  @Requires('catalogue:read')
  @Endpoint({ summary: 'List the texts patients sign, newest first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindConsentTexts): Promise<ConsentTextPage> {
    return this.texts.list(actor, query);
  }

  @Get(':id')
  @Requires('catalogue:read')
  @Endpoint({ summary: 'Read the text a consent names', refuses: [ConsentTextNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ConsentTextView> {
    return this.texts.read(actor, id);
  }

  @Post()
  @Requires('consultations:set-up')
  @Endpoint({
    summary: 'Keep a version of a text for consents to come; sent again it is the same one',
    refuses: [ConsentAreaMismatch, UnknownArea, ConsentTextDiffers],
    changes: true,
  })
  keep(@CurrentActor() actor: RequestActor, @Body() body: KeepConsentText): Promise<KeptConsentTextView> {
    return this.texts.keep(actor, body);
  }
}
