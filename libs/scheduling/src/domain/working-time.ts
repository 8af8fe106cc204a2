import {
  addDays,
  boundaryOf,
  type CalendarDate,
  dateIn,
  type Interval,
  intersect,
  subtract,
  toEpochDay,
  type WallTime,
} from '#kernel';
import { MINUTE } from './appointment.js';
import { WorkingHoursInvalid } from './scheduling.errors.js';

/**
 * Hours that repeat weekly by the wall clock of a location: opening hours, or a practitioner's hours there. A shift
 * whose `end` is before its `start` ends on the next day; `24:00` is the end of the day. Both validity dates are
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

/**
 * Shifts as the set-up takes them: by day, so that a night shift is entered as two.
 * @throws WorkingHoursInvalid, naming the first that cannot be
 */
export function checkWeeklyShifts(
  shifts: readonly {
    readonly weekday: number;
    readonly start: string;
    readonly end: string;
    readonly validFrom: string;
    readonly validTo?: string | null;
  }[],
): void {
  const wrong = shifts.find(
    ({ start, end, validFrom, validTo }) =>
      end <= start || (typeof validTo === 'string' && validTo < validFrom),
  );
  if (wrong) throw new WorkingHoursInvalid({ ...wrong });
}

/** A calendar day of a location: its weekday, its span in epoch ms, and when a wall-clock boundary of it comes. */
interface LocalDay extends Interval {
  readonly date: CalendarDate;
  readonly weekday: number;
  readonly at: (time: WallTime | '24:00') => number;
}

/** The days a range touches, with one either side for night shifts. Made once for all staff of a search. */
export interface LocalDays {
  readonly range: Interval;
  readonly days: readonly LocalDay[];
}

/** @throws UnknownZone */
export function localDays(range: Interval, zone: string): LocalDays {
  const last = addDays(dateIn(new Date(range.end), zone), 1);
  const days: LocalDay[] = [];
  for (let date = addDays(dateIn(new Date(range.start), zone), -1); date <= last; date = addDays(date, 1)) {
    const start = days.at(-1)?.end ?? boundaryOf(addDays(date, -1), '24:00', zone).getTime();
    const end = boundaryOf(date, '24:00', zone).getTime();
    days.push({ date, weekday: weekdayOf(date), start, end, at: clockOf(date, { start, end }, zone) });
  }
  return { range, days };
}

/** On a day the clocks do not change, wall time is plain arithmetic: asking the zone each time was most of a search. */
function clockOf(date: CalendarDate, { start, end }: Interval, zone: string): LocalDay['at'] {
  const justBefore = Temporal.Instant.fromEpochMilliseconds(start - 1).toZonedDateTimeISO(zone);
  const change = justBefore.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  if (change <= end) return (time) => boundaryOf(date, time, zone).getTime();
  return (time) => start + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE;
}

/** 1970-01-01 was a Thursday (4). */
const weekdayOf = (date: CalendarDate): number => ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;

const recursOn = (hours: WeeklyHours, { weekday, date }: LocalDay): boolean =>
  hours.weekday === weekday && hours.validFrom <= date && (hours.validTo === null || date <= hours.validTo);

/** Shifts in epoch ms, not yet cut to the range: a shift that began the evening before reaches into it. */
function shiftsIn(weekly: readonly WeeklyHours[], { days }: LocalDays): Interval[] {
  const shifts: Interval[] = [];
  days.forEach((day, index) => {
    for (const hours of weekly) {
      if (!recursOn(hours, day)) continue;
      const endDay = hours.end < hours.start ? days[index + 1] : day;
      // The last day lies beyond the range, so its night shifts cannot matter.
      if (endDay) shifts.push({ start: day.at(hours.start), end: endDay.at(hours.end) });
    }
  });
  return shifts;
}

/**
 * The spans a location is open within the range, epoch ms, sorted and disjoint, right across clock changes: a boundary
 * in a skipped hour is the moment of the jump, in a repeated hour its first occurrence. A closed date closes that
 * calendar day from midnight to midnight, and cuts a shift that runs into it; extra openings open even then.
 */
export function openIntervals(opening: OpeningHours, calendar: LocalDays): Interval[] {
  const { weekly, closedDates, extraOpenings = [] } = opening;
  const closed = new Set(closedDates);
  const closedDays = calendar.days.filter(({ date }) => closed.has(date));
  const open = [...subtract(shiftsIn(weekly, calendar), closedDays), ...extraOpenings];
  return intersect(open, [calendar.range]);
}

/**
 * The spans a practitioner can be booked within the range: (weekly hours ∪ extra hours − absences) ∩ `open`. An absence
 * beats extra hours, and nobody works in a closed building: a special day needs an extra opening of the location too.
 * `open` comes from {@link openIntervals} over the same calendar, once for all practitioners.
 */
export function workingIntervals(
  pattern: WorkingPattern,
  open: readonly Interval[],
  calendar: LocalDays,
): Interval[] {
  const hours = [...shiftsIn(pattern.weekly, calendar), ...pattern.extraHours];
  return intersect(subtract(hours, pattern.absences), open);
}
