import { survivalInterval, type IntervalScale } from './survival-interval.js';
import type { SurvivalCurve, SurvivalRecord, SurvivalRow } from './survival.js';

/** A span that came under watch only `entry` days after it began: one that ended before is never seen. */
export interface DelayedRecord extends SurvivalRecord {
  readonly entry: number;
}

/** A span watched for no time at all: with delayed entry it can be at risk of nothing. */
export class NotWatched extends RangeError {
  override readonly name = 'NotWatched';
}

/**
 * Kaplan–Meier with delayed entry (left truncation): on day t those are at risk who came under watch before t and have
 * not ended before t, (entry, time]. `n` counts all spans. The curve speaks of spans that last beyond the first entry,
 * and once everybody at risk has had the event S stays 0, however many come under watch later: look at N at risk.
 *
 * Source: Klein & Moeschberger, Survival Analysis (2003), 4.6; agrees with R's survfit(Surv(entry, time, event)).
 * @throws NotWatched when a span ends on or before its entry; RangeError when a day is not a whole number ≥ 0.
 */
export function kaplanMeierDelayed(
  records: Iterable<DelayedRecord>,
  scale: IntervalScale = 'log-log',
): SurvivalCurve {
  const spans = [...records];
  for (const { entry, time } of spans) {
    if (![entry, time].every((day) => Number.isSafeInteger(day) && day >= 0))
      throw new RangeError(`Not whole days of 0 or more: ${entry}, ${time}`);
    if (time <= entry)
      throw new NotWatched(`A span that ends on day ${time} was not watched after day ${entry}`);
  }
  const entries = spans.map(({ entry }) => entry).toSorted((a, b) => a - b);
  const ends = Map.groupBy(
    spans.toSorted((a, b) => a.time - b.time),
    ({ time }) => time,
  );
  let [entered, ended, survival, logVariance, events] = [0, 0, 1, 0, 0];
  const rows = [...ends].map(([time, ending]): SurvivalRow => {
    while ((entries[entered] ?? Infinity) < time) entered += 1;
    const nRisk = entered - ended;
    const nEvent = ending.filter(({ event }) => event).length;
    if (survival > 0 && nEvent > 0) {
      survival *= (nRisk - nEvent) / nRisk;
      logVariance += nEvent / (nRisk * (nRisk - nEvent));
    }
    events += nEvent;
    ended += ending.length;
    const logSe = Math.sqrt(logVariance);
    return {
      time,
      nRisk,
      nEvent,
      nCensor: ending.length - nEvent,
      survival,
      greenwoodSe: survival === 0 ? null : survival * logSe,
      ...survivalInterval(survival, logSe, scale),
    };
  });
  return { n: spans.length, events, followUp: rows.at(-1)?.time ?? null, rows };
}
