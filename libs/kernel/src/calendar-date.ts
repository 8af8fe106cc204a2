import { refusal } from './domain-error.js';

/**
 * A civil date `YYYY-MM-DD` (proleptic Gregorian, years 0001–9999): a day on the wall calendar of a clinic,
 * without time or zone. Strings of this form sort in date order, so `<` and `max` work on them directly.
 */
export type CalendarDate = string & { readonly __kind: 'CalendarDate' };

/** A span to add to a date. Weeks are 7 days; months and years follow the calendar. `n` is a whole number. */
export interface Offset {
  readonly n: number;
  readonly unit: 'day' | 'week' | 'month' | 'year';
}

export class NotACalendarDate extends refusal({
  code: 'not_a_calendar_date',
  kind: 'bad-input',
  title: 'This is not a date of the calendar',
}) {}

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

/** Whether the text is an existing date: `2024-02-29` is, `2023-02-29` and `2023-2-3` are not. */
export function isCalendarDate(text: unknown): text is CalendarDate {
  if (typeof text !== 'string') return false;
  const match = PATTERN.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** @throws NotACalendarDate when the text is not an existing date. */
export function calendarDate(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new NotACalendarDate({ value: text });
  return text;
}

// Digit by digit: cut out as text they would take most of the time a bulk recompute has.
const pairAt = (date: string, i: number): number =>
  (date.charCodeAt(i) - 48) * 10 + date.charCodeAt(i + 1) - 48;

/** Days since 1970-01-01 (Howard Hinnant's days_from_civil), so that day arithmetic is integer arithmetic. */
export function toEpochDay(date: CalendarDate): number {
  const year = pairAt(date, 0) * 100 + pairAt(date, 2);
  const month = pairAt(date, 5);
  const day = pairAt(date, 8);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** @throws NotACalendarDate when the day lies outside the years 0001–9999. */
export function fromEpochDay(epochDay: number): CalendarDate {
  const z = epochDay + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return write(
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  );
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

function write(year: number, month: number, day: number): CalendarDate {
  if (!Number.isInteger(year) || year < 1 || year > 9999)
    throw new NotACalendarDate({ value: { year, month, day } });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where the brand is given
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` as CalendarDate;
}

/**
 * Adds offsets to a base date: years and months first, then weeks and days (CDC CDSi CALCDT-6). A date that does
 * not exist moves *forward* to the first of the next month (CALCDT-5), so "not before" is never early:
 * 31 Jan + 3 months = 1 May. PostgreSQL and `Temporal` clamp backwards instead; never use them for this.
 *
 * @throws NotACalendarDate when the result lies outside the years 0001–9999 or an `n` is not a whole number.
 */
export function addOffsets(base: CalendarDate, ...offsets: readonly Offset[]): CalendarDate {
  let months = 0;
  let days = 0;
  for (const { n, unit } of offsets) {
    if (unit === 'year') months += n * 12;
    else if (unit === 'month') months += n;
    else if (unit === 'week') days += n * 7;
    else days += n;
  }
  if (!Number.isSafeInteger(months) || !Number.isSafeInteger(days))
    throw new NotACalendarDate({ value: base });
  const moved = months === 0 ? base : addMonthsForward(base, months);
  return days === 0 ? moved : fromEpochDay(toEpochDay(moved) + days);
}

function addMonthsForward(base: CalendarDate, months: number): CalendarDate {
  const total = (pairAt(base, 0) * 100 + pairAt(base, 2)) * 12 + pairAt(base, 5) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  const day = pairAt(base, 8);
  if (day <= daysInMonth(year, month)) return write(year, month, day);
  return month === 12 ? write(year + 1, 1, 1) : write(year, month + 1, 1);
}

export const addDays = (base: CalendarDate, days: number): CalendarDate =>
  addOffsets(base, { n: days, unit: 'day' });

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  toEpochDay(to) - toEpochDay(from);

/** Completed years of age on a day. Someone born on 29 February turns a year older on 1 March in a common year. */
export function ageOn(birthDate: CalendarDate, day: CalendarDate): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day >= addOffsets(birthDate, { n: years, unit: 'year' }) ? years : years - 1;
}

export const latest = (first: CalendarDate, ...others: readonly CalendarDate[]): CalendarDate =>
  others.reduce((best, date) => (date > best ? date : best), first);
