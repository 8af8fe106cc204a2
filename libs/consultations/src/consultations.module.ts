import { CatalogueModule } from '#catalogue';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { SchedulingModule } from '#scheduling';
import { Module } from '@nestjs/common';

import { Assessments } from './assessments.js';
import { ClearancesService } from './clearances.service.js';
import { ConsultationsRepository } from './consultations.repository.js';
import { ConsultationsService } from './consultations.service.js';
import { DecisionsService } from './decisions.service.js';
import { ConsultationsController } from './http/consultations.controller.js';
import { PatientHolds } from './patient-holds.queries.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule],
  controllers: [ConsultationsController],
  providers: [
    ConsultationsService,
    DecisionsService,
    ClearancesService,
    ConsultationsRepository,
    Assessments,
    PatientHolds,
  ],
  exports: [ClearancesService, PatientHolds],
})
export class ConsultationsModule {}
