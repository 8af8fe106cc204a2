import { Endpoint, IdPipe, PageQuery } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientNotHere } from '../../domain/privacy.errors.js';
import { TrailService } from '../trail.service.js';
import { AnchorAnswer, AuditEventPage, FindAuditEvents, LookPage } from './trail.dto.js';

@ApiTags('privacy')
@Controller()
export class TrailController {
  constructor(private readonly trail: TrailService) {}

  @Get('audit-events')
  @Requires('audit:read')
  @Endpoint({ summary: 'Look through who did and saw what, newest first' })
  find(@CurrentActor() actor: RequestActor, @Query() query: FindAuditEvents): Promise<AuditEventPage> {
    return this.trail.find(actor, query);
  }

  @Get('audit-anchor')
  @Requires('audit:read')
  @Endpoint({ summary: 'The newest seal of the audit trail, to be kept elsewhere' })
  anchor(@CurrentActor() actor: RequestActor): Promise<AnchorAnswer> {
    return this.trail.anchor(actor);
  }

  @Get('patients/:id/looks')
  @Requires('audit:read')
  @Endpoint({ summary: 'Who looked at this patient’s record, in plain words', refuses: [PatientNotHere] })
  looks(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<LookPage> {
    return this.trail.looks(actor, id, query);
  }
}
