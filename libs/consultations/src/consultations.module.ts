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
import { ConsentTextsRepository } from './consents/consent-texts.repository.js';
import { ConsentTextsService } from './consents/consent-texts.service.js';
import { ConsentTextsController } from './consents/http/consent-texts.controller.js';
import { ConsultationsController } from './http/consultations.controller.js';
import { ChartingPolicyRepository } from './policy/charting-policy.repository.js';
import { ChartingPolicyService } from './policy/charting-policy.service.js';
import { ChartingPolicyController } from './policy/http/charting-policy.controller.js';
import { ConsultationRecordsRepository } from './records/consultation-records.repository.js';
import { ConsultationRecordsService } from './records/consultation-records.service.js';
import { ConsultationRecordsController } from './records/http/consultation-records.controller.js';
import { PatientHolds } from './patient-holds.queries.js';
import { ScreeningAlerts } from './screening-alerts.queries.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule],
  controllers: [
    ConsultationsController,
    ConsultationRecordsController,
    ConsentTextsController,
    ChartingPolicyController,
  ],
  providers: [
    ConsultationsService,
    DecisionsService,
    ClearancesService,
    ConsultationsRepository,
    ConsultationRecordsService,
    ConsultationRecordsRepository,
    ConsentTextsService,
    ConsentTextsRepository,
    ChartingPolicyService,
    ChartingPolicyRepository,
    Assessments,
    PatientHolds,
    ScreeningAlerts,
    ConsultationsTimeline,
  ],
  exports: [ClearancesService, ConsultationRecordsRepository, PatientHolds],
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
