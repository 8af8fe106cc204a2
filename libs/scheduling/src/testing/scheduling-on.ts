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
import { MisfitsQueries } from '../misfits/misfits.queries.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentTypesRepository } from '../set-up/appointment-types.repository.js';
import { AppointmentTypesService } from '../set-up/appointment-types.service.js';
import { ExceptionsRepository } from '../set-up/exceptions.repository.js';
import { ExceptionsService } from '../set-up/exceptions.service.js';
import { LocationsRepository } from '../set-up/locations.repository.js';
import { LocationsService } from '../set-up/locations.service.js';
import { RoomsService } from '../set-up/rooms.service.js';
import { WorkingHoursRepository } from '../set-up/working-hours.repository.js';
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
  readonly availability: AvailabilityService;
  readonly sheets: SheetsService;
  readonly deskAlerts: DeskAlertsPort;
  readonly locations: LocationsService;
  readonly rooms: RoomsService;
  readonly types: AppointmentTypesService;
  readonly workingHours: WorkingHoursService;
  readonly exceptions: ExceptionsService;
  readonly misfits: MisfitsService;
  readonly windows: TreatmentWindowsPort;
  readonly events: AppointmentEventsPort;
}

/** The services of this context on a database, wired as the module wires them (without its job). */
export function schedulingOn(database: Database): Scheduling {
  const [repository, diaries, setUp] = [
    new AppointmentsRepository(),
    new DiariesQueries(),
    new LocationsRepository(),
  ];
  const [events, windows, staff] = [
    new AppointmentEventsPort(),
    new TreatmentWindowsPort(),
    new StaffService(database),
  ];
  const misfits = new MisfitsService(database, new MisfitsQueries());
  const deskAlerts = new DeskAlertsPort();
  const availability = new AvailabilityService(database, diaries, windows, new HabitsQueries());
  const catalogue = new CatalogueService(database, new CatalogueRepository());
  const decision = new BookingDecision(diaries, windows, catalogue);
  const expiredHolds = new ExpiredHoldsRepository();
  const time = new TakingTime(database, new TakingTimeRepository(), expiredHolds, availability);
  const booking = new BookingService(database, repository, decision, time, events);
  return {
    availability,
    windows,
    events,
    booking,
    holds: new HoldsService(database, repository, decision, booking),
    expiredHolds,
    appointments: new AppointmentsService(database, repository, events),
    sheets: new SheetsService(database, new SheetsQueries(), deskAlerts),
    deskAlerts,
    locations: new LocationsService(database, setUp, misfits),
    rooms: new RoomsService(database, setUp, misfits),
    types: new AppointmentTypesService(database, new AppointmentTypesRepository(), staff, misfits),
    workingHours: new WorkingHoursService(database, new WorkingHoursRepository(), setUp, staff, misfits),
    exceptions: new ExceptionsService(database, new ExceptionsRepository(), setUp, staff, misfits),
    misfits,
  };
}
