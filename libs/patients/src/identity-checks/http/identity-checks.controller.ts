import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientMerged, PatientNotFound, RecordedDateImpossible } from '../../domain/patients.errors.js';
import { AlreadyEnteredInError } from '../../health/domain/health.errors.js';
import { IdentityCheckNotFound } from '../identity-check.errors.js';
import { IdentityChecksService } from '../identity-checks.service.js';
import {
  CorrectIdentityCheck,
  IdentityCheckList,
  IdentityCheckView,
  RecordIdentityCheck,
} from './identity-check.dto.js';

@ApiTags('patients')
@Controller('patients/:id/identity-checks')
export class IdentityChecksController {
  constructor(private readonly checks: IdentityChecksService) {}

  @Get()
  @Requires('patients:read')
  @Endpoint({ summary: 'How it was made sure who a patient is and how old', refuses: [PatientNotFound] })
  list(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<IdentityCheckList> {
    return this.checks.list(actor, id);
  }

  @Post()
  @Requires('patients:write')
  @Endpoint({
    summary: 'Record how identity or age were proved',
    refuses: [PatientNotFound, PatientMerged, RecordedDateImpossible],
    changes: true,
  })
  add(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RecordIdentityCheck,
  ): Promise<IdentityCheckView> {
    return this.checks.add(actor, id, body);
  }

  @Post(':checkId/correct')
  @HttpCode(200)
  @Requires('patients:write')
  @Endpoint({
    summary: 'Mark a proof as entered in error',
    refuses: [PatientNotFound, PatientMerged, IdentityCheckNotFound, AlreadyEnteredInError],
    changes: true,
    versioned: true,
  })
  correct(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('checkId', IdPipe) checkId: string,
    @Body() body: CorrectIdentityCheck,
    @IfMatch() read: number | undefined,
  ): Promise<IdentityCheckView> {
    return this.checks.correct(actor, id, checkId, body, read);
  }
}
