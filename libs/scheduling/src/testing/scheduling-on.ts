import { CatalogueRepository, CatalogueService } from '#catalogue';
import type { Database } from '#database';
import { StaffService } from '#identity';
import type { Jobs } from '#jobs';

import { AppointmentsRepository } from '../appointments.repository.js';
import { AppointmentVerbsService } from '../appointment-verbs.service.js';
import { AppointmentsService } from '../appointments.service.js';
import { AvailabilityService } from '../availability.service.js';
import { GroupMoveApplication } from '../group-move/group-move-application.js';
import { GroupMoveGrounds } from '../group-move/group-move-grounds.js';
import { GroupMoveItemsService } from '../group-move/group-move-items.service.js';
import { GroupMoveMoves } from '../group-move/group-move-moves.js';
import { GroupMoveQueries } from '../group-move/group-move.queries.js';
import { GroupMovesRepository } from '../group-move/group-moves.repository.js';
import { GroupMovesService } from '../group-move/group-moves.service.js';
import { ProposalChecks } from '../group-move/proposal-checks.js';
import { Proposing } from '../group-move/proposing.js';
import { HabitsQueries } from '../habits/habits.queries.js';
import { BookingDecision } from '../booking-decision.js';
import { BookingService } from '../booking.service.js';
import { DiariesQueries } from '../diaries.queries.js';
import { ExpiredHoldsRepository } from '../holds/expired-holds.repository.js';
import { HoldsService } from '../holds/holds.service.js';
import { AppointmentEventsPort, ReviewDaysPort, TreatmentWindowsPort } from '../scheduling.ports.js';
import { VisitDays } from '../visit-days/visit-days.js';
import { VisitDaysQueries } from '../visit-days/visit-days.queries.js';
import { SeriesAttempt } from '../series/series-attempt.js';
import { SeriesChangesService } from '../series/series-changes.service.js';
import { SeriesMoves } from '../series/series-moves.js';
import { SeriesPlanner } from '../series/series-planner.js';
import { SeriesRepository } from '../series/series.repository.js';
import { SeriesService } from '../series/series.service.js';
import { MisfitsQueries } from '../misfits/misfits.queries.js';
import { MisfitsService } from '../misfits/misfits.service.js';
import { AppointmentTypesRepository } from '../set-up/appointment-types.repository.js';
import { AppointmentTypesService } from '../set-up/appointment-types.service.js';
import { ExceptionsRepository } from '../set-up/exceptions.repository.js';
import { ExceptionsService } from '../set-up/exceptions.service.js';
import { LocationsRepository } from '../set-up/locations.repository.js';
import { LocationsService } from '../set-up/locations.service.js';
import { RoomsService } from '../set-up/rooms.service.js';
import { SetUpChanges } from '../set-up/set-up-changes.js';
import { WorkingHoursRepository } from '../set-up/working-hours.repository.js';
import { DeskAlertsPort } from '../sheets/desk-alerts.port.js';
import { SheetsQueries } from '../sheets/sheets.queries.js';
import { SheetsService } from '../sheets/sheets.service.js';
import { CandidatesQueries } from '../waitlist/candidates.queries.js';
import { EndWaitlistOffer } from '../waitlist/jobs/end-waitlist-offer.job.js';
import { MatchFreedTime } from '../waitlist/jobs/match-freed-time.job.js';
import { TidyWaitlist } from '../waitlist/jobs/tidy-waitlist.job.js';
import { Offering } from '../waitlist/offering.js';
import { WaitlistAnswersService } from '../waitlist/waitlist-answers.service.js';
import { WaitlistMatching } from '../waitlist/waitlist-matching.js';
import { WaitlistOffersRepository } from '../waitlist/waitlist-offers.repository.js';
import { WaitlistOffersService } from '../waitlist/waitlist-offers.service.js';
import { WaitlistRepository } from '../waitlist/waitlist.repository.js';
import { WaitlistService } from '../waitlist/waitlist.service.js';
import { WorkingHoursService } from '../set-up/working-hours.service.js';
import { TakingTime } from '../taking-time/taking-time.js';
import { TakingTimeRepository } from '../taking-time/taking-time.repository.js';

/** A queue that a test works off itself. */
export type TestQueue = Pick<Jobs, 'enqueue'>;

const NO_QUEUE: TestQueue = { enqueue: () => Promise.resolve() };

export interface Scheduling {
  readonly waitlist: WaitlistService;
  readonly offers: WaitlistOffersService;
  readonly answers: WaitlistAnswersService;
  readonly waitlistJobs: {
    readonly match: MatchFreedTime;
    readonly endOffer: EndWaitlistOffer;
    readonly tidy: TidyWaitlist;
  };
  readonly booking: BookingService;
  readonly holds: HoldsService;
  readonly expiredHolds: ExpiredHoldsRepository;
  readonly verbs: AppointmentVerbsService;
  readonly appointments: AppointmentsService;
  readonly groupMoves: GroupMoves;
  readonly series: SeriesService;
  readonly seriesChanges: SeriesChangesService;
  readonly availability: AvailabilityService;
  readonly sheets: SheetsService;
  readonly deskAlerts: DeskAlertsPort;
  readonly locations: LocationsService;
  readonly rooms: RoomsService;
  readonly types: AppointmentTypesService;
  readonly workingHours: WorkingHoursService;
  readonly exceptions: ExceptionsService;
  readonly misfits: MisfitsService;
  readonly setUpChanges: SetUpChanges;
  readonly windows: TreatmentWindowsPort;
  readonly reviewDays: ReviewDaysPort;
  readonly events: AppointmentEventsPort;
}

interface GroupMoves {
  readonly kept: GroupMovesService;
  readonly items: GroupMoveItemsService;
  readonly application: GroupMoveApplication;
}

/** The services of this context on a database, wired as the module wires them (without its job). */
export function schedulingOn(database: Database, queue: TestQueue = NO_QUEUE): Scheduling {
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
  const misfitsQueries = new MisfitsQueries();
  const misfits = new MisfitsService(database, misfitsQueries);
  const changes = new SetUpChanges(misfits, misfitsQueries, new CandidatesQueries(), events);
  const deskAlerts = new DeskAlertsPort();
  const reviewDays = new ReviewDaysPort();
  const visitDays = new VisitDays(new VisitDaysQueries(), windows, reviewDays);
  const availability = new AvailabilityService(database, diaries, visitDays, new HabitsQueries());
  const catalogue = new CatalogueService(database, new CatalogueRepository());
  const decision = new BookingDecision(diaries, windows, catalogue);
  const expiredHolds = new ExpiredHoldsRepository();
  const time = new TakingTime(database, new TakingTimeRepository(), expiredHolds, availability);
  const booking = new BookingService(database, repository, decision, time, events);
  const offersRepository = new WaitlistOffersRepository();
  const waitlistRepository = new WaitlistRepository();
  const holds = new HoldsService(database, repository, decision, booking, events, offersRepository);
  const verbs = new AppointmentVerbsService(database, repository, events);
  const appointments = new AppointmentsService(repository, verbs);
  const matching = new WaitlistMatching(diaries, new CandidatesQueries(), windows);
  const offering = new Offering(waitlistRepository, offersRepository, booking, expiredHolds, events, queue);
  events.subscribeToFreedTime((tx, freed) => offering.lookFor(tx, freed));
  const kept = new SeriesRepository();
  const attempt = new SeriesAttempt(database, new SeriesPlanner(diaries, windows, decision, time), time);
  const series = new SeriesService(database, kept, repository, attempt, booking, time);
  const moves = new SeriesMoves(booking, time);
  const groupMoves = (): GroupMoves => {
    const [rows, queries] = [new GroupMovesRepository(), new GroupMoveQueries()];
    const grounds = new GroupMoveGrounds(diaries, queries, windows);
    const proposing = new Proposing(diaries, queries, grounds);
    const keeping = new GroupMovesService(database, rows, queries, repository, proposing, staff);
    const checks = new ProposalChecks(repository, decision, time, availability);
    const moving = new GroupMoveMoves(booking, time);
    return {
      kept: keeping,
      items: new GroupMoveItemsService(database, rows, keeping, checks),
      application: new GroupMoveApplication(rows, keeping, repository, grounds, proposing, moving),
    };
  };
  events.subscribe((tx, event) => series.follow(tx, event));
  return {
    waitlist: new WaitlistService(database, waitlistRepository, offersRepository, holds, catalogue),
    offers: new WaitlistOffersService(database, waitlistRepository, offersRepository, matching, offering),
    answers: new WaitlistAnswersService(database, waitlistRepository, offersRepository, holds, appointments),
    waitlistJobs: {
      match: new MatchFreedTime(database, matching, offering, offersRepository, waitlistRepository),
      endOffer: new EndWaitlistOffer(database, offersRepository, offering),
      tidy: new TidyWaitlist(database, waitlistRepository, offersRepository, offering),
    },
    availability,
    windows,
    reviewDays,
    events,
    booking,
    holds,
    expiredHolds,
    verbs,
    appointments,
    groupMoves: groupMoves(),
    series,
    seriesChanges: new SeriesChangesService(database, kept, repository, attempt, moves, verbs),
    sheets: new SheetsService(database, new SheetsQueries(), deskAlerts),
    deskAlerts,
    locations: new LocationsService(database, setUp, changes),
    rooms: new RoomsService(database, setUp, misfits, changes),
    types: new AppointmentTypesService(database, new AppointmentTypesRepository(), staff, misfits, changes),
    workingHours: new WorkingHoursService(database, new WorkingHoursRepository(), setUp, staff, changes),
    exceptions: new ExceptionsService(database, new ExceptionsRepository(), setUp, staff, changes),
    misfits,
    setUpChanges: changes,
  };
}
