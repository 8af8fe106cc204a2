import { quadraticForm } from './quadratic-form.js';
import type { ClusteredSpans } from '../robust-variance.js';
import { chiSquareTail } from '../tail-probability.js';

export interface ClusteredLogRank {
  readonly clusters: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
}

/** More groups than this are not compared: the covariance of that many is not to be had from a clinic’s patients. */
export const MOST_COMPARED = 30;

/**
 * The log-rank test where spans of one cluster depend on each other, also across groups. A span of group g that ended
 * on day T adds to O − E of group j
 *   w_j = [event] (δ_gj − p_j(T)) − Σ_{s ≤ T} (δ_gj − p_j(s)) d(s)/n(s),
 * p_j(s) being the share of those at risk on day s who are of group j; V = Σ_clusters (Σ w)(Σ w)ᵀ and χ² = (O − E)ᵀ V⁻¹ (O − E).
 * Null when fewer than two groups were ever at risk of an event, there are more than `MOST_COMPARED`, or V is singular
 * (hardly more clusters than groups).
 *
 * Source: Lee, Wei & Amato (1992); the robust score test of R’s coxph(…, cluster, ties = "breslow").
 */
export function clusteredLogRank(groups: readonly ClusteredSpans[]): ClusteredLogRank | null {
  if (groups.length > MOST_COMPARED) return null;
  const { events, atRisk, everAtRisk } = daysOf(groups);
  const compared = everAtRisk.flatMap((ever, g) => (ever ? [g] : []));
  const kept = compared.slice(1);
  if (kept.length === 0) return null;
  // Up to and with each day: Σ d/n, and for each group Σ p d/n.
  const days = events.length;
  const hazard = new Float64Array(days);
  const shares = kept.map(() => new Float64Array(days));
  const expected = kept.map(() => new Float64Array(days));
  let sum = 0;
  const sums = kept.map(() => 0);
  for (let day = 0; day < days; day += 1) {
    const total = atRisk.reduce((all, column) => all + (column[day] ?? 0), 0);
    const step = total === 0 ? 0 : (events[day] ?? 0) / total;
    sum += step;
    hazard[day] = sum;
    for (const [k, g] of kept.entries()) {
      const share = total === 0 ? 0 : (atRisk[g]?.[day] ?? 0) / total;
      sums[k] = (sums[k] ?? 0) + share * step;
      shares.at(k)?.fill(share, day, day + 1);
      expected.at(k)?.fill(sums[k], day, day + 1);
    }
  }
  const influences = new Map<number, Float64Array>();
  for (const [g, { cluster, time, event }] of groups.entries()) {
    const own = kept.indexOf(g);
    for (let i = 0; i < time.length; i += 1) {
      const day = time[i] ?? 0;
      const ended = event[i] === 1 ? 1 : 0;
      const of = cluster[i] ?? 0;
      const w = influences.get(of) ?? new Float64Array(kept.length);
      influences.set(of, w);
      for (let k = 0; k < kept.length; k += 1) {
        w[k] = (w[k] ?? 0) + (expected[k]?.[day] ?? 0) - (ended === 1 ? (shares[k]?.[day] ?? 0) : 0);
      }
      if (own >= 0) w[own] = (w[own] ?? 0) + ended - (hazard[day] ?? 0);
    }
  }
  const difference = kept.map(() => 0);
  const covariance = kept.map(() => kept.map(() => 0));
  for (const w of influences.values()) {
    for (let k = 0; k < kept.length; k += 1) {
      const own = w[k] ?? 0;
      difference[k] = (difference[k] ?? 0) + own;
      const row = covariance[k] ?? [];
      for (let j = 0; j < kept.length; j += 1) row[j] = (row[j] ?? 0) + own * (w[j] ?? 0);
    }
  }
  const chiSquare = influences.size <= kept.length ? null : quadraticForm(covariance, difference);
  if (chiSquare === null) return null;
  const degreesOfFreedom = kept.length;
  return {
    clusters: influences.size,
    chiSquare,
    degreesOfFreedom,
    p: chiSquareTail(chiSquare, degreesOfFreedom),
  };
}

/** By day: events of all groups, and how many of each are at risk; and which groups were ever at risk of an event. */
function daysOf(groups: readonly ClusteredSpans[]) {
  let longest = 0;
  for (const { time } of groups)
    for (let i = 0; i < time.length; i += 1) longest = Math.max(longest, time[i] ?? 0);
  const events = new Float64Array(longest + 1);
  const atRisk = groups.map(({ time, event }) => {
    const left = new Float64Array(longest + 2);
    for (let i = 0; i < time.length; i += 1) {
      const day = time[i] ?? 0;
      left[day] = (left[day] ?? 0) + 1;
      if (event[i] === 1) events[day] = (events[day] ?? 0) + 1;
    }
    for (let day = longest; day >= 0; day -= 1) left[day] = (left[day] ?? 0) + (left[day + 1] ?? 0);
    return left;
  });
  const everAtRisk = atRisk.map((column) => events.some((d, day) => d > 0 && (column[day] ?? 0) > 0));
  return { events, atRisk, everAtRisk };
}
