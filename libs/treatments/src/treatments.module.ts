import { CatalogueModule } from '#catalogue';
import { ConsultationsModule } from '#consultations';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { AppointmentEventsPort, SchedulingModule, VisitTreated } from '#scheduling';
import { Module, type OnModuleInit } from '@nestjs/common';

import { AdverseEvents } from './adverse-events/active-adverse-events.queries.js';
import { AdverseEventsPort } from './adverse-events/adverse-events.port.js';
import { AdverseEventsRepository } from './adverse-events/adverse-events.repository.js';
import { AdverseEventsService } from './adverse-events/adverse-events.service.js';
import { AdverseEventsController } from './adverse-events/http/adverse-events.controller.js';
import { Charts } from './charts.js';
import { CorrectionsService } from './corrections.service.js';
import { DeliveriesService } from './stock/deliveries.service.js';
import { LotsController } from './stock/http/lots.controller.js';
import { StockController } from './stock/http/stock.controller.js';
import { TreatmentsController } from './http/treatments.controller.js';
import { LotsRepository } from './stock/lots.repository.js';
import { LotsService } from './stock/lots.service.js';
import { StockQueries } from './stock/stock.queries.js';
import { StockRepository } from './stock/stock.repository.js';
import { StockService } from './stock/stock.service.js';
import { LotRecallsController } from './lot-recall/http/lot-recalls.controller.js';
import { LotRecallsRepository } from './lot-recall/lot-recalls.repository.js';
import { LotRecallsService } from './lot-recall/lot-recalls.service.js';
import { LotTraceQueries } from './lot-recall/lot-trace.queries.js';
import { LotTraceService } from './lot-recall/lot-trace.service.js';
import { SigningRules } from './signing/signing-rules.js';
import { SigningService } from './signing/signing.service.js';
import { ClinicalTasksRepository } from './tasks/clinical-tasks.repository.js';
import { ClinicalTasksService } from './tasks/clinical-tasks.service.js';
import { ClinicalTasksController } from './tasks/http/clinical-tasks.controller.js';
import { BeginningRules } from './beginning-rules.js';
import { DraftsService } from './drafts/drafts.service.js';
import { Filling } from './drafts/filling.js';
import { DraftsController } from './drafts/http/drafts.controller.js';
import { RecordCheck } from './record/record-check.js';
import { TemplatesController } from './templates/http/templates.controller.js';
import { TemplatesRepository } from './templates/templates.repository.js';
import { TemplatesService } from './templates/templates.service.js';
import { TouchUpApprovalsPort } from './touch-ups/touch-up-approvals.port.js';
import { TouchUpRules } from './touch-ups/touch-up-rules.js';
import { TreatmentEvents } from './treatment-events.port.js';
import { TreatmentHistory } from './treatment-history.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';
import { TreatmentsTimeline } from './treatments.timeline.js';
import { TreatmentsService } from './treatments.service.js';
import { ChartedVials } from './vials/charted-vials.js';
import { VialsController } from './vials/http/vials.controller.js';
import { OpeningService } from './vials/opening.service.js';
import { VialsRepository } from './vials/vials.repository.js';
import { VialsService } from './vials/vials.service.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule, ConsultationsModule],
  controllers: [
    TreatmentsController,
    DraftsController,
    TemplatesController,
    LotsController,
    StockController,
    LotRecallsController,
    VialsController,
    AdverseEventsController,
    ClinicalTasksController,
  ],
  providers: [
    TreatmentsService,
    SigningService,
    SigningRules,
    BeginningRules,
    TouchUpApprovalsPort,
    TouchUpRules,
    RecordCheck,
    DraftsService,
    Filling,
    TemplatesService,
    TemplatesRepository,
    CorrectionsService,
    LotsService,
    TreatmentsRepository,
    LotsRepository,
    DeliveriesService,
    StockService,
    StockRepository,
    StockQueries,
    OpeningService,
    VialsService,
    VialsRepository,
    ChartedVials,
    LotRecallsService,
    LotRecallsRepository,
    LotTraceService,
    LotTraceQueries,
    Charts,
    TreatmentEvents,
    TreatmentHistory,
    TreatmentsTimeline,
    AdverseEvents,
    AdverseEventsPort,
    AdverseEventsService,
    AdverseEventsRepository,
    ClinicalTasksService,
    ClinicalTasksRepository,
  ],
  exports: [
    TreatmentEvents,
    TreatmentHistory,
    TreatmentsService,
    TouchUpApprovalsPort,
    AdverseEvents,
    AdverseEventsPort,
  ],
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
