import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AssessedBeforeTreatment } from '../domain/repeat-visits.errors.js';
import { RepeatVisitsService } from '../repeat-visits.service.js';
import { WhatIfService } from '../what-if/what-if.service.js';
import { ForecastRequest, ForecastView } from './forecast.dto.js';
import { AssessedOn, RepeatVisitsView } from './repeat-visits.dto.js';

@ApiTags('repeat-visits')
@Controller()
export class RepeatVisitsController {
  constructor(
    private readonly repeatVisits: RepeatVisitsService,
    private readonly whatIf: WhatIfService,
  ) {}

  @Get('patients/:id/repeat-visits')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'When each treated area of a patient may and should be treated again, and why',
    refuses: [PatientNotFound, AssessedBeforeTreatment, CatalogueNotPublished],
  })
  ofPatient(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() { assessedOn }: AssessedOn,
  ): Promise<RepeatVisitsView> {
    return this.repeatVisits.ofPatient(actor, id, assessedOn);
  }

  @Post('repeat-visits/forecast')
  @HttpCode(200)
  @Requires('repeat-visits:read')
  @Endpoint({
    summary:
      'Calculate windows for doses of nobody, or up to 1,000 histories, by the published figures of a market',
    refuses: [AssessedBeforeTreatment, CatalogueNotPublished],
  })
  forecast(@CurrentActor() actor: RequestActor, @Body() body: ForecastRequest): Promise<ForecastView> {
    return this.whatIf.forecast(actor, body);
  }
}
