import { CatalogueModule } from '#catalogue';
import { IdentityModule, StaffEvents } from '#identity';
import { Jobs } from '#jobs';
import { PatientsModule } from '#patients';
import { Module, type OnModuleInit } from '@nestjs/common';

import { AppointmentsRepository } from './appointments.repository.js';
import { AppointmentVerbsService } from './appointment-verbs.service.js';
import { AppointmentsService } from './appointments.service.js';
import { AvailabilityService } from './availability.service.js';
import { FirstTimes } from './first-times/first-times.service.js';
import { BookingDecision } from './booking-decision.js';
import { BookingService } from './booking.service.js';
import { DiariesQueries } from './diaries.queries.js';
import { ExpiredHoldsRepository } from './holds/expired-holds.repository.js';
import { HoldsService } from './holds/holds.service.js';
import { HoldsController } from './holds/http/holds.controller.js';
import { AppointmentVerbsController } from './http/appointment-verbs.controller.js';
import { AppointmentsController } from './http/appointments.controller.js';
import { toConfirm } from './jobs/booking-confirmation.job.js';
import { CalendarFeedsRepository } from './feeds/calendar-feeds.repository.js';
import { CalendarFeedsService } from './feeds/calendar-feeds.service.js';
import { CalendarFeedsController } from './feeds/http/calendar-feeds.controller.js';
import { GroupMoveApplication } from './group-move/group-move-application.js';
import { GroupMoveGrounds } from './group-move/group-move-grounds.js';
import { GroupMoveItemsService } from './group-move/group-move-items.service.js';
import { GroupMoveMoves } from './group-move/group-move-moves.js';
import { GroupMoveQueries } from './group-move/group-move.queries.js';
import { GroupMovesRepository } from './group-move/group-moves.repository.js';
import { GroupMovesService } from './group-move/group-moves.service.js';
import { GroupMovesController } from './group-move/http/group-moves.controller.js';
import { ProposalChecks } from './group-move/proposal-checks.js';
import { Proposing } from './group-move/proposing.js';
import { HabitsQueries } from './habits/habits.queries.js';
import { ChangesQueries } from './live/changes.queries.js';
import { DaySheetLive } from './live/day-sheet-live.service.js';
import { DaySheetLiveController } from './live/http/day-sheet-live.controller.js';
import { FutureVisitsQueries } from './patients/future-visits.queries.js';
import { PatientsInTheDiary } from './patients/patients-in-the-diary.js';
import { AppointmentEventsPort, ReviewDaysPort, TreatmentWindowsPort } from './scheduling.ports.js';
import { DeskAlertsPort } from './sheets/desk-alerts.port.js';
import { SheetsController } from './sheets/http/sheets.controller.js';
import { SheetsQueries } from './sheets/sheets.queries.js';
import { SheetsService } from './sheets/sheets.service.js';
import { SeriesController } from './series/http/series.controller.js';
import { SeriesAttempt } from './series/series-attempt.js';
import { SeriesChangesService } from './series/series-changes.service.js';
import { SeriesMoves } from './series/series-moves.js';
import { SeriesPlanner } from './series/series-planner.js';
import { SeriesRepository } from './series/series.repository.js';
import { SeriesService } from './series/series.service.js';
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
import { SetUpChanges } from './set-up/set-up-changes.js';
import { WorkingHoursRepository } from './set-up/working-hours.repository.js';
import { WorkingHoursService } from './set-up/working-hours.service.js';
import { CandidatesQueries } from './waitlist/candidates.queries.js';
import { WaitlistOffersController } from './waitlist/http/waitlist-offers.controller.js';
import { WaitlistController } from './waitlist/http/waitlist.controller.js';
import { Offering } from './waitlist/offering.js';
import { WaitlistAnswersService } from './waitlist/waitlist-answers.service.js';
import { WaitlistMatching } from './waitlist/waitlist-matching.js';
import { WaitlistOffersRepository } from './waitlist/waitlist-offers.repository.js';
import { WaitlistOffersService } from './waitlist/waitlist-offers.service.js';
import { WaitlistRepository } from './waitlist/waitlist.repository.js';
import { WaitlistService } from './waitlist/waitlist.service.js';
import { TakingTime } from './taking-time/taking-time.js';
import { TakingTimeRepository } from './taking-time/taking-time.repository.js';
import { VisitDays } from './visit-days/visit-days.js';
import { VisitDaysQueries } from './visit-days/visit-days.queries.js';
import { WorkingTimeQueries } from './working-time/working-time.queries.js';
import { WorkingTimeReader } from './working-time/working-time.reader.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule],
  controllers: [
    MisfitsController,
    AppointmentsController,
    AppointmentVerbsController,
    HoldsController,
    GroupMovesController,
    SeriesController,
    LocationsController,
    AppointmentTypesController,
    WorkingHoursController,
    SheetsController,
    DaySheetLiveController,
    CalendarFeedsController,
    WaitlistController,
    WaitlistOffersController,
  ],
  providers: [
    AppointmentVerbsService,
    AppointmentsService,
    BookingService,
    BookingDecision,
    TakingTime,
    TakingTimeRepository,
    HoldsService,
    ExpiredHoldsRepository,
    GroupMovesService,
    GroupMoveItemsService,
    ProposalChecks,
    GroupMoveApplication,
    GroupMoveMoves,
    GroupMoveGrounds,
    GroupMoveQueries,
    GroupMovesRepository,
    Proposing,
    SeriesService,
    SeriesChangesService,
    SeriesAttempt,
    SeriesMoves,
    SeriesPlanner,
    SeriesRepository,
    AvailabilityService,
    FirstTimes,
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
    SetUpChanges,
    MisfitsQueries,
    AppointmentsRepository,
    DiariesQueries,
    WorkingTimeReader,
    WorkingTimeQueries,
    HabitsQueries,
    CalendarFeedsService,
    CalendarFeedsRepository,
    DaySheetLive,
    ChangesQueries,
    WaitlistService,
    WaitlistOffersService,
    WaitlistAnswersService,
    WaitlistMatching,
    WaitlistRepository,
    WaitlistOffersRepository,
    CandidatesQueries,
    Offering,
    SheetsService,
    SheetsQueries,
    DeskAlertsPort,
    AppointmentEventsPort,
    TreatmentWindowsPort,
    ReviewDaysPort,
    VisitDays,
    VisitDaysQueries,
    FutureVisitsQueries,
    PatientsInTheDiary,
  ],
  exports: [
    WorkingTimeReader,
    AppointmentVerbsService,
    AppointmentsService,
    BookingService,
    AvailabilityService,
    FirstTimes,
    AppointmentEventsPort,
    TreatmentWindowsPort,
    ReviewDaysPort,
    DeskAlertsPort,
    // For the worker's jobs.
    WaitlistMatching,
    WaitlistRepository,
    WaitlistOffersRepository,
    Offering,
    SeriesRepository,
  ],
})
export class SchedulingModule implements OnModuleInit {
  constructor(
    private readonly events: AppointmentEventsPort,
    private readonly jobs: Jobs,
    private readonly staffEvents: StaffEvents,
    private readonly feeds: CalendarFeedsRepository,
    private readonly offering: Offering,
    private readonly series: SeriesService,
    private readonly setUpChanges: SetUpChanges,
  ) {}

  /** Confirmations and the waitlist are the worker's, and only of what is committed; calendars end with their owner's account. */
  onModuleInit(): void {
    this.events.subscribe((tx, event) => this.series.follow(tx, event));
    this.events.subscribe(async (tx, event) => {
      const booked = toConfirm(event);
      if (booked) await this.jobs.enqueue(tx, 'booking-confirmation', { clinicId: tx.clinicId, ...booked });
    });
    this.staffEvents.subscribe((tx, { what, staffId }) =>
      what === 'deactivated'
        ? this.feeds.revokeAllOf(tx, staffId)
        : this.setUpChanges.tellOfAll(tx, { practitionerId: staffId }),
    );
    this.events.subscribeToFreedTime(async (tx, freed) => {
      const { clinicId } = tx;
      // The row of a hold ends with it, so that whoever follows the day live sees the time free.
      if (freed.notBefore)
        await this.jobs.enqueue(tx, 'end-expired-holds', { clinicId }, { startAfter: freed.notBefore });
      await this.offering.lookFor(tx, freed);
    });
  }
}
