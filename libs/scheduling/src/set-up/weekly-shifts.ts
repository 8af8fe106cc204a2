import type { WeeklyShift } from './http/weekly-shift.dto.js';

export const asDate = (date: string): Date => new Date(`${date}T00:00:00Z`);

/** The columns that say when a shift comes round. */
export const recurrenceOf = ({ weekday, validFrom, validTo, everyWeeks = 1, anchorMonday }: WeeklyShift) => ({
  weekday,
  validFrom: asDate(validFrom),
  validTo: typeof validTo === 'string' ? asDate(validTo) : null,
  everyWeeks,
  // Every week has nothing to count from.
  anchor: everyWeeks > 1 && typeof anchorMonday === 'string' ? asDate(anchorMonday) : null,
});
