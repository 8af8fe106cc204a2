import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import type { MessageLanguage } from '#messages';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { RecallTemplateUnfit } from '../../domain/recall.errors.js';
import { MessageTemplatesService } from '../message-templates.service.js';
import { LanguagePipe } from './language.pipe.js';
import { RecallTemplateList, RecallTemplateView, WriteRecallTemplate } from './templates.dto.js';

@ApiTags('recall')
@Controller('repeat-visits/message-templates')
export class TemplatesController {
  constructor(private readonly templates: MessageTemplatesService) {}

  @Get()
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'The words of recall messages in every language: the clinic’s own, else the built-in ones',
  })
  list(@CurrentActor() actor: RequestActor): Promise<RecallTemplateList> {
    return this.templates.list(actor);
  }

  @Put(':language')
  @Requires('clinic:set-up')
  @Endpoint({
    summary: 'Write the clinic’s own words for recall messages in a language: a new version',
    description:
      'A prescription-only medicine is not advertised: words that name one, or that promote, are refused.',
    refuses: [RecallTemplateUnfit, CatalogueNotPublished],
    changes: true,
    versioned: true,
  })
  write(
    @CurrentActor() actor: RequestActor,
    @Param('language', LanguagePipe) language: MessageLanguage,
    @Body() body: WriteRecallTemplate,
    @IfMatch() read: number | undefined,
  ): Promise<RecallTemplateView> {
    return this.templates.write(actor, language, body, read);
  }
}
