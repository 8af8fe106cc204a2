import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import {
  addDays,
  boundaryOf,
  type CalendarDate,
  calendarDate,
  dateIn,
  type DomainError,
  type Interval,
} from '#kernel';
import { Injectable } from '@nestjs/common';

import { DiariesQueries, type SetUp, type SetUpWanted } from './diaries.queries.js';
import { LONGEST_SEARCH_DAYS } from './domain/availability.js';
import { patientReasons } from './domain/booking-rules.js';
import { AvailabilityRangeInvalid } from './domain/scheduling.errors.js';
import { nearestFree } from './domain/slot.js';
import {
  DAYS_OFFERED_AROUND,
  type Found,
  freeIn,
  GRID_MINUTES,
  known,
  questionOf,
  rangeAround,
} from './free-slots.js';
import { orderExplained, rankByHabits } from './habits/domain/habits.js';
import { HabitsQueries } from './habits/habits.queries.js';
import type { AvailabilityView, SearchAvailability, SlotView } from './http/availability.dto.js';
import { VisitDays } from './visit-days/visit-days.js';

/** Where there is time: computed at every question, never stored. */
@Injectable()
export class AvailabilityService {
  constructor(
    private readonly database: Database,
    private readonly diaries: DiariesQueries,
    private readonly visitDays: VisitDays,
    private readonly habits: HabitsQueries,
  ) {}

  /**
   * A patient who is named must be bookable: nothing is offered that booking would refuse whatever the time.
   * @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound, PatientNotBookable, PatientUnderAge,
   *   AvailabilityRangeInvalid, SlotStepInvalid
   */
  search(actor: RequestActor, query: SearchAvailability): Promise<AvailabilityView> {
    const { locationId, typeId, practitionerId = null, patientId = null, stepMinutes, limit } = query;
    const given = daysGiven(query);
    return this.database.read(actor, async (tx) => {
      const areaIds = query.areaIds ?? [];
      const days = given ?? (await this.visitDays.of(tx, query, patientId, areaIds));
      const { from, to } = days;
      const wanted = { locationId, typeId, practitionerId, patientId, from, to };
      const setUp = await this.diaries.setUp(tx, wanted);
      const { zone } = known(setUp, wanted).location;
      const range = {
        start: boundaryOf(addDays(from, -1), '24:00', zone).getTime(),
        end: boundaryOf(to, '24:00', zone).getTime(),
      };
      const barredBy = barrierOf(setUp);
      const refused = barredBy(range.end - 1);
      if (refused) throw refused;
      const found = await this.#free(tx, setUp, wanted, range, stepMinutes);
      // Somebody comes of age among these days.
      const free = barredBy(range.start)
        ? found.slots.filter(({ startsAt }) => !barredBy(startsAt.getTime()))
        : found.slots;
      const habits = patientId === null ? null : await this.habits.of(tx, patientId);
      const ranked = habits ? rankByHabits(free, habits, zone) : free.map((slot) => ({ slot, why: null }));
      const slotViews = ranked.slice(0, limit).map(({ slot, why }) => ({ ...found.view(slot), why }));
      const order = habits ? orderExplained(habits) : 'By time';
      return {
        zone,
        from,
        to,
        order,
        slots: slotViews,
        truncated: slotViews.length < free.length,
        hints: patientId === null ? [] : await this.visitDays.hints(tx, setUp, days, areaIds),
      };
    });
  }

  /** The three free times nearest to one that is taken, with the wanted practitioner where possible. */
  async nearest(
    tx: Tx,
    wanted: Omit<SetUpWanted, 'from' | 'to' | 'practitionerId'> & {
      readonly practitionerId: string;
      readonly startsAt: Date;
      readonly zone: string;
    },
  ): Promise<SlotView[]> {
    const { startsAt, zone, practitionerId, locationId, typeId, patientId } = wanted;
    const range = rangeAround(startsAt, zone, tx.now.getTime());
    const from = dateIn(new Date(range.start), zone);
    const to = addDays(from, DAYS_OFFERED_AROUND);
    const anyone = { locationId, typeId, patientId, practitionerId: null, from, to };
    const setUp = await this.diaries.setUp(tx, anyone);
    const found = await this.#free(tx, setUp, anyone, range, GRID_MINUTES);
    return nearestFree(found.slots, { startsAt, practitionerId }).map(found.view);
  }

  async #free(
    tx: Tx,
    setUp: SetUp,
    wanted: SetUpWanted,
    range: Interval,
    stepMinutes: number,
  ): Promise<Found> {
    const question = questionOf(setUp, wanted, range);
    const taken = await this.diaries.busy(tx, question.reach, question.whose);
    return freeIn(tx.now, setUp, question, taken, stepMinutes);
  }
}

/**
 * What bars the patient from a visit at a time, as booking would say. Windows are left aside: a prescriber may set them
 * aside, and the search goes by them already.
 */
function barrierOf({ market, location, type, patient }: SetUp): (at: number) => DomainError | undefined {
  if (!location || !type || !patient) return () => undefined;
  return (at) => {
    const span = { visit: { start: at, end: at }, busy: { start: at, end: at } };
    return patientReasons({ market, span, location, type, patient, windows: [] })[0];
  };
}

const longest = (from: CalendarDate): CalendarDate => addDays(from, LONGEST_SEARCH_DAYS - 1);

/** Said before the database is asked: years of days would be computed for nothing. @throws AvailabilityRangeInvalid */
function daysGiven({ from, to }: SearchAvailability): { from: CalendarDate; to: CalendarDate } | null {
  if (from === undefined || to === undefined) return null;
  const [first, last] = [calendarDate(from), calendarDate(to)];
  if (last < first || last > longest(first))
    throw new AvailabilityRangeInvalid({ from, to, longestDays: LONGEST_SEARCH_DAYS });
  return { from: first, to: last };
}
