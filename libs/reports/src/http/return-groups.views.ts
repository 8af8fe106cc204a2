import type { CalendarDate } from '#kernel';
import type { ReturnQuestion } from '../domain/return-cycles.js';
import { isComplete } from '../domain/return-cohorts.js';
import { curveOf, type CohortCount } from '../domain/return-groups.js';
import { figuresOf, type MedianReturn, type ReturnHorizon } from '../domain/return-rate.js';
import type { ReturnSample } from '../domain/return-sample.js';
import type { CohortLineView, GroupHorizonView, QuantileView, ReturnGroupView } from './return-groups.dto.js';

/** A group as it is told; without a sample it is hidden. `curveTo` in days, null for no curve. */
export function groupView(
  values: Record<string, string>,
  sample: ReturnSample | null,
  question: ReturnQuestion,
  horizons: readonly number[],
  curveTo: number | null,
): ReturnGroupView {
  if (sample === null) return { values, suppressed: true, figures: null };
  const { treatments, patients, returned, left, open, optedOut, median, quartiles, ...figures } = figuresOf(
    sample,
    question,
    horizons,
  );
  const curve = curveTo === null ? null : curveOf(sample, curveTo);
  return {
    values,
    suppressed: false,
    figures: {
      treatments,
      patients,
      returned,
      left,
      open,
      optedOut,
      firstQuartile: quantile(quartiles.first),
      median: quantile(median),
      thirdQuartile: quantile(quartiles.third),
      horizons: figures.horizons.map(horizonView),
      curve: curve === null ? null : { ...mutable(curve) },
    },
  };
}

const mutable = ({ days, probability, lower, upper, nAtRisk }: ReturnType<typeof curveOf>) => ({
  days: [...days],
  probability: [...probability],
  lower: [...lower],
  upper: [...upper],
  nAtRisk: [...nAtRisk],
});

const quantile = ({ days, lower, upper }: MedianReturn): QuantileView => ({ days, lower, upper });

function horizonView({
  days,
  probability: p,
  withDepartures: d,
  maturedOnly: m,
}: ReturnHorizon): GroupHorizonView {
  return {
    days,
    numerator: p.numerator,
    denominator: p.denominator,
    probability: p.probability,
    lower: p.lower,
    upper: p.upper,
    clusteredLower: p.clusteredLower,
    clusteredUpper: p.clusteredUpper,
    nAtRisk: p.nAtRisk,
    unsaid: p.unsaid,
    incidence: d.probability,
    incidenceLower: d.lower,
    incidenceUpper: d.upper,
    leftProbability: d.leftProbability,
    matured: {
      numerator: m.numerator,
      denominator: m.denominator,
      proportion: m.proportion,
      lower: m.lower,
      upper: m.upper,
      exactLower: m.exactLower,
      exactUpper: m.exactUpper,
    },
  };
}

/** A line of the cohort table; without counts it is hidden. */
export function cohortLine(
  values: Record<string, string>,
  cohort: string,
  count: CohortCount | null | undefined,
  { lastDay }: { readonly lastDay: CalendarDate },
  asOf: CalendarDate,
): CohortLineView {
  if (!count) {
    const none = { treatments: null, patients: null, returned: null, left: null, open: null };
    return { values, cohort, suppressed: true, ...none, cells: [] };
  }
  const { cells, ...counts } = count;
  return {
    values,
    cohort,
    suppressed: false,
    ...counts,
    cells: cells.map((cell) => ({
      ...cell,
      complete: isComplete(lastDay, asOf, cell.watched, counts.treatments),
    })),
  };
}
