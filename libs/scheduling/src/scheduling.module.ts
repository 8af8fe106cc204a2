import { CatalogueModule } from '#catalogue';
import { IdentityModule, StaffEvents } from '#identity';
import { Jobs } from '#jobs';
import { Module, type OnModuleInit } from '@nestjs/common';

import { AppointmentsRepository } from './appointments.repository.js';
import { AppointmentsService } from './appointments.service.js';
import { AvailabilityService } from './availability.service.js';
import { BookingDecision } from './booking-decision.js';
import { BookingService } from './booking.service.js';
import { DiariesQueries } from './diaries.queries.js';
import { ExpiredHoldsRepository } from './holds/expired-holds.repository.js';
import { HoldsService } from './holds/holds.service.js';
import { HoldsController } from './holds/http/holds.controller.js';
import { AppointmentVerbsController } from './http/appointment-verbs.controller.js';
import { AppointmentsController } from './http/appointments.controller.js';
import { CalendarFeedsRepository } from './feeds/calendar-feeds.repository.js';
import { CalendarFeedsService } from './feeds/calendar-feeds.service.js';
import { CalendarFeedsController } from './feeds/http/calendar-feeds.controller.js';
import { HabitsQueries } from './habits/habits.queries.js';
import { ChangesQueries } from './live/changes.queries.js';
import { DaySheetLive } from './live/day-sheet-live.service.js';
import { DaySheetLiveController } from './live/http/day-sheet-live.controller.js';
import { AppointmentEventsPort, TreatmentWindowsPort } from './scheduling.ports.js';
import { DeskAlertsPort } from './sheets/desk-alerts.port.js';
import { SheetsController } from './sheets/http/sheets.controller.js';
import { SheetsQueries } from './sheets/sheets.queries.js';
import { SheetsService } from './sheets/sheets.service.js';
import { MisfitsController } from './misfits/http/misfits.controller.js';
import { MisfitsQueries } from './misfits/misfits.queries.js';
import { MisfitsService } from './misfits/misfits.service.js';
import { AppointmentTypesRepository } from './set-up/appointment-types.repository.js';
import { AppointmentTypesService } from './set-up/appointment-types.service.js';
import { ExceptionsRepository } from './set-up/exceptions.repository.js';
import { ExceptionsService } from './set-up/exceptions.service.js';
import { AppointmentTypesController } from './set-up/http/appointment-types.controller.js';
import { LocationsController } from './set-up/http/locations.controller.js';
import { WorkingHoursController } from './set-up/http/working-hours.controller.js';
import { LocationsRepository } from './set-up/locations.repository.js';
import { LocationsService } from './set-up/locations.service.js';
import { RoomsService } from './set-up/rooms.service.js';
import { WorkingHoursRepository } from './set-up/working-hours.repository.js';
import { WorkingHoursService } from './set-up/working-hours.service.js';
import { TakingTime } from './taking-time.js';
import { TakingTimeRepository } from './taking-time.repository.js';

@Module({
  imports: [CatalogueModule, IdentityModule],
  controllers: [
    MisfitsController,
    AppointmentsController,
    AppointmentVerbsController,
    HoldsController,
    LocationsController,
    AppointmentTypesController,
    WorkingHoursController,
    SheetsController,
    DaySheetLiveController,
    CalendarFeedsController,
  ],
  providers: [
    AppointmentsService,
    BookingService,
    BookingDecision,
    TakingTime,
    TakingTimeRepository,
    HoldsService,
    ExpiredHoldsRepository,
    AvailabilityService,
    LocationsService,
    LocationsRepository,
    RoomsService,
    AppointmentTypesService,
    AppointmentTypesRepository,
    WorkingHoursService,
    WorkingHoursRepository,
    ExceptionsService,
    ExceptionsRepository,
    MisfitsService,
    MisfitsQueries,
    AppointmentsRepository,
    DiariesQueries,
    HabitsQueries,
    CalendarFeedsService,
    CalendarFeedsRepository,
    DaySheetLive,
    ChangesQueries,
    SheetsService,
    SheetsQueries,
    DeskAlertsPort,
    AppointmentEventsPort,
    TreatmentWindowsPort,
  ],
  exports: [
    AppointmentsService,
    BookingService,
    AvailabilityService,
    AppointmentEventsPort,
    TreatmentWindowsPort,
    DeskAlertsPort,
  ],
})
export class SchedulingModule implements OnModuleInit {
  constructor(
    private readonly events: AppointmentEventsPort,
    private readonly jobs: Jobs,
    private readonly staffEvents: StaffEvents,
    private readonly feeds: CalendarFeedsRepository,
  ) {}

  /** The confirmation is sent by the worker, and only if the booking is committed; calendars end with their owner's account. */
  onModuleInit(): void {
    this.events.subscribe(async (tx, { verb, appointmentId }) => {
      if (verb === 'book')
        await this.jobs.enqueue(tx, 'booking-confirmation', { clinicId: tx.clinicId, appointmentId });
    });
    this.staffEvents.subscribe((tx, { staffId }) => this.feeds.revokeAllOf(tx, staffId));
  }
}
