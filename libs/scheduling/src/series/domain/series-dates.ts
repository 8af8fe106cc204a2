import {
  addDays,
  boundaryOf,
  type CalendarDate,
  calendarDate,
  type DomainError,
  isWallTime,
  LocalTimeDoesNotExist,
  LocalTimeIsAmbiguous,
  NotAnInstant,
  readMoment,
  type WallTime,
} from '#kernel';

export const MOST_VISITS = 26;

/** A wall-clock time of a location: the day and the time on its clock. */
export interface LocalMoment {
  readonly on: CalendarDate;
  readonly time: WallTime;
}

/** @throws NotAnInstant, NotACalendarDate when the text is not `YYYY-MM-DDTHH:MM` */
export function localMoment(text: string): LocalMoment {
  const time = text.slice(11, 16);
  if (!isWallTime(time)) throw new NotAnInstant({ value: text });
  return { on: calendarDate(text.slice(0, 10)), time };
}

/**
 * The wall clock of visit `steps` periods after the first: the same weekday and time on the wall, whatever the clocks do in
 * between. @throws NotACalendarDate beyond the year 9999
 */
export const wallAfter = ({ on, time }: LocalMoment, everyWeeks: number, steps: number): string =>
  `${addDays(on, 7 * everyWeeks * steps)}T${time}`;

/** Where a moment lies; or why it lies nowhere, and then the instant the clock jumps to, or first shows it. */
export interface Located {
  readonly startsAt: Date | null;
  readonly near: Date;
  readonly refusal: DomainError | null;
}

/**
 * Reads a wall-clock time of a series, or an instant. A time that the clocks skip or show twice is reported, never
 * shifted: the patient was told that time. @throws NotAnInstant, NotACalendarDate, UnknownZone
 */
export function locate(moment: string, zone: string): Located {
  try {
    const startsAt = readMoment(moment, zone);
    return { startsAt, near: startsAt, refusal: null };
  } catch (error) {
    if (!(error instanceof LocalTimeDoesNotExist || error instanceof LocalTimeIsAmbiguous)) throw error;
    const { on, time } = localMoment(moment);
    return { startsAt: null, near: boundaryOf(on, time, zone), refusal: error };
  }
}
