import { IsCalendarDate } from '#http';
import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';

import { FilterQuery } from '../../http/report-query.dto.js';

export class AskFigures extends PickType(FilterQuery, ['asOf', 'practitionerId', 'locationId']) {
  /** First day of the period, five years at most; default 91 days ending with `to`. @example 2026-01-01 */
  @IsOptional()
  @IsCalendarDate()
  from?: string;

  /** Last day of the period; default asOf. @example 2026-03-31 */
  @IsOptional()
  @IsCalendarDate()
  to?: string;
}

export class FigureView {
  /** @example rebooking */
  name!: string;

  /** What the figure says, in a sentence. */
  definition!: string;

  /** @example 2026-06-30 */
  asOf!: string;

  /** @example 9 */
  numerator!: number | null;

  /** @example 21 */
  denominator!: number | null;

  /** What is counted. @example treatment days */
  unit!: string;

  /** @example 0.4286 */
  value!: number | null;

  /** 95 % limits by `interval`, where it is a proportion; what is counted is taken as independent. */
  lower!: number | null;
  upper!: number | null;

  @ApiProperty({ type: String, nullable: true, enum: ['wilson', null] })
  interval!: string | null;

  /** Limits of Clopper and Pearson’s exact interval, for where few are counted. */
  exactLower!: number | null;
  exactUpper!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    enum: ['nothing-to-count', 'period-not-over', 'too-few-patients', null],
    description: 'Why it cannot be said',
  })
  unsaid!: string | null;

  /** What it is made of. @example { "attended": 120, "missed": 6 } */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  parts!: Record<string, number>;
}

class PeriodView {
  asOf!: string;
  from!: string;
  to!: string;
  practitionerId!: string | null;
  locationId!: string | null;
}

export class ClinicFiguresView extends PeriodView {
  figures!: FigureView[];
}

export class OtherSystemFigureView extends FigureView {
  @ApiProperty({ type: String, enum: ['Mangomint', 'Boulevard', 'Jane'] })
  system!: string;

  /** What it is called there. */
  theirName!: string;

  /** How it differs from the figures here. */
  note!: string;
}

export class OtherSystemsView extends PeriodView {
  figures!: OtherSystemFigureView[];
}
