import { IsCalendarDate, IsFilled, IsZone } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsOptional,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { TimesOfDay } from './weekly-shift.dto.js';

export class OpenLocation {
  /** @example Harley Street */
  @IsFilled()
  @MaxLength(200)
  name!: string;

  /** IANA time zone; its hours and dates are meant by this clock. @example Europe/London */
  @IsZone()
  zone!: string;
}

/** Only what is sent changes; existing appointments stay at their instants. */
export class ChangeLocation {
  /** @example Harley Street */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  name?: string;

  /** Hours and dates set up are read by this clock from now on. @example Europe/London */
  @IsOptional()
  @IsZone()
  zone?: string;

  /** Whether it can be booked. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class ClosedDayEntry {
  /** @example 2026-12-25 */
  @IsCalendarDate()
  day!: string;

  /** @example Christmas Day */
  @IsFilled()
  @MaxLength(200)
  name!: string;
}

/** Replaces all closed days; existing appointments stay where they are. */
export class SetClosedDays {
  @IsArray()
  @ArrayMaxSize(1000)
  @ArrayUnique(({ day }: ClosedDayEntry) => day)
  @ValidateNested({ each: true })
  @Type(() => ClosedDayEntry)
  days!: ClosedDayEntry[];
}

/** A day it opens outside its weekly hours, a closed day too. */
export class ExtraOpeningEntry extends TimesOfDay {
  /** @example 2026-12-05 */
  @IsCalendarDate()
  day!: string;

  /** @example Open Saturday */
  @IsFilled()
  @MaxLength(200)
  name!: string;
}

/** Replaces all extra openings; existing appointments stay where they are. */
export class SetExtraOpenings {
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => ExtraOpeningEntry)
  openings!: ExtraOpeningEntry[];
}

export class AddRoom {
  /** @example Room 1 */
  @IsFilled()
  @MaxLength(200)
  name!: string;

  /** The word appointment types ask for. @example treatment */
  @IsFilled()
  @MaxLength(50)
  kind!: string;

  /** @example ["couch"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsFilled({ each: true })
  @MaxLength(50, { each: true })
  equipment?: string[];
}

/** Only what is sent changes; existing appointments stay in the room. */
export class ChangeRoom {
  /** @example Room 1 */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  name?: string;

  /** @example treatment */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  kind?: string;

  /** @example ["couch"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsFilled({ each: true })
  @MaxLength(50, { each: true })
  equipment?: string[];

  /** Whether it can be booked. */
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}
