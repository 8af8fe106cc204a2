import {
  addDays,
  boundaryOf,
  calendarDate,
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
  /** Every n-th week, 1 to 8, counted from the week of `anchorMonday`, in both directions; every week without. */
  readonly everyWeeks?: number;
  readonly anchorMonday?: CalendarDate | null;
}

/** One opening of a location outside its weekly hours, by its wall clock. */
export interface ExtraOpening {
  readonly day: CalendarDate;
  readonly start: WallTime;
  readonly end: WallTime | '24:00';
}

/** When a location is open: its week, less the calendar days it is closed, plus single openings. */
export interface OpeningHours {
  readonly weekly: readonly WeeklyHours[];
  readonly closedDates: readonly CalendarDate[];
  readonly extraOpenings?: readonly ExtraOpening[];
}

/** When one practitioner works at one location. Extra hours and absences for part of a day are instants. */
export interface WorkingPattern {
  readonly weekly: readonly WeeklyHours[];
  readonly extraHours: readonly Interval[];
  readonly absences: readonly Interval[];
  /** Whole calendar days away, both inclusive: at every location by its own clock. */
  readonly absentDays?: readonly { readonly from: CalendarDate; readonly to: CalendarDate }[];
}

/**
 * @throws WorkingHoursInvalid for a weekday outside 1–7, an empty shift, validity dates the wrong way round, or weeks that
 *   alternate without a Monday to count from
 */
export function checkWeeklyHours(hours: WeeklyHours): WeeklyHours {
  const { weekday, start, end, validFrom, validTo } = hours;
  const dayExists = Number.isInteger(weekday) && weekday >= 1 && weekday <= 7;
  if (!dayExists || start === end || (validTo !== null && validTo < validFrom) || !recurs(hours))
    throw new WorkingHoursInvalid({ ...hours });
  return hours;
}

const MOST_WEEKS = 8;

/** Whether it is said from which Monday every other week counts. */
function recurs({
  everyWeeks = 1,
  anchorMonday = null,
}: {
  readonly everyWeeks?: number | undefined;
  readonly anchorMonday?: string | null | undefined;
}): boolean {
  if (!Number.isInteger(everyWeeks) || everyWeeks < 1 || everyWeeks > MOST_WEEKS) return false;
  return anchorMonday === null ? everyWeeks === 1 : weekdayOf(calendarDate(anchorMonday)) === 1;
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
    readonly everyWeeks?: number;
    readonly anchorMonday?: string | null;
  }[],
): void {
  const wrong = shifts.find(
    ({ start, end, validFrom, validTo, ...weeks }) =>
      end <= start || (typeof validTo === 'string' && validTo < validFrom) || !recurs(weeks),
  );
  if (wrong) throw new WorkingHoursInvalid({ ...wrong });
}

/** @throws WorkingHoursInvalid, naming the first that ends before it starts */
export function checkTimesOfDay(spans: readonly { readonly start: string; readonly end: string }[]): void {
  const wrong = spans.find(({ start, end }) => end <= start);
  if (wrong) throw new WorkingHoursInvalid({ ...wrong });
}

/**
 * Whole calendar days, both inclusive, as one span in epoch ms: from the first midnight of any of the zones to the last.
 * @throws UnknownZone
 */
export function wholeDays(first: CalendarDate, last: CalendarDate, zones: readonly string[]): Interval {
  const begins = zones.map((zone) => boundaryOf(addDays(first, -1), '24:00', zone).getTime());
  const ends = zones.map((zone) => boundaryOf(last, '24:00', zone).getTime());
  return { start: Math.min(...begins), end: Math.max(...ends) };
}

/** A calendar day of a location: its weekday, its span in epoch ms, and when a wall-clock boundary of it comes. */
interface LocalDay extends Interval {
  readonly date: CalendarDate;
  readonly weekday: number;
  /** Weeks since that of 1970-01-01, Monday to Sunday: a count knows no year end. */
  readonly week: number;
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
    days.push({
      date,
      weekday: weekdayOf(date),
      week: weekOf(date),
      start,
      end,
      at: clockOf(date, { start, end }, zone),
    });
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

const weekOf = (date: CalendarDate): number => Math.floor((toEpochDay(date) + 3) / 7);

const recursOn = (hours: WeeklyHours, { weekday, date, week }: LocalDay): boolean =>
  hours.weekday === weekday &&
  hours.validFrom <= date &&
  (hours.validTo === null || date <= hours.validTo) &&
  isItsWeek(hours, week);

const isItsWeek = ({ everyWeeks = 1, anchorMonday }: WeeklyHours, week: number): boolean =>
  everyWeeks === 1 || !anchorMonday || (week - weekOf(anchorMonday)) % everyWeeks === 0;

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
  const special = extraOpenings.flatMap(({ day, start, end }) =>
    calendar.days.filter(({ date }) => date === day).map(({ at }) => ({ start: at(start), end: at(end) })),
  );
  const closed = new Set(closedDates);
  const closedDays = calendar.days.filter(({ date }) => closed.has(date));
  const open = [...subtract(shiftsIn(weekly, calendar), closedDays), ...special];
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
  const { weekly, extraHours, absences, absentDays = [] } = pattern;
  const away = calendar.days.filter(({ date }) =>
    absentDays.some(({ from, to }) => from <= date && date <= to),
  );
  const hours = [...shiftsIn(weekly, calendar), ...extraHours];
  return intersect(subtract(hours, [...absences, ...away]), open);
}
