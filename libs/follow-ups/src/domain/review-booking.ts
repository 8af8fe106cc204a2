import { type CalendarDate, daysBetween } from '#kernel';

import type { FollowUpStatus } from './follow-up-status.js';

/** A review that could be answered by a visit. */
export interface OpenReview {
  readonly id: string;
  readonly status: FollowUpStatus;
  readonly areas: readonly string[];
  readonly treatedOn: CalendarDate;
  readonly dueFrom: CalendarDate;
  readonly dueTo: CalendarDate;
  /** The day of the visit that answers it, or that was to when it was missed; null while nobody booked one. */
  readonly bookedFor: CalendarDate | null;
}

/**
 * The reviews a review visit on a day answers: all whose days contain it, else the one nearest to it, never one of a
 * treatment that is still to come. A visit that names areas answers reviews of those areas only.
 */
export function reviewsAnswered(
  reviews: readonly OpenReview[],
  on: CalendarDate,
  areaIds: readonly string[],
): OpenReview[] {
  const fitting = reviews.filter(
    ({ treatedOn, areas }) =>
      treatedOn < on && (areaIds.length === 0 || areas.some((area) => areaIds.includes(area))),
  );
  const inTime = fitting.filter(({ dueFrom, dueTo }) => dueFrom <= on && on <= dueTo);
  if (inTime.length > 0) return inTime;
  const nearest = fitting.toSorted((a, b) => distance(a, on) - distance(b, on) || (a.id < b.id ? -1 : 1));
  return nearest.slice(0, 1);
}

const distance = ({ dueFrom, dueTo }: OpenReview, on: CalendarDate): number =>
  on < dueFrom ? daysBetween(on, dueFrom) : daysBetween(dueTo, on);
