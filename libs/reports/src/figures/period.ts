import { InvalidInput } from '#http';
import { addDays, daysBetween, type CalendarDate } from '#kernel';

import type { Period } from './domain/figure-definitions.js';

/** What a period is when nobody says: the last thirteen weeks. */
const DEFAULT_DAYS = 91;
/** Five years. */
const MOST_DAYS = 1827;

interface Days {
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

/** The period figures are asked for, to asOf unless said otherwise. @throws InvalidInput beyond five years */
export function periodOf(asOf: CalendarDate, { from, to = asOf }: Days, where: 'query' | 'body'): Period {
  const period = { asOf, to, from: from ?? addDays(to, 1 - DEFAULT_DAYS) };
  if (daysBetween(period.from, to) >= MOST_DAYS) {
    const detail = 'The period of figures may be five years long at most';
    throw new InvalidInput([{ pointer: '/from', in: where, detail }]);
  }
  return period;
}

/** The days of a longer question that figures are told of: the last five years. */
export const withinFiveYears = (asOf: CalendarDate, { from, to = asOf }: Days): Days =>
  from === undefined || daysBetween(from, to) < MOST_DAYS ? {} : { from: addDays(to, 1 - MOST_DAYS) };
