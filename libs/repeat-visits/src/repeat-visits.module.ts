import { CatalogueModule, ProtocolEventsPort } from '#catalogue';
import { ConsultationsModule } from '#consultations';
import { FollowUpsModule } from '#follow-ups';
import { IdentityModule } from '#identity';
import { JobsModule } from '#jobs';
import { MessagesModule } from '#messages';
import { PatientEventsPort, PatientsModule } from '#patients';
import { DeskAlertsPort, SchedulingModule, TreatmentWindowsPort } from '#scheduling';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { AssessedPatients } from './assessed-patients.js';
import { DueAlerts } from './due-alerts.js';
import { HeldPatients } from './held-patients.js';
import { RepeatVisitsController } from './http/repeat-visits.controller.js';
import { KeptWindowsController } from './kept/http/kept-windows.controller.js';
import { KeptWindowsQueries } from './kept/kept-windows.queries.js';
import { KeptWindowsService } from './kept/kept-windows.service.js';
import { WindowFiguresQueries } from './kept/window-figures.queries.js';
import { OverridesController } from './overrides/http/overrides.controller.js';
import { OverridesService } from './overrides/overrides.service.js';
import { PreviewController } from './preview/http/preview.controller.js';
import { PreviewQueries } from './preview/preview.queries.js';
import { PreviewService } from './preview/preview.service.js';
import { ProposalsController } from './proposals/http/proposals.controller.js';
import { ProposalsService } from './proposals/proposals.service.js';
import { CardsRepository } from './recall/cards.repository.js';
import { CardsService } from './recall/cards.service.js';
import { ContactChecks } from './recall/contact-checks.js';
import { ContactsRepository } from './recall/contacts.repository.js';
import { ContactsService } from './recall/contacts.service.js';
import { DueWindowsQueries } from './recall/due-windows.queries.js';
import { FunnelQueries } from './recall/funnel.queries.js';
import { FunnelService } from './recall/funnel.service.js';
import { ContactsController } from './recall/http/contacts.controller.js';
import { RecallListController } from './recall/http/recall-list.controller.js';
import { MessageAskingService } from './recall/messages/message-asking.service.js';
import { BatchesRepository } from './recall/messages/batches.repository.js';
import { MessagesController } from './recall/messages/http/messages.controller.js';
import { PatientMessagesController } from './recall/messages/http/patient-messages.controller.js';
import { TemplatesController } from './recall/messages/http/templates.controller.js';
import { NightlyRecallMessages } from './recall/messages/jobs/nightly-recall-messages.job.js';
import { SendRecallMessage } from './recall/messages/jobs/send-recall-message.job.js';
import { MessageBatchesService } from './recall/messages/message-batches.service.js';
import { MessageDecisions } from './recall/messages/message-decisions.js';
import { MessageLog } from './recall/messages/message-log.js';
import { MessageQueue } from './recall/messages/message-queue.js';
import { MessageSending } from './recall/messages/message-sending.js';
import { MessageTemplatesService } from './recall/messages/message-templates.service.js';
import { MessageWriter } from './recall/messages/message-writer.js';
import { MessagesRepository } from './recall/messages/messages.repository.js';
import { PatientMessagesService } from './recall/messages/patient-messages.service.js';
import { TemplatesRepository } from './recall/messages/templates.repository.js';
import { RecallExportService } from './recall/recall-export.service.js';
import { RecallListService } from './recall/recall-list.service.js';
import { SlotsForPage } from './recall/slots-for-page.js';
import { UsualQueries } from './recall/usual.queries.js';
import { RecomputesController } from './recompute/http/recomputes.controller.js';
import { RecomputeModule } from './recompute/recompute.module.js';
import { RecomputesService } from './recompute/recomputes.service.js';
import { RepeatVisitsService } from './repeat-visits.service.js';
import { SuppressionFactsReader } from './suppression-facts.js';
import { WhatIfService } from './what-if/what-if.service.js';
import { WindowsForScheduling } from './windows-for-scheduling.js';
import { WindowsTimeline } from './windows.timeline.js';
import { WindowsService } from './windows.service.js';

// Importing follow-ups makes Nest start them first, so that they answer a signing before the windows do.
@Module({
  imports: [
    CatalogueModule,
    ConsultationsModule,
    FollowUpsModule,
    IdentityModule,
    JobsModule,
    MessagesModule,
    PatientsModule,
    RecomputeModule,
    SchedulingModule,
    TreatmentsModule,
  ],
  // Longer paths first: `patients/:id/repeat-visits/…` beside `patients/:id/repeat-visits`.
  controllers: [
    ProposalsController,
    KeptWindowsController,
    OverridesController,
    PreviewController,
    RecomputesController,
    RecallListController,
    TemplatesController,
    MessagesController,
    PatientMessagesController,
    ContactsController,
    RepeatVisitsController,
  ],
  providers: [
    AssessedPatients,
    DueAlerts,
    CardsRepository,
    CardsService,
    ContactChecks,
    ContactsRepository,
    ContactsService,
    DueWindowsQueries,
    FunnelQueries,
    FunnelService,
    HeldPatients,
    BatchesRepository,
    MessageAskingService,
    MessageBatchesService,
    MessageDecisions,
    MessageLog,
    MessageQueue,
    MessageSending,
    MessagesRepository,
    MessageTemplatesService,
    MessageWriter,
    NightlyRecallMessages,
    PatientMessagesService,
    SendRecallMessage,
    TemplatesRepository,
    RecallExportService,
    RecallListService,
    SlotsForPage,
    UsualQueries,
    KeptWindowsQueries,
    KeptWindowsService,
    OverridesService,
    PreviewQueries,
    PreviewService,
    ProposalsService,
    RepeatVisitsService,
    SuppressionFactsReader,
    WhatIfService,
    WindowFiguresQueries,
    WindowsForScheduling,
    WindowsTimeline,
  ],
  exports: [RecomputeModule],
})
export class RepeatVisitsModule implements OnModuleInit {
  constructor(
    private readonly treatments: TreatmentEvents,
    private readonly patients: PatientEventsPort,
    private readonly protocols: ProtocolEventsPort,
    private readonly scheduling: TreatmentWindowsPort,
    private readonly windows: WindowsService,
    private readonly booking: WindowsForScheduling,
    private readonly recomputes: RecomputesService,
    private readonly desk: DeskAlertsPort,
    private readonly due: DueAlerts,
  ) {}

  onModuleInit(): void {
    this.treatments.subscribe((tx, event) => this.windows.answer(tx, event));
    this.patients.subscribe((tx, event) => this.windows.answerPatient(tx, event));
    this.protocols.subscribe(async (tx, { inForce }) => {
      if (inForce) await this.recomputes.request(tx, 'protocol');
    });
    this.scheduling.subscribe((tx, patientId, areaIds) => this.booking.openOf(tx, patientId, areaIds));
    this.scheduling.subscribeForMany((tx, patientIds) => this.booking.openOfMany(tx, patientIds));
    this.scheduling.subscribeForIntervals((tx, patientId, areaIds) =>
      this.booking.intervalsOf(tx, patientId, areaIds),
    );
    this.desk.subscribe((tx, visits) => this.due.of(tx, visits));
  }
}
