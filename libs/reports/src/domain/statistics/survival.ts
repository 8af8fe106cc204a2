import { survivalInterval, type IntervalScale, type Limits } from './survival-interval.js';

/**
 * One observed span: whole days from its start to its event, or to the last day it was watched (`event` false).
 * A span of day 0 counts: it is at risk on day 0 only, and an event on day 0 lowers S(0).
 */
export interface SurvivalRecord {
  readonly time: number;
  readonly event: boolean;
}

/** How many spans ended on a day, with and without the event: all a curve needs, so SQL may count instead of us. */
export interface DayCount {
  readonly time: number;
  readonly events: number;
  readonly censored: number;
}

/**
 * One step of the curve, for each day on which a span ended. `nRisk` is counted just before the day's events.
 * `greenwoodSe` is the standard error of S, null once S is 0; limits are null where the scale has none.
 */
export interface SurvivalRow {
  readonly time: number;
  readonly nRisk: number;
  readonly nEvent: number;
  readonly nCensor: number;
  readonly survival: number;
  readonly greenwoodSe: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Rows ascend in time; `followUp` is the last observed day, null when nothing was observed. */
export interface SurvivalCurve {
  readonly n: number;
  readonly events: number;
  readonly followUp: number | null;
  readonly rows: readonly SurvivalRow[];
}

/** S on a day, the spans still at risk just before it and the events up to and with it. */
export interface SurvivalPoint {
  readonly time: number;
  readonly survival: number;
  readonly nRisk: number;
  readonly eventsSoFar: number;
  readonly greenwoodSe: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Kaplan–Meier estimate S(t) = ∏ (1 − d/n) over event days ≤ t, with Greenwood's variance
 * S² Σ d / (n (n − d)) and a 95 % interval, by default on the log-log scale.
 * A span censored on an event's day is still at risk for that event.
 *
 * Source: Kaplan & Meier, JASA 53:457 (1958); Greenwood (1926); agrees with R's survival::survfit.
 * @throws RangeError when a time is not a whole number ≥ 0.
 */
export function kaplanMeier(
  records: Iterable<SurvivalRecord>,
  scale: IntervalScale = 'log-log',
): SurvivalCurve {
  return kaplanMeierOfCounts(countByDay(records), scale);
}

/**
 * The same estimate from counts per day, in any order; several counts of one day add up.
 *
 * @throws RangeError when a time or a count is not a whole number ≥ 0.
 */
export function kaplanMeierOfCounts(
  counts: Iterable<DayCount>,
  scale: IntervalScale = 'log-log',
): SurvivalCurve {
  const days = mergeDays(counts);
  const n = days.reduce((sum, day) => sum + day.events + day.censored, 0);
  let nRisk = n;
  let survival = 1;
  let logVariance = 0;
  let events = 0;
  let limits: Limits | undefined; // those of the day before, where nothing happened
  const rows = days.map((day): SurvivalRow => {
    const stay = nRisk - day.events;
    survival *= stay / nRisk;
    logVariance += day.events === 0 ? 0 : day.events / (nRisk * stay);
    events += day.events;
    const logSe = Math.sqrt(logVariance);
    if (day.events > 0 || limits === undefined) limits = survivalInterval(survival, logSe, scale);
    const row = {
      time: day.time,
      nRisk,
      nEvent: day.events,
      nCensor: day.censored,
      survival,
      greenwoodSe: survival === 0 ? null : survival * logSe,
      lower: limits.lower,
      upper: limits.upper,
    };
    nRisk -= day.events + day.censored;
    return row;
  });
  return { n, events, followUp: days.at(-1)?.time ?? null, rows };
}

/**
 * S on day t ≥ 0. Null when it cannot be said: nothing was observed, or t lies beyond the last observed day while
 * S is still above 0. Before the first observed day S is 1 with limits 1 and 1, as in R.
 */
export function survivalAt(curve: SurvivalCurve, time: number): SurvivalPoint | null {
  if (curve.followUp === null) return null;
  const after = firstRowAfter(curve.rows, time);
  const row = curve.rows[after - 1];
  if (!row) {
    return { time, survival: 1, nRisk: curve.n, eventsSoFar: 0, greenwoodSe: 0, lower: 1, upper: 1 };
  }
  if (time > curve.followUp && row.survival > 0) return null;
  let eventsSoFar = 0;
  for (let i = 0; i < after; i += 1) eventsSoFar += curve.rows[i]?.nEvent ?? 0;
  const nRisk = row.time === time ? row.nRisk : (curve.rows[after]?.nRisk ?? 0);
  const { survival, greenwoodSe, lower, upper } = row;
  return { time, survival, nRisk, eventsSoFar, greenwoodSe, lower, upper };
}

/** Index of the first row later than `time` (the number of rows up to and with it), by bisection. */
export function firstRowAfter(rows: readonly { readonly time: number }[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* countByDay(records: Iterable<SurvivalRecord>): Iterable<DayCount> {
  for (const { time, event } of records) yield { time, events: event ? 1 : 0, censored: event ? 0 : 1 };
}

function mergeDays(counts: Iterable<DayCount>): readonly DayCount[] {
  const days = new Map<number, { time: number; events: number; censored: number }>();
  if (Array.isArray(counts) && inOrder(counts)) return counts;
  for (const { time, events, censored } of counts) {
    wholeNumber(time);
    wholeNumber(events);
    wholeNumber(censored);
    const day = days.get(time);
    if (day) {
      day.events += events;
      day.censored += censored;
    } else {
      days.set(time, { time, events, censored });
    }
  }
  return [...days.values()]
    .filter(({ events, censored }) => events + censored > 0)
    .toSorted((a, b) => a.time - b.time);
}

/** Counts that need no merging: a day once, ascending, each with somebody. */
function inOrder(counts: readonly DayCount[]): boolean {
  let last = -1;
  for (const { time, events, censored } of counts) {
    wholeNumber(time);
    wholeNumber(events);
    wholeNumber(censored);
    if (time <= last || events + censored === 0) return false;
    last = time;
  }
  return true;
}

function wholeNumber(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Not a whole number of 0 or more: ${value}`);
}
