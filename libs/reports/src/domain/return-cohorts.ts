import { calendarDate, type CalendarDate } from '#kernel';
import { cohortDays } from './courses/cuts.js';
import type { ReturnCycle, ReturnQuestion } from './return-cycles.js';
import { definitionOf } from './return-definitions.js';
import { columnsOf } from './courses/cycle-columns.js';
import { figuresOf, RETURN_HORIZONS, type ReturnFigures } from './return-rate.js';
import { sampleOf, type ReturnSample } from './return-sample.js';

export type CohortPeriod = 'month' | 'quarter';

/** One cell of the cohort triangle. */
export interface CohortCell {
  readonly days: number;
  /** Treatments of the cohort followed by a return within `days`, so far. */
  readonly returned: number;
  /** Treatments of the cohort that lie at least `days` before asOf. */
  readonly watched: number;
  /** Whether `returned` is final: the period is over and all its treatments were watched that long. */
  readonly complete: boolean;
}

export interface ReturnCohort {
  /** `2025-03` or `2025-Q1`. */
  readonly cohort: string;
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
  readonly definition: string;
  readonly cells: readonly CohortCell[];
  readonly figures: ReturnFigures;
}

export interface ReturnRate extends ReturnQuestion {
  readonly overall: ReturnFigures;
  /** Ascending; periods without an index treatment have no row. */
  readonly cohorts: readonly ReturnCohort[];
}

/**
 * The figures of all cycles and of each cohort by the month or quarter of the index treatment.
 *
 * @throws RangeError when a horizon is not a whole number of days ≥ 1.
 */
export function returnRate(
  cycles: readonly ReturnCycle[],
  question: ReturnQuestion & { readonly cohortBy: CohortPeriod; readonly horizons?: readonly number[] },
): ReturnRate {
  const { scope, asOf, cohortBy, horizons = RETURN_HORIZONS } = question;
  const sample = (members: readonly ReturnCycle[]): ReturnSample => sampleOf(columnsOf(members), asOf);
  const groups = Map.groupBy(cycles, (cycle) => nameOf(firstDayOf(cycle.treatedOn, cohortBy), cohortBy));
  return {
    scope,
    asOf,
    overall: figuresOf(sample(cycles), question, horizons),
    cohorts: [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([cohort, members]) => cohortOf(cohort, sample(members), question, horizons)),
  };
}

/** Whether what is back of a cohort by a horizon is final: its period is over and all its treatments were watched that long. */
export const isComplete = (
  lastDay: CalendarDate,
  asOf: CalendarDate,
  watched: number,
  treatments: number,
): boolean => lastDay < asOf && watched === treatments;

/** A cohort by its name, `2025-03` or `2025-Q1`, of cycles that are counted already. */
export function cohortOf(
  cohort: string,
  sample: ReturnSample,
  question: ReturnQuestion,
  horizons: readonly number[],
): ReturnCohort {
  const { firstDay, lastDay } = cohortDays(cohort);
  return {
    cohort,
    firstDay,
    lastDay,
    definition: definitionOf.cohort(question, firstDay, lastDay),
    cells: horizons.map((days) => {
      const { watched } = sample.watchedFor(days);
      return {
        days,
        returned: sample.returnedWithin(days),
        watched,
        complete: isComplete(lastDay, question.asOf, watched, sample.cycles),
      };
    }),
    figures: figuresOf(sample, question, horizons),
  };
}

function firstDayOf(day: CalendarDate, period: CohortPeriod): CalendarDate {
  const month = Number(day.slice(5, 7));
  const first = period === 'month' ? month : month - ((month - 1) % 3);
  return calendarDate(`${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`);
}

function nameOf(firstDay: CalendarDate, period: CohortPeriod): string {
  const month = Number(firstDay.slice(5, 7));
  return period === 'month' ? firstDay.slice(0, 7) : `${firstDay.slice(0, 4)}-Q${(month + 2) / 3}`;
}
