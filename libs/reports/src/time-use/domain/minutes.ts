import { intersect, union, type Interval } from '#kernel';

const MINUTE = 60_000;

/** Whole and part minutes of spans in epoch ms that do not overlap. */
export const minutesOf = (spans: readonly Interval[]): number =>
  spans.reduce((sum, { start, end }) => sum + (end - start) / MINUTE, 0);

export interface TimeUse {
  readonly available: number;
  readonly booked: number;
}

/** Minutes somebody could be booked, and of those the minutes taken: two visits at once take the time once. */
export function timeUse(working: readonly Interval[], taken: readonly Interval[]): TimeUse {
  return { available: minutesOf(working), booked: minutesOf(intersect(union(taken), working)) };
}

/** Sums by part of a period; `parts` one behind the other. */
export const timeUseByPart = (
  working: readonly Interval[],
  taken: readonly Interval[],
  parts: readonly Interval[],
): TimeUse[] => parts.map((part) => timeUse(intersect(working, [part]), taken));
