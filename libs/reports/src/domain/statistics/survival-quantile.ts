import type { SurvivalCurve, SurvivalRow } from './survival.js';

/** A day, or the finding that the curve never comes down far enough while it is watched. */
export type Reached = number | 'not-reached';

export interface SurvivalQuantile {
  readonly estimate: Reached;
  readonly lower: Reached;
  readonly upper: Reached;
}

/**
 * Which day answers when S is *exactly* the level on a whole stretch: `first-day` is the first of it,
 * min{t: S(t) ≤ level}, what the reports show; `midpoint` is the middle of the stretch, what R prints.
 */
export type QuantileConvention = 'first-day' | 'midpoint';

// R's tolerance for "exactly": a product of fractions rarely lands on 0.5 in binary.
const EXACTLY = Math.sqrt(Number.EPSILON);

interface Step {
  readonly time: number;
  readonly level: number;
}

/**
 * The day on which S has come down to `level` (0.5 for the median), with the 95 % interval by inversion: the days
 * on which the curve's lower and upper limits come down to it.
 *
 * Source: Brookmeyer & Crowley, Biometrics 38:29 (1982); `midpoint` agrees with R's quantile.survfit.
 * @throws RangeError when the level does not lie between 0 and 1.
 */
export function survivalQuantile(
  curve: SurvivalCurve,
  level: number,
  convention: QuantileConvention = 'first-day',
): SurvivalQuantile {
  if (!(level > 0 && level < 1)) throw new RangeError(`Not a level between 0 and 1: ${level}`);
  const of = (pick: (row: SurvivalRow) => number | null): Reached =>
    convention === 'first-day'
      ? firstDay(curve, level, pick)
      : midpoint(stepsOf(curve, pick), level, curve.followUp ?? 0);
  return {
    estimate: of((row) => row.survival),
    lower: of((row) => row.lower),
    upper: of((row) => row.upper),
  };
}

function firstDay(
  { rows }: SurvivalCurve,
  level: number,
  pick: (row: SurvivalRow) => number | null,
): Reached {
  const reached = rows.find((row) => {
    const value = pick(row);
    return value !== null && value <= level + EXACTLY;
  });
  return reached?.time ?? 'not-reached';
}

function stepsOf({ rows }: SurvivalCurve, pick: (row: SurvivalRow) => number | null): Step[] {
  const steps: Step[] = [{ time: 0, level: 1 }];
  for (const row of rows) {
    const value = pick(row);
    if (value !== null) steps.push({ time: row.time, level: value });
  }
  return steps;
}

/** R keeps the first day of each distinct level, orders by level and averages the crossings of level ± tolerance. */
function midpoint(steps: readonly Step[], level: number, lastDay: number): Reached {
  const seen = new Set<number>();
  const falling = steps
    .filter((step) => !seen.has(step.level) && seen.add(step.level))
    .toSorted((a, b) => b.level - a.level);
  const from = falling.find((step) => step.level <= level + EXACTLY);
  if (!from) return 'not-reached';
  const lowest = steps.at(-1);
  if (lowest && Math.abs(lowest.level - level) < EXACTLY) return (from.time + lastDay) / 2;
  const to = falling.find((step) => step.level <= level - EXACTLY);
  return to ? (from.time + to.time) / 2 : 'not-reached';
}

export interface RestrictedMean {
  readonly mean: number;
  readonly se: number;
}

/**
 * Mean days without the event within the first `tau` days: the area under S from 0 to tau, with the variance
 * Σ A(t)² d / (n (n − d)), A(t) being the area from t to tau. Null beyond the follow-up, unless S has reached 0.
 *
 * Source: Irwin (1949); R's print(survfit, rmean = tau).
 */
export function restrictedMean(curve: SurvivalCurve, tau: number): RestrictedMean | null {
  if (curve.followUp === null) return null;
  if (tau > curve.followUp && curve.rows.at(-1)?.survival !== 0) return null;
  const rows = curve.rows.filter((row) => row.time <= tau);
  let area = 0;
  let variance = 0;
  let end = tau;
  for (const row of rows.toReversed()) {
    area += row.survival * (end - row.time);
    const stay = row.nRisk - row.nEvent;
    if (stay > 0) variance += (area ** 2 * row.nEvent) / (row.nRisk * stay);
    end = row.time;
  }
  return { mean: area + end, se: Math.sqrt(variance) };
}
