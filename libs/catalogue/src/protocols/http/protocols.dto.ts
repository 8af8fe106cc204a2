import { IsCalendarDate, IsFilled, MayBeNull, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { ProtocolView } from '../../http/protocol.dto.js';

const UNITS = ['day', 'week', 'month', 'year'] as const;
const given = (_: unknown, value: unknown): boolean => value !== undefined && value !== null;

export class OwnInterval {
  /** @example 16 */
  @IsInt()
  @Min(1)
  @Max(400)
  n!: number;

  /** day, week, month, year @example week */
  @IsIn(UNITS)
  unit!: (typeof UNITS)[number];
}

export class OwnReview {
  /** Days after the treatment. @example 14 */
  @IsInt()
  @Min(0)
  @Max(365)
  fromDay!: number;

  /** @example 21 */
  @IsInt()
  @Min(0)
  @Max(365)
  toDay!: number;
}

/** What is left out stays as it is; weeks count from the last full treatment, null: no such date. */
export class ProtocolFiguresToChange {
  /** Holds beside the label's interval, never in its place; null takes it away. */
  @ValidateIf(given)
  @MayBeNull()
  @IsObject()
  @ValidateNested()
  @Type(() => OwnInterval)
  minimumInterval?: OwnInterval | null;

  /** Null: the window opens at the earliest date. @example 12 */
  @IsOptional()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(260)
  fromWeeks?: number | null;

  /** @example 14 */
  @IsOptional()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(260)
  targetWeeks?: number | null;

  /** @example 20 */
  @IsOptional()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(260)
  toWeeks?: number | null;

  /** @example 39 */
  @IsOptional()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(260)
  lapseWeeks?: number | null;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OwnReview)
  review?: OwnReview;

  /** @example 30 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(365)
  nonResponseDay?: number;

  /** Whether a touch-up moves the earliest next date. */
  @IsOptional()
  @IsBoolean()
  touchUpsCount?: boolean;
}

export class ChangeProtocol extends ProtocolFiguresToChange {
  /** Why, for colleagues and for later. @example Our patients' lines are back after 14 weeks */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;

  /** First day in force, today or later; left out: today. @example 2026-12-01 */
  @IsOptional()
  @IsCalendarDate()
  validFrom?: string;
}

export class FindVersions extends PageQuery {}

/** A version of the clinic's own figures. */
export class ProtocolVersionView {
  /** @example 1 */
  version!: number;
  figures!: ProtocolView;

  /** @example 2026-12-01 */
  validFrom!: string;
  reason!: string;
  authorId!: string | null;

  /** @example Dr Ada Okafor */
  authorName!: string | null;
  createdAt!: Date;
}

export class ProtocolInForceView {
  inForce!: ProtocolView;

  /** The newest of the clinic's own versions, which may come into force later; null when the catalogue's figures hold. */
  newest!: ProtocolVersionView | null;

  /** Of `newest`, for If-Match; 0 before the first. */
  version!: number;
}

export class ProtocolVersionPage {
  /** Newest first. */
  items!: ProtocolVersionView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
