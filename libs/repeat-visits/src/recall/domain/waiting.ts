import { type CalendarDate, daysBetween } from '#kernel';

/**
 * The value of waiting: days every area has stood open since its first recommended day, added up. Two areas three weeks
 * past it weigh as much as one area six weeks past it. The recall list filters by it (`WAITING` in due-windows.queries.ts).
 */
export const waitingOf = (
  windows: readonly { readonly recommendedFrom: CalendarDate | null }[],
  on: CalendarDate,
): number =>
  windows.reduce(
    (days, { recommendedFrom }) =>
      recommendedFrom === null || recommendedFrom > on ? days : days + daysBetween(recommendedFrom, on),
    0,
  );
