import { quadraticForm } from './quadratic-form.js';
import type { DayCount, SurvivalRecord } from '../survival.js';
import { chiSquareTail } from '../tail-probability.js';

export interface LogRank {
  /** Events seen and events expected if all groups shared one curve, in the order of the groups. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
}

/**
 * Whether the curves of two or more groups differ: on each event day the d events are expected to fall on the groups
 * by their shares of those at risk, with the hypergeometric covariance d (N − d)/(N − 1) · n_i/N (δ_ij − n_j/N);
 * χ² = (O − E)ᵀ V⁻¹ (O − E). Null when fewer than two groups were ever at risk of an event.
 *
 * Source: Mantel (1966), Peto & Peto (1972); agrees with R's survival::survdiff (rho = 0).
 * @throws RangeError when a time is not a whole number ≥ 0.
 */
export function logRank(groups: readonly (readonly SurvivalRecord[])[]): LogRank | null {
  return logRankOfCounts(
    groups.map((records) =>
      records.map(({ time, event }) => ({ time, events: event ? 1 : 0, censored: event ? 0 : 1 })),
    ),
  );
}

/** The same test from each group's counts, in any order; several counts of one day add up. */
export function logRankOfCounts(groups: readonly (readonly DayCount[])[]): LogRank | null {
  const size = groups.length;
  const days = tallyByGroup(groups);
  const atRisk = groups.map((counts) => sum(counts.map(({ events, censored }) => events + censored)));
  const observed = groups.map((counts) => sum(counts.map(({ events }) => events)));
  const expected = groups.map(() => 0);
  const covariance = groups.map(() => groups.map(() => 0));
  for (const day of days) {
    const total = sum(atRisk);
    const events = sum(day.events);
    const spread = total > 1 ? (events * (total - events)) / (total - 1) : 0;
    for (let i = 0; i < size; i += 1) {
      const share = at(atRisk, i) / total;
      expected[i] = at(expected, i) + events * share;
      const row = covariance[i] ?? [];
      for (let j = 0; j < size; j += 1) {
        row[j] = at(row, j) + spread * share * ((i === j ? 1 : 0) - at(atRisk, j) / total);
      }
    }
    for (let i = 0; i < size; i += 1) atRisk[i] = at(atRisk, i) - at(day.left, i);
  }
  // A group never at risk on an event day has nothing to compare and would make V singular.
  const compared = groups
    .keys()
    .filter((i) => at(expected, i) > 0)
    .toArray();
  const degreesOfFreedom = compared.length - 1;
  if (degreesOfFreedom < 1) return null;
  const kept = compared.slice(1);
  const difference = kept.map((i) => at(observed, i) - at(expected, i));
  const chiSquare = quadraticForm(
    kept.map((i) => kept.map((j) => at(covariance[i] ?? [], j))),
    difference,
  );
  if (chiSquare === null) return null;
  return { observed, expected, chiSquare, degreesOfFreedom, p: chiSquareTail(chiSquare, degreesOfFreedom) };
}

function tallyByGroup(groups: readonly (readonly DayCount[])[]) {
  const days = new Map<number, { time: number; events: number[]; left: number[] }>();
  for (const [group, counts] of groups.entries()) {
    for (const { time, events, censored } of counts) {
      if (!Number.isSafeInteger(time) || time < 0)
        throw new RangeError(`Not a whole number of 0 or more: ${time}`);
      const day = days.get(time) ?? { time, events: groups.map(() => 0), left: groups.map(() => 0) };
      day.events[group] = at(day.events, group) + events;
      day.left[group] = at(day.left, group) + events + censored;
      days.set(time, day);
    }
  }
  return [...days.values()].toSorted((a, b) => a.time - b.time);
}

const at = (values: readonly number[], index: number): number => values[index] ?? 0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
