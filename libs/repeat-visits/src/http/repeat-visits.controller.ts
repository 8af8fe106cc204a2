import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AssessedBeforeTreatment } from '../domain/repeat-visits.errors.js';
import { DuePatientsService } from '../due-patients.service.js';
import { RepeatVisitsService } from '../repeat-visits.service.js';
import { WhatIfService } from '../what-if/what-if.service.js';
import { ForecastRequest, ForecastView } from './forecast.dto.js';
import { AssessedOn, DuePage, FindDue, RepeatVisitsView } from './repeat-visits.dto.js';

@ApiTags('repeat-visits')
@Controller()
export class RepeatVisitsController {
  constructor(
    private readonly repeatVisits: RepeatVisitsService,
    private readonly duePatients: DuePatientsService,
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

  @Get('repeat-visits/due')
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'Patients past due, due or lapsed, each once with all their areas, nearest to the day first',
    description:
      'Past due first (just missed first), then due (ending soonest first), then lapsed (just lapsed first). ' +
      'A page may be shorter than `limit` while `next` is not null.',
    refuses: [CatalogueNotPublished],
  })
  due(@CurrentActor() actor: RequestActor, @Query() query: FindDue): Promise<DuePage> {
    return this.duePatients.due(actor, query);
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
