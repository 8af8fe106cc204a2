import { IsFilled, IsMoment, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { BookAppointment, CancelAppointment, OverrideBooking } from '../../http/appointment.dto.js';
import { MOST_VISITS } from '../domain/series-dates.js';

const LONGEST_PERIOD_WEEKS = 52;

/** Where one visit is wanted instead. */
export class ReplaceVisit {
  /** @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  number!: number;

  /** @example 2027-01-14T10:30 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;
}

/** The first visit, and how it repeats; an override holds for each visit, but a double booking is for single ones only. */
export class PlanSeries extends BookAppointment {
  /** Weeks from one visit to the next, by the wall clock of the location. @example 4 */
  @IsInt()
  @Min(1)
  @Max(LONGEST_PERIOD_WEEKS)
  everyWeeks!: number;

  /** How many, the first included. @example 6 */
  @IsInt()
  @Min(2)
  @Max(MOST_VISITS)
  visits!: number;

  /** Other times, practitioners or rooms for single visits. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_VISITS)
  @ValidateNested({ each: true })
  @Type(() => ReplaceVisit)
  replacements?: ReplaceVisit[];

  /** Numbers of visits to leave out. @example [4] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MOST_VISITS)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(MOST_VISITS, { each: true })
  skip?: number[];
}

export class BookSeries extends PlanSeries {
  /** Books those that can be had and leaves out the others; without it, all or none. */
  @IsOptional()
  @IsBoolean()
  skipBlocked?: boolean;
}

/** Only what is sent changes, for this visit and all later ones that are still open. */
export class PlanSeriesChange {
  /** From this visit on. @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  fromVisit!: number;

  /** The new wall-clock time; each visit stays on its day. @example 14:30 */
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/)
  time?: string;

  /** The new day and time of that first visit; the later ones follow at their period. @example 2027-02-04T14:30 */
  @IsOptional()
  @IsMoment()
  startsAt?: string;

  /** The new period, counted from that first visit. @example 6 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_PERIOD_WEEKS)
  everyWeeks?: number;

  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  @IsOptional()
  @IsUUID()
  roomId?: string;

  @IsOptional()
  @IsUUID()
  typeId?: string;

  /** Leaves visits as they are that were moved by themselves before. */
  @IsOptional()
  @IsBoolean()
  keepDetached?: boolean;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_VISITS)
  @ValidateNested({ each: true })
  @Type(() => ReplaceVisit)
  replacements?: ReplaceVisit[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OverrideBooking)
  override?: OverrideBooking;
}

export class ChangeSeries extends PlanSeriesChange {
  /** Moves those that can be and leaves the others where they are; without it, all or none. */
  @IsOptional()
  @IsBoolean()
  skipBlocked?: boolean;

  /** @example New job, only afternoons now */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;
}

export class CancelSeries extends CancelAppointment {
  /** From this visit on. @example 3 */
  @IsInt()
  @Min(1)
  @Max(MOST_VISITS)
  fromVisit!: number;
}

export class ListSeries extends PageQuery {
  @IsUUID()
  patientId!: string;
}
