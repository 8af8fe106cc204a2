import { IsIn, IsOptional } from 'class-validator';

import type { CohortPeriod, ReturnRate } from '../domain/return-cohorts.js';
import type { ReturnFilter } from '../domain/return-filter.js';
import { PERIODS, ReturnQuery } from './report-query.dto.js';
import { CohortCellView, figuresView, ReturnFiguresView } from './return-figures.views.js';

export class AskReturnRate extends ReturnQuery {
  /** How the cohorts are cut, by the treatment's own civil date. */
  @IsOptional()
  @IsIn(PERIODS)
  cohortBy: CohortPeriod = 'month';
}

export class ReturnCohortView {
  /** @example 2026-03 */
  cohort!: string;

  firstDay!: string;
  lastDay!: string;
  definition!: string;

  /** Too few patients to be told to somebody who may not see charts: no cells, no figures. */
  suppressed!: boolean;

  cells!: CohortCellView[];
  figures!: ReturnFiguresView | null;
}

/** What was asked of the treatment each cycle starts with; null asks nothing. */
export class ReturnFilterView {
  practitionerId!: string | null;
  locationId!: string | null;
  product!: string | null;
  area!: string | null;
  from!: string | null;
  to!: string | null;
}

export class ReturnRateView {
  /** @example same-area */
  scope!: string;

  /** @example 2026-06-30 */
  asOf!: string;

  /** @example month */
  cohortBy!: string;

  filter!: ReturnFilterView;

  /** Null when a filter leaves too few patients to be told to somebody who may not see charts. */
  overall!: ReturnFiguresView | null;

  /** Ascending; periods without a treatment have no row. */
  cohorts!: ReturnCohortView[];
}

/** What a report says where small numbers are not told: nothing hidden unless a place is in `hidden`. */
export const returnRateView = (
  { scope, asOf, overall, cohorts }: ReturnRate,
  cohortBy: CohortPeriod,
  filter: ReturnFilter,
  hidden: { readonly overall: boolean; readonly cohorts: ReadonlySet<string> },
): ReturnRateView => ({
  scope,
  asOf,
  cohortBy,
  filter: filterView(filter),
  overall: hidden.overall ? null : figuresView(overall),
  cohorts: cohorts.map(({ figures, cells, ...cohort }) => {
    const suppressed = hidden.cohorts.has(cohort.cohort);
    return {
      ...cohort,
      suppressed,
      cells: suppressed ? [] : [...cells],
      figures: suppressed ? null : figuresView(figures),
    };
  }),
});

export const filterView = (filter: ReturnFilter): ReturnFilterView => ({
  practitionerId: null,
  locationId: null,
  product: null,
  area: null,
  from: null,
  to: null,
  ...filter,
});
