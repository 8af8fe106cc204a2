import { UnknownArea } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { ConsentAreaMismatch, ConsentTextDiffers } from '../../domain/consultations.errors.js';
import { ConsentTextsService } from '../consent-texts.service.js';
import {
  ConsentTextPage,
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
