import { IsCalendarDate } from '#http';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';

import type { CohortPeriod, ReturnRate } from '../domain/return-cohorts.js';
import type { ReturnScope } from '../domain/return-cycles.js';
import type { ReturnFilter } from '../domain/return-filter.js';
import type { ReturnFigures } from '../domain/return-rate.js';

const SCOPES = ['same-area', 'any-area'] as const;
const PERIODS = ['month', 'quarter'] as const;
const CATALOGUE_ID = /^[a-z][a-z_]{1,30}$/;
const REACHED = { oneOf: [{ type: 'integer' }, { type: 'string', enum: ['not-reached'] }, { type: 'null' }] };

export class AskReturnRate {
  /** same-area: back for the same area, one cycle an area; any-area: back for any. */
  @IsOptional()
  @IsIn(SCOPES)
  scope: ReturnScope = 'same-area';

  /** The last day that counts, at the location of each treatment; default today. @example 2026-06-30 */
  @IsOptional()
  @IsCalendarDate()
  asOf?: string;

  /** How the cohorts are cut, by the treatment's own civil date. */
  @IsOptional()
  @IsIn(PERIODS)
  cohortBy: CohortPeriod = 'month';

  /** Only cycles that start with this practitioner. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** Only cycles that start with this product (catalogue id). @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;

  /** Only cycles that start with this area (catalogue id). @example glabella */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  area?: string;

  /** Only cycles that start at this location. */
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** First day of the treatments. @example 2026-01-01 */
  @IsOptional()
  @IsCalendarDate()
  from?: string;

  /** Last day of the treatments. @example 2026-06-30 */
  @IsOptional()
  @IsCalendarDate()
  to?: string;

  @ApiProperty({
    required: false,
    type: String,
    example: '90,120,180,270,365',
    description: 'Days after the treatment by which a return is asked for, 1 to 3650, separated by commas',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.split(',').map(whole) : value,
  )
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(12)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(3650, { each: true })
  horizons?: number[];
}

const whole = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN);

class CountedView {
  /** What the figure says, in a sentence. */
  definition!: string;

  /** @example 2026-06-30 */
  asOf!: string;

  /** Returns counted. @example 6 */
  numerator!: number;

  /** Full treatments they are counted among. @example 21 */
  denominator!: number;
}

class HorizonFigureView extends CountedView {
  /** @example 120 */
  horizonDays!: number;

  /** Lower 95 % limit. @example 0.274 */
  lower!: number | null;

  /** Upper 95 % limit. @example 0.776 */
  upper!: number | null;
}

export class ReturnProbabilityView extends HorizonFigureView {
  /** 1 − Kaplan–Meier; null when it cannot be said. @example 0.5 */
  probability!: number | null;

  @ApiProperty({ type: String, nullable: true, enum: ['no-treatments', 'beyond-follow-up', null] })
  unsaid!: string | null;

  /** Treatments still watched and not yet followed by a return, just before the horizon. @example 6 */
  nAtRisk!: number;

  /** Lower limit with treatments of one patient taken as dependent. */
  clusteredLower!: number | null;

  /** Upper limit with treatments of one patient taken as dependent. */
  clusteredUpper!: number | null;
}

export class ReturnIncidenceView extends HorizonFigureView {
  /** Aalen–Johansen cumulative incidence of a return. @example 0.469 */
  probability!: number | null;

  @ApiProperty({ type: String, nullable: true, enum: ['no-treatments', 'beyond-follow-up', null] })
  unsaid!: string | null;

  /** @example 6 */
  nAtRisk!: number;

  standardError!: number | null;

  /** Probability of having died or moved away before returning. @example 0.0625 */
  leftProbability!: number | null;
}

export class MaturedReturnView extends HorizonFigureView {
  /** Of the treatments at least that long ago; null when there is none. @example 0.3333 */
  proportion!: number | null;
}

export class MedianReturnView extends CountedView {
  @ApiProperty({ ...REACHED, description: 'Days until half are back; null without treatments', example: 99 })
  days!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Lower 95 % limit' })
  lower!: number | string | null;

  @ApiProperty({ ...REACHED, description: 'Upper 95 % limit' })
  upper!: number | string | null;
}

export class ReturnHorizonView {
  /** @example 120 */
  days!: number;

  probability!: ReturnProbabilityView;
  withDepartures!: ReturnIncidenceView;
  maturedOnly!: MaturedReturnView;
}

export class ReturnFiguresView {
  asOf!: string;

  /** Cycles counted: full treatments, one an area when the scope is same-area. @example 21 */
  treatments!: number;

  /** @example 13 */
  patients!: number;

  /** @example 8 */
  returned!: number;

  /** Died or moved away before returning. @example 1 */
  left!: number;

  /** Not back yet. @example 12 */
  open!: number;

  median!: MedianReturnView;
  horizons!: ReturnHorizonView[];
}

export class CohortCellView {
  /** @example 120 */
  days!: number;

  /** Treatments of the cohort followed by a return within the days, so far. */
  returned!: number;

  /** Treatments of the cohort at least that many days before asOf. */
  watched!: number;

  /** Whether `returned` is final. */
  complete!: boolean;
}

export class ReturnCohortView {
  /** @example 2026-03 */
  cohort!: string;

  firstDay!: string;
  lastDay!: string;
  definition!: string;
  cells!: CohortCellView[];
  figures!: ReturnFiguresView;
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
  overall!: ReturnFiguresView;

  /** Ascending; periods without a treatment have no row. */
  cohorts!: ReturnCohortView[];
}

export const returnRateView = (
  { scope, asOf, overall, cohorts }: ReturnRate,
  cohortBy: CohortPeriod,
  filter: ReturnFilter,
): ReturnRateView => ({
  scope,
  asOf,
  cohortBy,
  filter: {
    practitionerId: null,
    locationId: null,
    product: null,
    area: null,
    from: null,
    to: null,
    ...filter,
  },
  overall: figuresView(overall),
  cohorts: cohorts.map(({ figures, cells, ...cohort }) => ({
    ...cohort,
    cells: [...cells],
    figures: figuresView(figures),
  })),
});

const figuresView = (figures: ReturnFigures): ReturnFiguresView => ({
  ...figures,
  horizons: [...figures.horizons],
});
