import { CatalogueModule } from '#catalogue';
import { ConsultationsModule } from '#consultations';
import { FollowUpsModule } from '#follow-ups';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { DeskAlertsPort, SchedulingModule, TreatmentWindowsPort } from '#scheduling';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { DueAlerts } from './due-alerts.js';
import { DuePatientsService } from './due-patients.service.js';
import { DueWindowsQueries } from './due-windows.queries.js';
import { RepeatVisitsController } from './http/repeat-visits.controller.js';
import { RepeatVisitsService } from './repeat-visits.service.js';
import { SuppressionFactsReader } from './suppression-facts.js';
import { WindowsRepository } from './windows.repository.js';
import { WindowsService } from './windows.service.js';

// Importing follow-ups makes Nest start them first, so that they answer a signing before the windows do.
@Module({
  imports: [
    CatalogueModule,
    ConsultationsModule,
    FollowUpsModule,
    IdentityModule,
    PatientsModule,
    SchedulingModule,
    TreatmentsModule,
  ],
  controllers: [RepeatVisitsController],
  providers: [
    RepeatVisitsService,
    DuePatientsService,
    DueAlerts,
    WindowsService,
    WindowsRepository,
    DueWindowsQueries,
    SuppressionFactsReader,
  ],
  exports: [WindowsService],
})
export class RepeatVisitsModule implements OnModuleInit {
  constructor(
    private readonly treatments: TreatmentEvents,
    private readonly scheduling: TreatmentWindowsPort,
    private readonly windows: WindowsService,
    private readonly desk: DeskAlertsPort,
    private readonly due: DueAlerts,
  ) {}

  onModuleInit(): void {
    this.treatments.subscribe((tx, event) => this.windows.answer(tx, event));
    this.scheduling.subscribe((tx, patientId, areaIds) => this.windows.openOf(tx, patientId, areaIds));
    this.scheduling.subscribeForMany((tx, patientIds) => this.windows.openOfMany(tx, patientIds));
    this.scheduling.subscribeForIntervals((tx, patientId, areaIds) =>
      this.windows.intervalsOf(tx, patientId, areaIds),
    );
    this.desk.subscribe((tx, visits) => this.due.of(tx, visits));
  }
}
