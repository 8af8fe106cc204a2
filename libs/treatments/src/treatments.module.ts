import { CatalogueModule } from '#catalogue';
import { ConsultationsModule } from '#consultations';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { AppointmentEventsPort, SchedulingModule, VisitTreated } from '#scheduling';
import { Module, type OnModuleInit } from '@nestjs/common';

import { AdverseEvents } from './adverse-events/active-adverse-events.queries.js';
import { AdverseEventsPort } from './adverse-events/adverse-events.port.js';
import { Charts } from './charts.js';
import { CorrectionsService } from './corrections.service.js';
import { LotsController } from './http/lots.controller.js';
import { TreatmentsController } from './http/treatments.controller.js';
import { LotsRepository } from './lots.repository.js';
import { LotsService } from './lots.service.js';
import { SigningRules } from './signing-rules.js';
import { SigningService } from './signing.service.js';
import { TreatmentEvents } from './treatment-events.port.js';
import { TreatmentHistory } from './treatment-history.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';
import { TreatmentsService } from './treatments.service.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule, ConsultationsModule],
  controllers: [TreatmentsController, LotsController],
  providers: [
    TreatmentsService,
    SigningService,
    SigningRules,
    CorrectionsService,
    LotsService,
    TreatmentsRepository,
    LotsRepository,
    Charts,
    TreatmentEvents,
    TreatmentHistory,
    AdverseEvents,
    AdverseEventsPort,
  ],
  exports: [TreatmentEvents, TreatmentHistory, TreatmentsService, AdverseEvents, AdverseEventsPort],
})
export class TreatmentsModule implements OnModuleInit {
  constructor(
    private readonly appointments: AppointmentEventsPort,
    private readonly history: TreatmentHistory,
  ) {}

  /** A visit in which somebody was treated did take place: its record is withdrawn first. */
  onModuleInit(): void {
    this.appointments.subscribe(async (tx, { verb, patientId, appointmentId }) => {
      if (verb !== 'enter-in-error') return;
      const treatmentIds = await this.history.signedIn(tx, patientId, appointmentId);
      if (treatmentIds.length > 0) throw new VisitTreated({ appointmentId, treatmentIds });
    });
  }
}
