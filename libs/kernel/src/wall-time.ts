import { calendarDate, type CalendarDate, isCalendarDate } from './calendar-date.js';
import { refusal } from './domain-error.js';

/** Wall-clock time `HH:MM` (24 h) in a location's zone. */
export type WallTime = string & { readonly __kind: 'WallTime' };

export class UnknownZone extends refusal({
  code: 'unknown_zone',
  kind: 'bad-input',
  title: 'This is not an IANA time zone',
}) {}

export class LocalTimeDoesNotExist extends refusal({
  code: 'local_time_does_not_exist',
  kind: 'bad-input',
  title: 'The clocks go forward over this local time, so it does not exist on that day',
}) {}

export class LocalTimeIsAmbiguous extends refusal({
  code: 'local_time_ambiguous',
  kind: 'bad-input',
  title: 'The clocks go back over this local time, so it happens twice: give the offset from UTC',
}) {}

export class NotAnInstant extends refusal({
  code: 'not_an_instant',
  kind: 'bad-input',
  title: 'This is neither an instant (2026-03-29T09:30:00Z) nor a local time (2026-03-29T09:30)',
}) {}

export const isWallTime = (text: unknown): text is WallTime =>
  typeof text === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** Asking Intl costs 50 µs a time, too much for the thousands of boundaries of one availability search. */
const CANONICAL_ZONES: ReadonlySet<unknown> = new Set(Intl.supportedValuesOf('timeZone'));

export function isZone(text: unknown): text is string {
  if (CANONICAL_ZONES.has(text)) return true;
  if (typeof text !== 'string' || !/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The civil date on the wall at an instant. @throws UnknownZone */
export function dateIn(instant: Date, zone: string): CalendarDate {
  return calendarDate(wallIn(instant, zone).slice(0, 10));
}

/** The latest day it is anywhere on earth (UTC+14): to whoever knows no place, a day has come when it has begun there. */
export const newestDay = (instant: Date): CalendarDate => dateIn(instant, 'Pacific/Kiritimati');

/** The earliest day it is anywhere on earth (UTC-12): the days before it have passed wherever one is. */
export const oldestDay = (instant: Date): CalendarDate => dateIn(instant, 'Etc/GMT+12');

/** The wall clock `HH:MM` at an instant. @throws UnknownZone */
export function timeIn(instant: Date, zone: string): WallTime {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `HH:MM` by construction
  return wallIn(instant, zone).slice(11, 16) as WallTime;
}

/** The wall clock `YYYY-MM-DDTHH:MM` at an instant. @throws UnknownZone */
export function wallIn(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), zone)).toISOString().slice(0, 16);
}

/** From one clock change to the next, epoch ms; the offset from UTC does not change within. */
interface ConstantOffset {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

const MOST_REMEMBERED = 32;
const remembered = new Map<string, ConstantOffset[]>();

/** Milliseconds to add to UTC. Asking the zone costs microseconds, and a sheet or a search asks hundreds of times. */
function offsetAt(at: number, zone: string): number {
  const known = remembered.get(zone);
  const found = known?.find(({ from, until }) => from <= at && at < until);
  if (found) return found.offset;
  if (!isZone(zone)) throw new UnknownZone({ zone });
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const fresh = {
    // A change at this very instant counts as past.
    from: local.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    until: local.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: local.offsetNanoseconds / 1e6,
  };
  remembered.set(zone, [fresh, ...(known ?? [])].slice(0, MOST_REMEMBERED));
  return fresh.offset;
}

/**
 * The instant of a wall-clock time on a date in a zone.
 * @throws LocalTimeDoesNotExist in a spring-forward gap, LocalTimeIsAmbiguous in a fall-back hour, UnknownZone
 */
export function instantOf(date: CalendarDate, time: WallTime, zone: string): Date {
  if (!isZone(zone)) throw new UnknownZone({ zone });
  const local = Temporal.PlainDateTime.from(`${date}T${time}`);
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds !== later.epochMilliseconds) {
    const facts = { localTime: local.toString({ smallestUnit: 'minute' }), zone };
    throw earlier.toPlainDateTime().equals(local)
      ? new LocalTimeIsAmbiguous(facts)
      : new LocalTimeDoesNotExist(facts);
  }
  return new Date(earlier.epochMilliseconds);
}

/**
 * The instant of a wall-clock *boundary* (opening hours, start of a day): in a gap the moment the clocks jump to,
 * in a repeated hour its first occurrence, so that a shift starting at a skipped time still starts and a later
 * wall-clock time is never an earlier instant.
 * `24:00` is the end of the day. @throws UnknownZone
 */
export function boundaryOf(date: CalendarDate, time: WallTime | '24:00', zone: string): Date {
  if (!isZone(zone)) throw new UnknownZone({ zone });
  const day = Temporal.PlainDate.from(date);
  const local =
    time === '24:00'
      ? day.add({ days: 1 }).toPlainDateTime('00:00')
      : day.toPlainDateTime(Temporal.PlainTime.from(time));
  const moment = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (moment.toPlainDateTime().equals(local)) return new Date(moment.epochMilliseconds);
  const jump = moment.getTimeZoneTransition('next') ?? moment;
  return new Date(jump.epochMilliseconds);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;
const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:00)?$/;

/**
 * Reads a moment a person typed: an instant with an offset, or a wall-clock time in the location's zone.
 * @throws NotAnInstant, NotACalendarDate, LocalTimeDoesNotExist, LocalTimeIsAmbiguous, UnknownZone
 */
export function readMoment(text: string, zone: string): Date {
  const local = LOCAL.exec(text);
  if (local?.[1] && local[2] && isWallTime(local[2]))
    return instantOf(calendarDate(local[1]), local[2], zone);
  if (!isInstant(text)) throw new NotAnInstant({ value: text });
  return new Date(Temporal.Instant.from(text).epochMilliseconds);
}

/** On a day that exists and has days around it: what happens in the first or last year of the calendar cannot be reckoned with. */
const isOnADay = (text: string): boolean =>
  isCalendarDate(text.slice(0, 10)) && text >= '0002' && text < '9999';

/** Whether the text is an instant with an offset on an existing date and time. */
export function isInstant(text: unknown): text is string {
  if (typeof text !== 'string' || !INSTANT.test(text) || !isOnADay(text)) return false;
  try {
    Temporal.Instant.from(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the text is an instant or a local time without offset (its existence depends on the zone). */
export const isMoment = (text: unknown): text is string =>
  isInstant(text) ||
  (typeof text === 'string' && LOCAL.test(text) && isOnADay(text) && isWallTime(text.slice(11, 16)));
