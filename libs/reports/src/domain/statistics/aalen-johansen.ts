import { firstRowAfter } from './survival.js';
import { survivalInterval, type Limits } from './survival-interval.js';

/** How many spans ended on a day, by how they ended. */
export interface OutcomeCount {
  readonly time: number;
  readonly event: number;
  readonly competing: number;
  readonly censored: number;
}

export interface IncidenceRow {
  readonly time: number;
  readonly nRisk: number;
  readonly nEvent: number;
  readonly nCompeting: number;
  readonly nCensor: number;
  /** Probability that the event of interest has happened by `time`, and its standard error. */
  readonly incidence: number;
  readonly se: number;
  /** Probability that the competing event has happened first. */
  readonly competingIncidence: number;
}

export interface IncidenceCurve {
  readonly n: number;
  readonly followUp: number | null;
  readonly rows: readonly IncidenceRow[];
}

export interface IncidencePoint extends Limits {
  readonly time: number;
  readonly nRisk: number;
  readonly incidence: number;
  readonly se: number;
  readonly competingIncidence: number;
}

/**
 * From counts, one a day, ascending: Aalen–Johansen cumulative incidence F(t) = Σ S(s−) d₁/n, S being free of *either* event, so that who died or moved
 * away can no longer return. The variance follows the product integral day by day: with h and h₁ the shares of those
 * at risk who had either event and the one of interest, F gains S h₁ and S shrinks by 1 − h, so
 * Var F += 2 h₁ Cov(S, F) + h₁² Var S + S² h₁ (1 − h₁)/n, and likewise for Cov(S, F) and Var S (Greenwood).
 * It equals the infinitesimal jackknife of R's survfit on a multi-state outcome.
 *
 * Source: Aalen & Johansen, Scand J Stat 5:141 (1978); Andersen et al., Statistical Models Based on Counting
 * Processes (1993), IV.4.
 */
export function cumulativeIncidence(days: readonly OutcomeCount[]): IncidenceCurve {
  const n = days.reduce((sum, day) => sum + day.event + day.competing + day.censored, 0);
  let nRisk = n;
  let free = 1;
  let incidence = 0;
  let competingIncidence = 0;
  let [varFree, covariance, variance] = [0, 0, 0];
  const rows = days.map((day): IncidenceRow => {
    const h = (day.event + day.competing) / nRisk;
    const h1 = day.event / nRisk;
    const noise = free ** 2 / nRisk;
    variance += 2 * h1 * covariance + h1 ** 2 * varFree + noise * h1 * (1 - h1);
    covariance = (1 - h) * (covariance + h1 * varFree - noise * h1);
    varFree = (1 - h) ** 2 * varFree + noise * h * (1 - h);
    incidence += free * h1;
    competingIncidence += (free * day.competing) / nRisk;
    free *= (nRisk - day.event - day.competing) / nRisk;
    const row = {
      time: day.time,
      nRisk,
      nEvent: day.event,
      nCompeting: day.competing,
      nCensor: day.censored,
      incidence,
      se: Math.sqrt(Math.max(0, variance)),
      competingIncidence,
    };
    nRisk -= day.event + day.competing + day.censored;
    return row;
  });
  return { n, followUp: days.at(-1)?.time ?? null, rows };
}

/**
 * F on day t with the 95 % interval on the log-log scale of 1 − F. Null when nothing was observed, or beyond the last
 * observed day while somebody was still free of both events.
 */
export function incidenceAt(curve: IncidenceCurve, time: number): IncidencePoint | null {
  if (curve.followUp === null) return null;
  const after = firstRowAfter(curve.rows, time);
  const row = curve.rows[after - 1];
  if (!row) {
    return { time, nRisk: curve.n, incidence: 0, se: 0, competingIncidence: 0, lower: null, upper: null };
  }
  if (time > curve.followUp && row.nRisk > row.nEvent + row.nCompeting) return null;
  const nRisk = row.time === time ? row.nRisk : (curve.rows[after]?.nRisk ?? 0);
  const { incidence, se, competingIncidence } = row;
  // A sum of fractions misses 1 by rounding; at 1 there is no interval.
  const without = 1 - incidence < 1e-12 ? 0 : 1 - incidence;
  const limits = survivalInterval(without, without === 0 ? 0 : se / without, 'log-log');
  return {
    time,
    nRisk,
    incidence,
    se,
    competingIncidence,
    lower: limits.upper === null ? null : 1 - limits.upper,
    upper: limits.lower === null ? null : 1 - limits.lower,
  };
}
