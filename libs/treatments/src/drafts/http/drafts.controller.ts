import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { ReinjectionTooEarly } from '#scheduling';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { TreatmentNotFound } from '../../domain/treatments.errors.js';
import { FillDraft, SaveDraft } from '../../http/treatment.dto.js';
import { TreatmentView } from '../../http/treatment.view.js';
import { OF_DRAFT, OF_FILL, OF_LOTS } from '../../domain/draft-refusals.js';
import { CompletenessView } from '../../record/http/completeness.view.js';
import { RecordCheck } from '../../record/record-check.js';
import { DraftsService } from '../drafts.service.js';

@ApiTags('treatments')
@Controller('treatments/:id')
export class DraftsController {
  constructor(
    private readonly drafts: DraftsService,
    private readonly records: RecordCheck,
  ) {}

  @Put()
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Save the whole draft: points, note and record; answers totals and what the dose guard finds',
    refuses: [...OF_DRAFT, ...OF_LOTS, ReinjectionTooEarly, StaffNotFound],
    changes: true,
    versioned: true,
  })
  save(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SaveDraft,
    @IfMatch() read: number | undefined,
  ): Promise<TreatmentView> {
    return this.drafts.save(actor, id, body, read);
  }

  @Post('fill')
  @HttpCode(200)
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Fill a draft with the points of a template, of an earlier treatment or of the last one',
    refuses: [...OF_DRAFT, ...OF_FILL, ...OF_LOTS, ReinjectionTooEarly],
    changes: true,
    versioned: true,
  })
  fill(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: FillDraft,
    @IfMatch() read: number | undefined,
  ): Promise<TreatmentView> {
    return this.drafts.fill(actor, id, body, read);
  }

  @Get('completeness')
  @Requires('charts:read')
  @Endpoint({
    summary: 'What the record lacks of its 22 fields, where to put it right, and what of it blocks signing',
    refuses: [TreatmentNotFound],
  })
  completeness(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<CompletenessView> {
    return this.records.read(actor, id);
  }
}
