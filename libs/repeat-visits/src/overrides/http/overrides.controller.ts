import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientLeftCare, PatientMerged, PatientNotFound } from '#patients';
import { Body, Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AreaNeverTreated, OverrideNotFound, OverrideTooEarly } from '../../domain/repeat-visits.errors.js';
import { OverridesService } from '../overrides.service.js';
import { DecideOverride, OverrideView } from './override.dto.js';

@ApiTags('repeat-visits')
@Controller('patients/:id/repeat-visits/:area/override')
export class OverridesController {
  constructor(private readonly overrides: OverridesService) {}

  @Put()
  @Requires('repeat-visits:decide')
  @Endpoint({
    summary: 'Put a clinician’s own first day in place of the calculated one, until the next treatment',
    refuses: [PatientNotFound, PatientMerged, PatientLeftCare, AreaNeverTreated, OverrideTooEarly],
    changes: true,
  })
  decide(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('area') area: string,
    @Body() body: DecideOverride,
  ): Promise<OverrideView> {
    return this.overrides.decide(actor, id, area, body);
  }

  @Delete()
  @HttpCode(204)
  @Requires('repeat-visits:decide')
  @Endpoint({
    summary: 'Go back to the calculated dates',
    refuses: [PatientNotFound, OverrideNotFound],
    changes: true,
  })
  withdraw(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('area') area: string,
  ): Promise<void> {
    return this.overrides.withdraw(actor, id, area);
  }
}
