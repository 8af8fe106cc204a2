import { UnknownArea, UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { NotADose } from '../../domain/dose/dose.errors.js';
import { TemplateNameTaken, TemplateNotFound } from '../../domain/drafts.errors.js';
import { TemplatesService } from '../templates.service.js';
import { KeepTemplate, ListTemplates, TemplatePage, TemplateView } from './template.dto.js';

const OF_POINTS = [TemplateNameTaken, UnknownArea, UnknownProduct, NotADose];

@ApiTags('treatments')
@Controller('treatment-templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @Requires('treatments:record')
  @Endpoint({ summary: 'List your own templates, oldest first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListTemplates): Promise<TemplatePage> {
    return this.templates.list(actor, query);
  }

  @Get(':id')
  @Requires('treatments:record')
  @Endpoint({ summary: 'Read one of your own templates', refuses: [TemplateNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<TemplateView> {
    return this.templates.read(actor, id);
  }

  @Post()
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Keep your usual points under a name, to fill drafts with',
    refuses: OF_POINTS,
    changes: true,
  })
  add(@CurrentActor() actor: RequestActor, @Body() body: KeepTemplate): Promise<TemplateView> {
    return this.templates.add(actor, body);
  }

  @Put(':id')
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Replace name and points of a template',
    refuses: [TemplateNotFound, ...OF_POINTS],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: KeepTemplate,
    @IfMatch() read: number | undefined,
  ): Promise<TemplateView> {
    return this.templates.change(actor, id, body, read);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('treatments:record')
  @Endpoint({ summary: 'Remove a template', refuses: [TemplateNotFound], changes: true })
  remove(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.templates.remove(actor, id);
  }
}
