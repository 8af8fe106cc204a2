import { Database, type Tx } from '#database';
import { type RequestActor, StaffNotFound } from '#identity';
import { addDays, boundaryOf, type CalendarDate, calendarDate, dateIn, type Interval } from '#kernel';
import { PatientNotFound } from '#patients';
import { Injectable } from '@nestjs/common';

import {
  type BusyTimes,
  DiariesQueries,
  type SetUp,
  type SetUpWanted,
  type Whose,
} from './diaries.queries.js';
import { MINUTE } from './domain/appointment.js';
import { LONGEST_SEARCH_DAYS, reachOf, slots } from './domain/availability.js';
import { roomFits } from './domain/booking-rules.js';
import { diariesOf, offers } from './domain/diary.js';
import {
  AppointmentTypeNotFound,
  AvailabilityRangeInvalid,
  LocationNotFound,
} from './domain/scheduling.errors.js';
import { localTimeOf, nearestFree, type Slot } from './domain/slot.js';
import { orderExplained, rankByHabits } from './habits/domain/habits.js';
import { HabitsQueries } from './habits/habits.queries.js';
import type { AvailabilityView, SearchAvailability, SlotView } from './http/availability.dto.js';
import { VisitDays } from './visit-days/visit-days.js';

const GRID_MINUTES = 15;
const DAYS_OFFERED_AROUND = 7;

type Found = {
  readonly zone: string;
  readonly slots: readonly Slot[];
  readonly view: (slot: Slot) => SlotView;
};

/** Where there is time: computed at every question, never stored. */
@Injectable()
export class AvailabilityService {
  constructor(
    private readonly database: Database,
    private readonly diaries: DiariesQueries,
    private readonly visitDays: VisitDays,
    private readonly habits: HabitsQueries,
  ) {}

  /** @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound, AvailabilityRangeInvalid, SlotStepInvalid */
  search(actor: RequestActor, query: SearchAvailability): Promise<AvailabilityView> {
    const { locationId, typeId, practitionerId = null, patientId = null, stepMinutes, limit } = query;
    const given = daysGiven(query);
    return this.database.read(actor, async (tx) => {
      const areaIds = query.areaIds ?? [];
      const { from, to } = given ?? (await this.visitDays.of(tx, query, patientId, areaIds));
      const wanted = { locationId, typeId, practitionerId, patientId, from, to };
      const found = await this.#find(tx, wanted, stepMinutes, (zone) => ({
        start: boundaryOf(addDays(from, -1), '24:00', zone).getTime(),
        end: boundaryOf(to, '24:00', zone).getTime(),
      }));
      const habits = patientId === null ? null : await this.habits.of(tx, patientId);
      const ranked = habits
        ? rankByHabits(found.slots, habits, found.zone)
        : found.slots.map((slot) => ({ slot, why: null }));
      const slotViews = ranked.slice(0, limit).map(({ slot, why }) => ({ ...found.view(slot), why }));
      const order = habits ? orderExplained(habits) : 'By time';
      return {
        zone: found.zone,
        from,
        to,
        order,
        slots: slotViews,
        truncated: slotViews.length < found.slots.length,
        hints: patientId === null ? [] : await this.visitDays.hints(tx, found.setUp, from, areaIds),
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
    const found = await this.#find(tx, anyone, GRID_MINUTES, () => range);
    return nearestFree(found.slots, { startsAt, practitionerId }).map(found.view);
  }

  async #find(
    tx: Tx,
    wanted: SetUpWanted,
    stepMinutes: number,
    rangeIn: (zone: string) => Interval,
  ): Promise<Found & { readonly setUp: SetUp }> {
    const setUp = await this.diaries.setUp(tx, wanted);
    const range = rangeIn(known(setUp, wanted).location.zone);
    const question = questionOf(setUp, wanted, range);
    const taken = await this.diaries.busy(tx, question.reach, question.whose);
    return { ...freeIn(tx.now, setUp, question, taken, stepMinutes), setUp };
  }
}

/** Who and what can be asked for in a range, before it is known what is taken. */
export interface Question {
  readonly range: Interval;
  readonly reach: Interval;
  readonly location: NonNullable<SetUp['location']>;
  readonly type: NonNullable<SetUp['type']>;
  /** Everybody who offers the type and works in the range, with when. */
  readonly able: readonly {
    readonly id: string;
    readonly name: string;
    readonly working: readonly Interval[];
  }[];
  /** null: the type needs none. */
  readonly roomIds: readonly string[] | null;
  readonly whose: Whose;
}

/** @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound */
export function questionOf(
  setUp: SetUp,
  wanted: Pick<SetUpWanted, 'patientId' | 'practitionerId'>,
  range: Interval,
): Question {
  const { location, type } = known(setUp, wanted);
  const reach = reachOf(range, type);
  const offering = setUp.practitioners.filter((one) => offers(one, type));
  const { working } = diariesOf(location, offering, reach);
  const able = offering
    .map(({ id, name }) => ({ id, name, working: working.get(id) ?? [] }))
    .filter((one) => one.working.length > 0);
  const roomless = type.roomKind === null && type.equipment.length === 0;
  const roomIds = roomless ? null : location.rooms.filter((room) => roomFits(room, type)).map(({ id }) => id);
  const practitionerIds = able.map(({ id }) => id);
  const whose = {
    practitionerIds,
    roomIds: roomIds ?? [],
    patientId: wanted.patientId,
  };
  return { range, reach, location, type, able, roomIds, whose };
}

/** The slots that are left in the range when what is taken is known. @throws as `slots` */
export function freeIn(
  now: Date,
  setUp: SetUp,
  { range, location, type, able, roomIds }: Question,
  taken: BusyTimes,
  stepMinutes = GRID_MINUTES,
): Found {
  const { zone } = location;
  const found = slots({
    range,
    zone,
    stepMinutes,
    type,
    practitioners: able.map((one) => ({ ...one, busy: taken.practitioners.get(one.id) ?? [] })),
    rooms: roomIds?.map((id) => ({ id, busy: taken.rooms.get(id) ?? [] })) ?? null,
    patientBusy: taken.patient,
    notBefore: now.getTime() + setUp.noticeMinutes * MINUTE,
  });
  const horizon = boundaryOf(addDays(dateIn(now, zone), setUp.horizonDays), '24:00', zone).getTime();
  const names = new Map([...able, ...location.rooms].map(({ id, name }) => [id, name]));
  const view = (slot: Slot): SlotView => ({
    ...slot,
    why: null,
    localTime: localTimeOf(slot.startsAt, zone),
    practitionerName: names.get(slot.practitionerId) ?? '',
    roomName: slot.roomId === null ? null : (names.get(slot.roomId) ?? null),
  });
  return { zone, slots: found.filter(({ startsAt }) => startsAt.getTime() < horizon), view };
}

/** From the day before a wanted time, but not before `notBefore`, to a week later: where else is offered. */
export function rangeAround(startsAt: Date, zone: string, notBefore: number): Interval {
  const start = Math.max(startsAt.getTime() - 1440 * MINUTE, notBefore);
  const last = addDays(dateIn(new Date(start), zone), DAYS_OFFERED_AROUND);
  return { start, end: boundaryOf(last, '24:00', zone).getTime() };
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

/** @throws LocationNotFound, AppointmentTypeNotFound, StaffNotFound, PatientNotFound */
export function known(
  setUp: SetUp,
  wanted: Pick<SetUpWanted, 'patientId' | 'practitionerId'>,
): { location: NonNullable<SetUp['location']>; type: NonNullable<SetUp['type']> } {
  const { location, type, practitioners, patient } = setUp;
  if (!location) throw new LocationNotFound();
  if (!type) throw new AppointmentTypeNotFound();
  if (wanted.practitionerId !== null && practitioners.length === 0) throw new StaffNotFound();
  if (wanted.patientId !== null && !patient) throw new PatientNotFound();
  return { location, type };
}
