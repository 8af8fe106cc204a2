import type { CalendarDate } from '#kernel';
import { columnsOf } from './courses/cycle-columns.js';
import type { ReturnCycle, ReturnQuestion } from './return-cycles.js';
import { definitionOf } from './return-definitions.js';
import { sampleOf, type ReturnSample } from './return-sample.js';
import { incidenceAt } from './statistics/aalen-johansen.js';
import { clopperPearson, wilson } from './statistics/proportion.js';
import { survivalAt } from './statistics/survival.js';
import { survivalQuantile, type Reached } from './statistics/survival-quantile.js';

/** Days after a treatment at which clinics ask; 90 and 180 are also what other booking systems report. */
export const RETURN_HORIZONS: readonly number[] = [90, 120, 180, 270, 365];

/** Why a figure is null: nothing to count, or nobody was watched that long. */
export type Unsaid = 'no-treatments' | 'beyond-follow-up';

interface Figure {
  readonly definition: string;
  readonly asOf: CalendarDate;
  readonly horizonDays: number;
  /** Returns counted, and the full treatments they are counted among. */
  readonly numerator: number;
  readonly denominator: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** 1 − S(H). Limits are null while nobody has returned and once everybody has: log-log has none there. */
export interface ReturnProbability extends Figure {
  readonly probability: number | null;
  readonly unsaid: Unsaid | null;
  /** Treatments still watched, and not yet followed by a return, just before day H. */
  readonly nAtRisk: number;
  readonly clusteredLower: number | null;
  readonly clusteredUpper: number | null;
}

export interface ReturnIncidence extends Figure {
  readonly probability: number | null;
  readonly unsaid: Unsaid | null;
  readonly nAtRisk: number;
  readonly standardError: number | null;
  /** Probability of having died, moved away or opted out before returning. */
  readonly leftProbability: number | null;
}

/** x of n; null when no treatment is old enough. */
export interface MaturedReturn extends Figure {
  readonly proportion: number | null;
  /** Clopper and Pearson’s exact interval, beside Wilson’s. */
  readonly exactLower: number | null;
  readonly exactUpper: number | null;
}

export interface MedianReturn {
  readonly definition: string;
  readonly asOf: CalendarDate;
  readonly numerator: number;
  readonly denominator: number;
  /** Null without treatments. */
  readonly days: Reached | null;
  readonly lower: Reached | null;
  readonly upper: Reached | null;
}

export interface ReturnHorizon {
  readonly days: number;
  readonly probability: ReturnProbability;
  readonly withDepartures: ReturnIncidence;
  readonly maturedOnly: MaturedReturn;
}

export interface ReturnFigures {
  readonly asOf: CalendarDate;
  readonly treatments: number;
  readonly patients: number;
  readonly returned: number;
  readonly left: number;
  readonly open: number;
  /** Of all, those whose patient asked not to be contacted before returning; they are watched on all the same. */
  readonly optedOut: number;
  readonly median: MedianReturn;
  /** Days until a quarter and three quarters are back; the median stands beside them. */
  readonly quartiles: { readonly first: MedianReturn; readonly third: MedianReturn };
  readonly horizons: readonly ReturnHorizon[];
}

/**
 * What an admin is told about a set of cycles: the return probability by each horizon (days), the same with departures
 * as competing events, matured-only x of n, and median and quartiles. The cycles must have been built for the same question.
 *
 * @throws RangeError when a horizon is not a whole number of days ≥ 1.
 */
export function returnFigures(
  cycles: readonly ReturnCycle[],
  question: ReturnQuestion,
  horizons: readonly number[] = RETURN_HORIZONS,
): ReturnFigures {
  return figuresOf(sampleOf(columnsOf(cycles), question.asOf), question, horizons);
}

/** The same of cycles that are counted already. @throws RangeError when a horizon is not a whole number of days ≥ 1. */
export function figuresOf(
  sample: ReturnSample,
  question: ReturnQuestion,
  horizons: readonly number[],
): ReturnFigures {
  const { cycles, patients, returned, left, open, optedOut } = sample;
  const quantile = (share: number): MedianReturn => quantileOf(sample, question, share);
  return {
    asOf: question.asOf,
    treatments: cycles,
    patients,
    returned,
    left,
    open,
    optedOut,
    median: quantile(0.5),
    quartiles: { first: quantile(0.25), third: quantile(0.75) },
    horizons: horizons.map((days) => {
      if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`Not a number of days: ${days}`);
      const counted = {
        asOf: question.asOf,
        horizonDays: days,
        numerator: sample.returnedWithin(days),
        denominator: cycles,
      };
      return {
        days,
        probability: {
          definition: definitionOf.probability(question, days),
          ...counted,
          ...probabilityAt(sample, days),
        },
        withDepartures: {
          definition: definitionOf.withDepartures(question, days),
          ...counted,
          ...incidenceBy(sample, days),
        },
        maturedOnly: maturedOnly(sample, question, days),
      };
    }),
  };
}

type Estimate<T extends Figure> = Omit<
  T,
  'definition' | 'asOf' | 'horizonDays' | 'numerator' | 'denominator'
>;

const unsaidOf = (n: number): Unsaid => (n === 0 ? 'no-treatments' : 'beyond-follow-up');
const without = (share: number | null | undefined): number | null =>
  typeof share === 'number' ? 1 - share : null;

function probabilityAt({ curve, clustered }: ReturnSample, days: number): Estimate<ReturnProbability> {
  const point = survivalAt(curve, days);
  const none = { lower: null, upper: null, clusteredLower: null, clusteredUpper: null };
  if (!point) return { probability: null, unsaid: unsaidOf(curve.n), nAtRisk: 0, ...none };
  const said = { probability: 1 - point.survival, unsaid: null, nAtRisk: point.nRisk };
  if (point.eventsSoFar === 0) return { ...said, ...none };
  const dependent = clustered(days);
  return {
    ...said,
    lower: without(point.upper),
    upper: without(point.lower),
    clusteredLower: without(dependent?.upper),
    clusteredUpper: without(dependent?.lower),
  };
}

function incidenceBy({ incidence: curve }: ReturnSample, days: number): Estimate<ReturnIncidence> {
  const point = incidenceAt(curve, days);
  if (!point) {
    const none = { probability: null, lower: null, upper: null, standardError: null, leftProbability: null };
    return { ...none, unsaid: unsaidOf(curve.n), nAtRisk: 0 };
  }
  return {
    probability: point.incidence,
    unsaid: null,
    nAtRisk: point.nRisk,
    lower: point.lower,
    upper: point.upper,
    standardError: point.se,
    leftProbability: point.competingIncidence,
  };
}

function maturedOnly(sample: ReturnSample, question: ReturnQuestion, days: number): MaturedReturn {
  const { watched, returned } = sample.watchedFor(days);
  const share = wilson(returned, watched);
  const exact = clopperPearson(returned, watched);
  return {
    definition: definitionOf.maturedOnly(question, days),
    asOf: question.asOf,
    horizonDays: days,
    numerator: returned,
    denominator: watched,
    proportion: share?.proportion ?? null,
    lower: share?.lower ?? null,
    upper: share?.upper ?? null,
    exactLower: exact?.lower ?? null,
    exactUpper: exact?.upper ?? null,
  };
}

function quantileOf({ curve }: ReturnSample, question: ReturnQuestion, share: number): MedianReturn {
  const { estimate, lower, upper } = survivalQuantile(curve, 1 - share);
  return {
    definition: definitionOf.quantile(question, share),
    asOf: question.asOf,
    numerator: curve.events,
    denominator: curve.n,
    ...(curve.n === 0 ? { days: null, lower: null, upper: null } : { days: estimate, lower, upper }),
  };
}
