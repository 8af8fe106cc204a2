import { addOffsets, latest, type CalendarDate } from '#kernel';

/**
 * Years a record is kept after its last entry where the clinic chose none. Ten as a rule; twenty in Switzerland, where
 * claims for injury lapse after twenty (OR art. 128a, since 2020). To be confirmed by the clinic's counsel.
 */
const DEFAULT_YEARS: Readonly<Record<string, number>> = { US: 10, EU: 10, UK: 10, CH: 20 };

export const defaultRetentionYears = (market: string): number => DEFAULT_YEARS[market] ?? 10;

/** Until which day, included, the duty to keep a record stands; 29 February moves forward to 1 March. */
export const keptUntil = (entries: readonly [CalendarDate, ...CalendarDate[]], years: number): CalendarDate =>
  addOffsets(latest(...entries), { n: years, unit: 'year' });
