import type { ReturnQuestion } from './return-cycles.js';
import { lastWatched, LEFT, OPEN, RETURNED, type CycleColumns } from './courses/cycle-columns.js';
import type { ReturnSample } from './return-sample.js';
import { clusteredLogRank, type ClusteredLogRank } from './statistics/comparison/clustered-log-rank.js';
import { logRankOfCounts } from './statistics/comparison/log-rank.js';
import { newcombeDifference } from './statistics/proportion.js';

/** A return curve: the steps of 1 − Kaplan–Meier, side by side. */
export interface ReturnCurve {
  readonly days: readonly number[];
  readonly probability: readonly number[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  readonly nAtRisk: readonly number[];
}

/** The steps up to and with a day; it begins at day 0 with nobody back. */
export function curveOf({ curve }: ReturnSample, lastDay: number): ReturnCurve {
  const steps = curve.rows.filter(({ time, nEvent }) => nEvent > 0 && time <= lastDay);
  const turned = (limit: number | null): number | null => (limit === null ? null : 1 - limit);
  return {
    days: [0, ...steps.map(({ time }) => time)],
    probability: [0, ...steps.map(({ survival }) => 1 - survival)],
    lower: [null, ...steps.map(({ upper }) => turned(upper))],
    upper: [null, ...steps.map(({ lower }) => turned(lower))],
    nAtRisk: [curve.n, ...steps.map(({ nRisk }) => nRisk)],
  };
}

export interface ReturnComparison {
  /** Null when fewer than two groups can be compared. */
  readonly logRank: {
    readonly groups: number;
    readonly chiSquare: number;
    readonly degreesOfFreedom: number;
    readonly p: number;
    readonly observed: number[];
    readonly expected: number[];
  } | null;
  /** The same with treatments of one patient taken as dependent; null also for more groups than it is told for. */
  readonly clusteredLogRank: (ClusteredLogRank & { readonly groups: number }) | null;
  /** Of exactly two groups, first minus second; null otherwise. */
  readonly differences: ReturnDifference[] | null;
}

export interface ReturnDifference {
  readonly horizonDays: number;
  readonly first: { readonly numerator: number; readonly denominator: number };
  readonly second: { readonly numerator: number; readonly denominator: number };
  /** Null when no treatment of one of them is old enough. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Whether groups come back differently: their curves by log-rank, and two groups' matured-only shares by Newcombe. */
export function compareReturns(
  samples: readonly ReturnSample[],
  horizons: readonly number[],
): ReturnComparison {
  const test = logRankOfCounts(samples.map(({ counts }) => counts));
  const clustered = clusteredLogRank(samples.map(({ spans }) => spans));
  const [first, second] = samples;
  return {
    clusteredLogRank: clustered && { ...clustered, groups: samples.length },
    logRank:
      test === null
        ? null
        : { ...test, groups: samples.length, observed: [...test.observed], expected: [...test.expected] },
    differences:
      samples.length === 2 && first && second
        ? horizons.map((days) => differenceAt(first.watchedFor(days), second.watchedFor(days), days))
        : null,
  };
}

type Watched = ReturnType<ReturnSample['watchedFor']>;

function differenceAt(first: Watched, second: Watched, horizonDays: number): ReturnDifference {
  const asCount = ({ returned, watched }: Watched) => ({ numerator: returned, denominator: watched });
  const found = newcombeDifference(
    { x: first.returned, n: first.watched },
    { x: second.returned, n: second.watched },
  );
  return {
    horizonDays,
    first: asCount(first),
    second: asCount(second),
    difference: found?.difference ?? null,
    lower: found?.lower ?? null,
    upper: found?.upper ?? null,
  };
}

/** One line of a cohort table: counts only. */
export interface CohortCount {
  readonly treatments: number;
  readonly patients: number;
  readonly returned: number;
  readonly left: number;
  readonly open: number;
  /** By horizon: returned so far, and treatments at least that long ago. */
  readonly cells: readonly { readonly days: number; readonly returned: number; readonly watched: number }[];
}

/** Counts of all groups in one pass over the cycles, for tables of thousands of lines. */
export function countCohorts(
  columns: CycleColumns,
  groups: number,
  { asOf }: ReturnQuestion,
  horizons: readonly number[],
): CohortCount[] {
  const size = horizons.length;
  const ended = new Uint32Array(groups * 3);
  const patients = new Uint32Array(groups);
  const last = new Float64Array(groups).fill(-1);
  const returned = new Uint32Array(groups * size);
  const watched = new Uint32Array(groups * size);
  const lastDays = horizons.map((days) => lastWatched(days, asOf));
  const { patient, treatedOn, days, outcome, group: groupOf } = columns;
  for (let i = 0; i < columns.length; i += 1) {
    const group = groupOf[i] ?? 0;
    const how = outcome[i] ?? 0;
    ended[group * 3 + how] = (ended[group * 3 + how] ?? 0) + 1;
    if (last[group] !== patient[i]) {
      last[group] = patient[i] ?? 0;
      patients[group] = (patients[group] ?? 0) + 1;
    }
    const treated = treatedOn[i] ?? 0;
    const after = days[i] ?? 0;
    for (let h = 0; h < size; h += 1) {
      const cell = group * size + h;
      if (how === RETURNED && after <= (horizons[h] ?? 0)) returned[cell] = (returned[cell] ?? 0) + 1;
      if (treated <= (lastDays[h] ?? 0)) watched[cell] = (watched[cell] ?? 0) + 1;
    }
  }
  return Array.from({ length: groups }, (_, group): CohortCount => {
    const [open = 0, back = 0, left = 0] = [OPEN, RETURNED, LEFT].map((how) => ended[group * 3 + how] ?? 0);
    return {
      treatments: open + back + left,
      patients: patients[group] ?? 0,
      returned: back,
      left,
      open,
      cells: horizons.map((horizon, h) => ({
        days: horizon,
        returned: returned[group * size + h] ?? 0,
        watched: watched[group * size + h] ?? 0,
      })),
    };
  });
}
