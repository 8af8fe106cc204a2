import {
  addDays,
  boundaryOf,
  type CalendarDate,
  dateIn,
  type Interval,
  intersect,
  subtract,
  toEpochDay,
  union,
  type WallTime,
} from '#kernel';
import { WorkingHoursInvalid } from './scheduling.errors.js';

/**
 * Hours that repeat weekly by the wall clock of a location: opening hours, or a practitioner's hours there. A shift
 * whose `end` is not after its `start` ends on the next day; `24:00` is the end of the day. Both validity dates are
 * inclusive and mean the day the shift starts; `validTo: null` is open-ended.
 */
export interface WeeklyHours {
  /** ISO: 1 Monday … 7 Sunday. */
  readonly weekday: number;
  readonly start: WallTime;
  readonly end: WallTime | '24:00';
  readonly validFrom: CalendarDate;
  readonly validTo: CalendarDate | null;
}

/** When a location is open: its week, less the calendar days it is closed, plus single openings (instants). */
export interface OpeningHours {
  readonly zone: string;
  readonly weekly: readonly WeeklyHours[];
  readonly closedDates: readonly CalendarDate[];
  readonly extraOpenings?: readonly Interval[];
}

/** When one practitioner works at one location. Absences and extra hours are instants, whole or part of a day. */
export interface WorkingPattern {
  readonly weekly: readonly WeeklyHours[];
  readonly extraHours: readonly Interval[];
  readonly absences: readonly Interval[];
}

/** @throws WorkingHoursInvalid for a weekday outside 1–7, an empty shift or validity dates the wrong way round */
export function checkWeeklyHours(hours: WeeklyHours): WeeklyHours {
  const { weekday, start, end, validFrom, validTo } = hours;
  const dayExists = Number.isInteger(weekday) && weekday >= 1 && weekday <= 7;
  if (!dayExists || start === end || (validTo !== null && validTo < validFrom))
    throw new WorkingHoursInvalid({ ...hours });
  return hours;
}

/** 1970-01-01 was a Thursday (4). */
const weekdayOf = (date: CalendarDate): number => ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;

const recursOn = (hours: WeeklyHours, date: CalendarDate): boolean =>
  hours.weekday === weekdayOf(date) &&
  hours.validFrom <= date &&
  (hours.validTo === null || date <= hours.validTo);

/** Shifts in epoch ms, not yet cut to the range: a shift that began the evening before reaches into it. */
function shiftsIn(weekly: readonly WeeklyHours[], range: Interval, zone: string): Interval[] {
  const boundaries = new Map<string, number>();
  const boundary = (date: CalendarDate, time: WallTime | '24:00'): number => {
    const key = date + time;
    const known = boundaries.get(key) ?? boundaryOf(date, time, zone).getTime();
    boundaries.set(key, known);
    return known;
  };
  const shifts: Interval[] = [];
  const last = dateIn(new Date(range.end), zone);
  for (let date = addDays(dateIn(new Date(range.start), zone), -1); date <= last; date = addDays(date, 1)) {
    for (const hours of weekly) {
      if (!recursOn(hours, date)) continue;
      const endDate = hours.end <= hours.start ? addDays(date, 1) : date;
      shifts.push({ start: boundary(date, hours.start), end: boundary(endDate, hours.end) });
    }
  }
  return shifts;
}

/**
 * The spans a location is open within `range` (epoch ms), sorted and disjoint, right across clock changes: a boundary
 * in a skipped hour is the moment of the jump, in a repeated hour its first occurrence. A closed date closes that
 * calendar day from midnight to midnight, and cuts a shift that runs into it; extra openings open even then.
 * @throws UnknownZone
 */
export function openIntervals(opening: OpeningHours, range: Interval): Interval[] {
  const { zone, weekly, closedDates, extraOpenings = [] } = opening;
  const closed = closedDates.map((date) => ({
    start: boundaryOf(addDays(date, -1), '24:00', zone).getTime(),
    end: boundaryOf(date, '24:00', zone).getTime(),
  }));
  const open = union([...subtract(shiftsIn(weekly, range, zone), closed), ...extraOpenings]);
  return intersect(open, [range]);
}

/**
 * The spans a practitioner can be booked within `range`: (weekly hours ∪ extra hours − absences) ∩ `open`. An absence
 * beats extra hours, and nobody works in a closed building: a special day needs an extra opening of the location too.
 * `open` comes from {@link openIntervals} over the same range, once for all practitioners.
 * @throws UnknownZone
 */
export function workingIntervals(
  pattern: WorkingPattern,
  open: readonly Interval[],
  range: Interval,
  zone: string,
): Interval[] {
  const hours = union([...shiftsIn(pattern.weekly, range, zone), ...pattern.extraHours]);
  return intersect(subtract(hours, pattern.absences), open);
}
