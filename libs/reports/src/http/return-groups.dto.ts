import { PageQuery } from '#http';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { MOST_CUTS } from '../domain/courses/cuts.js';
import { IsCuts, PERIODS, ReturnQuery, type CohortPeriod, type Cut } from './report-query.dto.js';
import { CohortCellView, REACHED } from './return-figures.views.js';
import { ReturnFilterView } from './return-rate.dto.js';

const flag = ({ value }: { value: unknown }): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

export class AskReturnGroups extends IntersectionType(ReturnQuery, PageQuery) {
  @IsCuts(MOST_CUTS)
  by!: Cut[];

  /** Whether each group comes with the steps of its curve up to the longest horizon. */
  @IsOptional()
  @Transform(flag)
  @IsBoolean()
  curves: boolean = false;

  /**
   * Groups a page, 1 to 500.
   * @example 100
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  override limit: number = 100;
}

export class AskReturnCohorts extends IntersectionType(ReturnQuery, PageQuery) {
  /** Cuts beside the cohort. */
  @IsOptional()
  @IsCuts(MOST_CUTS - 1)
  by?: Cut[];

  /** How the cohorts are cut, by the treatment's own civil date. */
  @IsOptional()
  @IsIn(PERIODS)
  cohortBy: CohortPeriod = 'month';

  /**
   * Lines a page, 1 to 5000.
   * @example 500
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  override limit: number = 500;
}

export class QuantileView {
  @ApiProperty({ ...REACHED, description: 'Days; null without treatments', example: 99 })
  days!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Lower 95 % limit' })
  lower!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Upper 95 % limit' })
  upper!: number | string | null;
}

/** The figures of a group by one horizon; `definitions` of the answer say what each is. */
export class GroupHorizonView {
  /** @example 120 */
  days!: number;

  /** Returns so far, of all treatments of the group. */
  numerator!: number;
  denominator!: number;

  /** 1 − Kaplan–Meier. */
  probability!: number | null;
  lower!: number | null;
  upper!: number | null;
  clusteredLower!: number | null;
  clusteredUpper!: number | null;
  nAtRisk!: number;

  @ApiProperty({ type: String, nullable: true, enum: ['no-treatments', 'beyond-follow-up', null] })
  unsaid!: string | null;

  /** Aalen–Johansen: returned before leaving, with its limits; and left before returning. */
  incidence!: number | null;
  incidenceLower!: number | null;
  incidenceUpper!: number | null;
  leftProbability!: number | null;

  /** Matured-only: of treatments at least that long ago. */
  matured!: MaturedView;
}

export class MaturedView {
  numerator!: number;
  denominator!: number;
  proportion!: number | null;

  /** Wilson’s limits. */
  lower!: number | null;
  upper!: number | null;

  /** Clopper and Pearson’s. */
  exactLower!: number | null;
  exactUpper!: number | null;
}

/** Steps of 1 − Kaplan–Meier side by side; between them it is level. */
export class ReturnCurveView {
  days!: number[];
  probability!: number[];
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  lower!: (number | null)[];
  @ApiProperty({ type: 'array', items: { type: 'number', nullable: true } })
  upper!: (number | null)[];
  nAtRisk!: number[];
}

export class GroupFiguresView {
  treatments!: number;
  patients!: number;
  returned!: number;
  left!: number;
  open!: number;
  optedOut!: number;
  firstQuartile!: QuantileView;
  median!: QuantileView;
  thirdQuartile!: QuantileView;
  horizons!: GroupHorizonView[];
  curve!: ReturnCurveView | null;
}

export class ReturnGroupView {
  /** By cut. @example { "practitioner": "0190b000-0000-7000-8003-000000000001", "area": "glabella" } */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  values!: Record<string, string>;

  /** Not told to somebody who may not see charts: too few patients, or one could subtract. */
  suppressed!: boolean;

  figures!: GroupFiguresView | null;
}

export class LogRankView {
  groups!: number;
  chiSquare!: number;
  degreesOfFreedom!: number;
  p!: number;
  observed!: number[];
  expected!: number[];
}

export class ClusteredLogRankView {
  groups!: number;

  /** Patients, each with all their treatments. */
  clusters!: number;
  chiSquare!: number;
  degreesOfFreedom!: number;
  p!: number;
}

export class CountView {
  numerator!: number;
  denominator!: number;
}

export class ReturnDifferenceView {
  horizonDays!: number;
  first!: CountView;
  second!: CountView;
  difference!: number | null;
  lower!: number | null;
  upper!: number | null;
}

export class ReturnComparisonView {
  definition!: string;
  logRank!: LogRankView | null;

  /** With treatments of one patient taken as dependent; null beyond 30 groups. */
  clusteredLogRank!: ClusteredLogRankView | null;

  /** Where exactly two groups are told, the first minus the second. */
  differences!: ReturnDifferenceView[] | null;
}

class CutReportView {
  scope!: string;
  asOf!: string;
  by!: string[];
  filter!: ReturnFilterView;

  /** What each figure of the groups says. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  definitions!: Record<string, string>;

  /** The cursor of the next page; null on the last. */
  next!: string | null;
}

export class ReturnGroupsView extends CutReportView {
  items!: ReturnGroupView[];

  /** Of all groups that are told, not of the page. */
  comparison!: ReturnComparisonView;
}

export class CohortLineView {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  values!: Record<string, string>;
  cohort!: string;
  suppressed!: boolean;
  treatments!: number | null;
  patients!: number | null;
  returned!: number | null;
  left!: number | null;
  open!: number | null;
  cells!: CohortCellView[];
}

export class ReturnCohortsView extends CutReportView {
  cohortBy!: string;
  items!: CohortLineView[];
}
