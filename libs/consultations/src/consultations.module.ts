import { CatalogueModule } from '#catalogue';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { DeskAlertsPort, SchedulingModule } from '#scheduling';
import { Module, type OnModuleInit } from '@nestjs/common';

import { Assessments } from './assessments.js';
import { ClearancesService } from './clearances.service.js';
import { ConsultationsRepository } from './consultations.repository.js';
import { ConsultationsTimeline } from './consultations.timeline.js';
import { ConsultationsService } from './consultations.service.js';
import { DecisionsService } from './decisions.service.js';
import { ConsultationsController } from './http/consultations.controller.js';
import { PatientHolds } from './patient-holds.queries.js';
import { ScreeningAlerts } from './screening-alerts.queries.js';

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
    ScreeningAlerts,
    ConsultationsTimeline,
  ],
  exports: [ClearancesService, PatientHolds],
})
export class ConsultationsModule implements OnModuleInit {
  constructor(
    private readonly desk: DeskAlertsPort,
    private readonly screening: ScreeningAlerts,
  ) {}

  onModuleInit(): void {
    this.desk.subscribe((tx, visits) => this.screening.of(tx, visits));
  }
}
