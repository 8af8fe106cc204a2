import { addDays, type CalendarDate } from '#kernel';
import type { ReturnCycle, ReturnQuestion } from './return-cycles.js';
import { definitionOf } from './return-definitions.js';
import { cumulativeIncidence, incidenceAt, type IncidenceCurve } from './statistics/aalen-johansen.js';
import { wilson } from './statistics/proportion.js';
import { robustSurvivalAt, type ClusteredRecord } from './statistics/robust-variance.js';
import { kaplanMeier, survivalAt, type SurvivalCurve } from './statistics/survival.js';
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
  /** Probability of having left before returning. */
  readonly leftProbability: number | null;
}

/** x of n; null when no treatment is old enough. */
export interface MaturedReturn extends Figure {
  readonly proportion: number | null;
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
  readonly median: MedianReturn;
  readonly horizons: readonly ReturnHorizon[];
}

/**
 * What an admin is told about a set of cycles: the return probability by each horizon (days), the same with departures
 * as competing events, matured-only x of n, and the median. The cycles must have been built for the same question.
 *
 * @throws RangeError when a horizon is not a whole number of days ≥ 1.
 */
export function returnFigures(
  cycles: readonly ReturnCycle[],
  question: ReturnQuestion,
  horizons: readonly number[] = RETURN_HORIZONS,
): ReturnFigures {
  const count = (outcome: ReturnCycle['outcome']): number =>
    cycles.reduce((sum, cycle) => sum + (cycle.outcome === outcome ? 1 : 0), 0);
  const records = cycles.map(({ patientId, days, outcome }) => ({
    cluster: patientId,
    time: days,
    event: outcome === 'returned',
  }));
  const curve = kaplanMeier(records);
  const incidence = cumulativeIncidence(Iterator.from(cycles).map(competing));
  return {
    asOf: question.asOf,
    treatments: cycles.length,
    patients: new Set(cycles.map(({ patientId }) => patientId)).size,
    returned: count('returned'),
    left: count('left'),
    open: count('open'),
    median: medianOf(curve, question),
    horizons: horizons.map((days) => {
      if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`Not a number of days: ${days}`);
      const numerator = cycles.filter((cycle) => returnedWithin(cycle, days)).length;
      const counted = { asOf: question.asOf, horizonDays: days, numerator, denominator: cycles.length };
      return {
        days,
        probability: {
          definition: definitionOf.probability(question, days),
          ...counted,
          ...probabilityAt(curve, records, days),
        },
        withDepartures: {
          definition: definitionOf.withDepartures(question, days),
          ...counted,
          ...incidenceBy(incidence, days),
        },
        maturedOnly: maturedOnly(cycles, question, days),
      };
    }),
  };
}

/** Whether the patient was back on day `days` of the cycle or earlier. */
export const returnedWithin = (cycle: ReturnCycle, days: number): boolean =>
  cycle.outcome === 'returned' && cycle.days <= days;

/** The last treatment day that lies at least `days` before asOf, so that a return by then would be known. */
export const lastDayWatchedFor = (days: number, asOf: CalendarDate): CalendarDate => addDays(asOf, -days);

type Estimate<T extends Figure> = Omit<
  T,
  'definition' | 'asOf' | 'horizonDays' | 'numerator' | 'denominator'
>;

const unsaidOf = (n: number): Unsaid => (n === 0 ? 'no-treatments' : 'beyond-follow-up');
const without = (share: number | null | undefined): number | null =>
  typeof share === 'number' ? 1 - share : null;

const competing = ({ days, outcome }: ReturnCycle) => ({
  time: days,
  outcome: ({ returned: 'event', left: 'competing', open: 'censored' } as const)[outcome],
});

function probabilityAt(
  curve: SurvivalCurve,
  records: readonly ClusteredRecord[],
  days: number,
): Estimate<ReturnProbability> {
  const point = survivalAt(curve, days);
  const none = { lower: null, upper: null, clusteredLower: null, clusteredUpper: null };
  if (!point) return { probability: null, unsaid: unsaidOf(curve.n), nAtRisk: 0, ...none };
  const said = { probability: 1 - point.survival, unsaid: null, nAtRisk: point.nRisk };
  if (point.eventsSoFar === 0) return { ...said, ...none };
  const clustered = robustSurvivalAt(records, days, curve);
  return {
    ...said,
    lower: without(point.upper),
    upper: without(point.lower),
    clusteredLower: without(clustered?.upper),
    clusteredUpper: without(clustered?.lower),
  };
}

function incidenceBy(curve: IncidenceCurve, days: number): Estimate<ReturnIncidence> {
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

function maturedOnly(cycles: readonly ReturnCycle[], question: ReturnQuestion, days: number): MaturedReturn {
  const lastDay = lastDayWatchedFor(days, question.asOf);
  const old = cycles.filter(({ treatedOn }) => treatedOn <= lastDay);
  const numerator = old.filter((cycle) => returnedWithin(cycle, days)).length;
  const share = wilson(numerator, old.length);
  return {
    definition: definitionOf.maturedOnly(question, days),
    asOf: question.asOf,
    horizonDays: days,
    numerator,
    denominator: old.length,
    proportion: share?.proportion ?? null,
    lower: share?.lower ?? null,
    upper: share?.upper ?? null,
  };
}

function medianOf(curve: SurvivalCurve, question: ReturnQuestion): MedianReturn {
  const { estimate, lower, upper } = survivalQuantile(curve, 0.5);
  return {
    definition: definitionOf.median(question),
    asOf: question.asOf,
    numerator: curve.events,
    denominator: curve.n,
    ...(curve.n === 0 ? { days: null, lower: null, upper: null } : { days: estimate, lower, upper }),
  };
}
