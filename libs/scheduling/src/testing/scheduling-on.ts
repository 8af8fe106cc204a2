import { CatalogueRepository, CatalogueService } from '#catalogue';
import type { Database } from '#database';
import { StaffService } from '#identity';

import { AppointmentsRepository } from '../appointments.repository.js';
import { AppointmentsService } from '../appointments.service.js';
import { AvailabilityService } from '../availability.service.js';
import { HabitsQueries } from '../habits/habits.queries.js';
import { BookingDecision } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { DiariesQueries } from '../diaries.queries.js';
import { ExpiredHoldsRepository } from '../holds/expired-holds.repository.js';
import { HoldsService } from '../holds/holds.service.js';
import { AppointmentEventsPort, TreatmentWindowsPort } from '../scheduling.ports.js';
import { SeriesAttempt } from '../series/series-attempt.js';
import { SeriesChangesService } from '../series/series-changes.service.js';
import { SeriesMoves } from '../series/series-moves.js';
import { SeriesPlanner } from '../series/series-planner.js';
import { SeriesRepository } from '../series/series.repository.js';
import { SeriesService } from '../series/series.service.js';
import { LocationsService } from '../set-up/locations.service.js';
import { SetUpRepository } from '../set-up/set-up.repository.js';
import { DeskAlertsPort } from '../sheets/desk-alerts.port.js';
import { SheetsQueries } from '../sheets/sheets.queries.js';
import { SheetsService } from '../sheets/sheets.service.js';
import { WorkingHoursService } from '../set-up/working-hours.service.js';
import { TakingTime } from '../taking-time.js';
import { TakingTimeRepository } from '../taking-time.repository.js';

export interface Scheduling {
  readonly booking: BookingService;
  readonly holds: HoldsService;
  readonly expiredHolds: ExpiredHoldsRepository;
  readonly appointments: AppointmentsService;
  readonly series: SeriesService;
  readonly seriesChanges: SeriesChangesService;
  readonly availability: AvailabilityService;
  readonly sheets: SheetsService;
  readonly deskAlerts: DeskAlertsPort;
  readonly locations: LocationsService;
  readonly workingHours: WorkingHoursService;
  readonly windows: TreatmentWindowsPort;
  readonly events: AppointmentEventsPort;
}

/** The services of this context on a database, wired as the module wires them (without its job). */
export function schedulingOn(database: Database): Scheduling {
  const [repository, diaries, setUp] = [
    new AppointmentsRepository(),
    new DiariesQueries(),
    new SetUpRepository(),
  ];
  const [events, windows, staff] = [
    new AppointmentEventsPort(),
    new TreatmentWindowsPort(),
    new StaffService(database),
  ];
  const deskAlerts = new DeskAlertsPort();
  const availability = new AvailabilityService(database, diaries, windows, new HabitsQueries());
  const catalogue = new CatalogueService(database, new CatalogueRepository());
  const decision = new BookingDecision(diaries, windows, catalogue);
  const expiredHolds = new ExpiredHoldsRepository();
  const time = new TakingTime(database, new TakingTimeRepository(), expiredHolds, availability);
  const booking = new BookingService(database, repository, decision, time, events);
  const appointments = new AppointmentsService(database, repository, events);
  const kept = new SeriesRepository();
  const attempt = new SeriesAttempt(database, new SeriesPlanner(diaries, windows, decision, time), time);
  const series = new SeriesService(database, kept, repository, attempt, booking, time);
  const moves = new SeriesMoves(booking, time);
  events.subscribe((tx, event) => series.follow(tx, event));
  return {
    availability,
    windows,
    events,
    booking,
    holds: new HoldsService(database, repository, decision, booking),
    expiredHolds,
    appointments,
    series,
    seriesChanges: new SeriesChangesService(database, kept, repository, attempt, moves, appointments),
    sheets: new SheetsService(database, new SheetsQueries(), deskAlerts),
    deskAlerts,
    locations: new LocationsService(database, setUp, staff),
    workingHours: new WorkingHoursService(database, setUp, staff),
  };
}
