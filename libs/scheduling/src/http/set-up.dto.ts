import { IsCalendarDate, IsFilled, IsMoment, IsZone, MayBeNull } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const KINDS = ['consultation', 'treatment', 'review', 'complication-check'] as const;
const START = /^([01]\d|2[0-3]):[0-5]\d$/;
const END = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export class OpenLocation {
  /** @example Harley Street */
  @IsFilled()
  @MaxLength(200)
  name!: string;

  /** IANA time zone; its hours and dates are meant by this clock. @example Europe/London */
  @IsZone()
  zone!: string;
}

/** One shift that repeats weekly, by the wall clock of the location. */
export class WeeklyShift {
  /** Monday = 1 … Sunday = 7. @example 1 */
  @IsInt()
  @Min(1)
  @Max(7)
  weekday!: number;

  /** @example 09:00 */
  @Matches(START, { message: 'Give a time of day HH:MM' })
  start!: string;

  /** On the same day; 24:00 is its end. @example 17:30 */
  @Matches(END, { message: 'Give a time of day HH:MM, or 24:00' })
  end!: string;

  /** First day it applies. @example 2026-01-01 */
  @IsCalendarDate()
  validFrom!: string;

  /** Last day it applies; without one, until changed. */
  @MayBeNull()
  @IsOptional()
  @IsCalendarDate()
  validTo?: string | null;
}

/** Replaces all shifts; existing appointments stay where they are. */
export class SetWeeklyHours {
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => WeeklyShift)
  hours!: WeeklyShift[];
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
  equipment?: string[];
}

export class AddAppointmentType {
  /** @example Botulinum toxin treatment */
  @IsFilled()
  @MaxLength(200)
  name!: string;

  /** @example treatment */
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];

  /** @example 30 */
  @IsInt()
  @Min(5)
  @Max(480)
  durationMinutes!: number;

  /** Setting up, for practitioner and room. @example 5 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  bufferBeforeMinutes?: number;

  /** Cleaning. @example 10 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(120)
  bufferAfterMinutes?: number;

  /** Without one, any room will do; without equipment either, no room is taken. @example treatment */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  roomKind?: string;

  /** What the room must hold. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsFilled({ each: true })
  equipment?: string[];

  @IsOptional()
  @IsBoolean()
  needsPrescriber?: boolean;

  /** Who offers it; without, every practitioner. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(500)
  @IsUUID('all', { each: true })
  practitionerIds?: string[];

  /** @example #7a5cff */
  @IsOptional()
  @Matches(/^#[0-9a-f]{6}$/, { message: 'Give a colour as #rrggbb' })
  colour?: string;
}

/** From one moment to another; a local time is read by the clock of the location. */
export class AddExtraHours {
  @IsUUID()
  locationId!: string;

  /** @example 2026-12-05T09:00 */
  @IsMoment()
  startsAt!: string;

  /** @example 2026-12-05T13:00 */
  @IsMoment()
  endsAt!: string;
}

export class AddAbsence extends AddExtraHours {
  /** @example Holiday */
  @IsFilled()
  @MaxLength(200)
  reason!: string;
}
