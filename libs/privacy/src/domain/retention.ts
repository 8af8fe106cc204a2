import { addOffsets, latest, type CalendarDate } from '#kernel';

/**
 * Years a record is kept after its last entry where the clinic chose none. Ten as a rule; twenty in Switzerland, where
 * claims for injury lapse after twenty (OR art. 128a, since 2020). To be confirmed by the clinic's counsel.
 */
const DEFAULT_YEARS: Readonly<Record<string, number>> = { US: 10, EU: 10, UK: 10, CH: 20 };

export const defaultRetentionYears = (market: string): number => DEFAULT_YEARS[market] ?? 10;

/** How long a clinic keeps a record. */
export interface Retention {
  readonly years: number;
  /** US, EU, UK, CH */
  readonly market: string;
}

/**
 * Until which day, included, the record of somebody who was a minor at the last entry is kept where the United Kingdom's
 * rule holds: the 25th birthday, the 26th of who was 17 (Records Management Code of Practice); null for everybody else.
 */
export function keptOfMinor(
  bornOn: CalendarDate,
  lastEntryOn: CalendarDate,
  market: string,
): CalendarDate | null {
  const birthday = (n: number): CalendarDate => addOffsets(bornOn, { n, unit: 'year' });
  if (market !== 'UK' || lastEntryOn >= birthday(18)) return null;
  return birthday(lastEntryOn >= birthday(17) ? 26 : 25);
}

/** Until which day, included, the duty to keep a record stands; 29 February moves forward to 1 March. */
export const keptUntil = (entries: readonly [CalendarDate, ...CalendarDate[]], years: number): CalendarDate =>
  addOffsets(latest(...entries), { n: years, unit: 'year' });
