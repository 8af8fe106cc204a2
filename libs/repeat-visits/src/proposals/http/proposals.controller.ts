import { CatalogueNotPublished } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { PatientNotFound } from '#patients';
import { AppointmentTypeNotFound, LocationNotFound } from '#scheduling';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AssessedBeforeTreatment } from '../../domain/repeat-visits.errors.js';
import { ProposalsService } from '../proposals.service.js';
import { FindProposals, PatientProposalsView } from './proposals.dto.js';

@ApiTags('repeat-visits')
@Controller('patients/:id/repeat-visits/proposals')
export class ProposalsController {
  constructor(private readonly proposals: ProposalsService) {}

  @Get()
  @Requires('repeat-visits:read')
  @Endpoint({
    summary: 'The fewest visits for everything a patient is to come for, with free times inside each',
    refuses: [
      PatientNotFound,
      AssessedBeforeTreatment,
      LocationNotFound,
      AppointmentTypeNotFound,
      StaffNotFound,
      CatalogueNotPublished,
    ],
  })
  ofPatient(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindProposals,
  ): Promise<PatientProposalsView> {
    return this.proposals.ofPatient(actor, id, query);
  }
}
