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

import { CUTS, type Cut } from '../domain/courses/cuts.js';
import type { CohortPeriod } from '../domain/return-cohorts.js';
import type { ReturnScope } from '../domain/return-cycles.js';

export const SCOPES = ['same-area', 'any-area'] as const;
export const PERIODS = ['month', 'quarter'] as const;
const CATALOGUE_ID = /^[a-z][a-z_]{1,30}$/;

const words = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.split(',') : value;
const whole = (text: string): number => (/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN);
const numbers = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.split(',').map(whole) : value;

/** Which treatments a report starts from, and on which day it stands. */
export class FilterQuery {
  /** The last day that counts, at each location; default today. @example 2026-06-30 */
  @IsOptional()
  @IsCalendarDate()
  asOf?: string;

  /** Only this practitioner’s. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** Only treatments with this product (catalogue id). @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;

  /** Only treatments of this area (catalogue id). @example glabella */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  area?: string;

  /** Only this location’s. */
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
}

/** What every question about returns says. */
export class ReturnQuery extends FilterQuery {
  /** same-area: back for the same area, one cycle an area; any-area: back for any. */
  @IsOptional()
  @IsIn(SCOPES)
  scope: ReturnScope = 'same-area';

  @ApiProperty({
    required: false,
    type: String,
    example: '90,120,180,270,365',
    description: 'Days after the treatment by which a return is asked for, 1 to 3650, separated by commas',
  })
  @IsOptional()
  @Transform(numbers)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(12)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(3650, { each: true })
  horizons?: number[];
}

/** Cuts, separated by commas. */
export const IsCuts =
  (most: number): PropertyDecorator =>
  (target, key) => {
    for (const decorate of [
      IsIn(CUTS, { each: true }),
      ArrayUnique(),
      ArrayMaxSize(most),
      ArrayMinSize(1),
      IsArray(),
      Transform(words),
      ApiProperty({
        required: false,
        type: String,
        example: 'practitioner,area',
        description: `What to cut by, at most ${most} together, separated by commas: ${CUTS.join(', ')}`,
      }),
    ])
      decorate(target, key);
  };

export type { Cut, CohortPeriod };
