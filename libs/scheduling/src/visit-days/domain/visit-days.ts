import { addDays, type CalendarDate, latest } from '#kernel';
import { LONGEST_SEARCH_DAYS } from '../../domain/availability.js';
import type { AppointmentKind, TreatmentWindow } from '../../domain/booking-rules.js';

/** Days, both inclusive. */
export interface Days {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** What a visit of the kind is searched by: windows for a treatment, the days of open reviews for a review. */
export interface VisitFacts {
  readonly kind: AppointmentKind;
  readonly today: CalendarDate;
  readonly windows: readonly TreatmentWindow[];
  readonly reviews: readonly Days[];
}

/**
 * The days to search for a patient's visit where none are named. A treatment: the part that the open windows have in
 * common, from today on; where they have none, or it is over, 60 days from the day it is first permitted. A review: the
 * same of the reviews that wait. Anything else: 60 days from today.
 */
export function daysToSearch({ kind, today, windows, reviews }: VisitFacts): Days {
  if (kind === 'treatment') {
    const permitted = latest(today, ...windows.flatMap(({ earliest }) => earliest ?? []));
    const from = latest(
      permitted,
      ...windows.flatMap(({ recommendedFrom, earliest }) => recommendedFrom ?? earliest ?? []),
    );
    const ends = windows.flatMap(({ recommendedTo }) => recommendedTo ?? []);
    return common(from, ends) ?? longest(permitted);
  }
  if (kind !== 'review') return longest(today);
  const toCome = reviews.filter(({ to }) => to >= today);
  const from = latest(today, ...toCome.map((days) => days.from));
  const ends = toCome.map(({ to }) => to);
  return common(from, ends) ?? longest(today);
}

/** From the first day to the first end, 60 days at most; null when no day is left or nothing ends. */
function common(from: CalendarDate, ends: readonly CalendarDate[]): Days | null {
  const [end] = ends.toSorted();
  if (end === undefined || end < from) return null;
  const { to } = longest(from);
  return { from, to: end < to ? end : to };
}

const longest = (from: CalendarDate): Days => ({ from, to: addDays(from, LONGEST_SEARCH_DAYS - 1) });
