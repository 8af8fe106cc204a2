import { IsCalendarDate, MayBeNull } from '#http';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';

const START = /^([01]\d|2[0-3]):[0-5]\d$/;
const END = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** From one time of a day to another, by the wall clock of the location. */
export class TimesOfDay {
  /** @example 09:00 */
  @Matches(START, { message: 'Give a time of day HH:MM' })
  start!: string;

  /** On the same day; 24:00 is its end. @example 17:30 */
  @Matches(END, { message: 'Give a time of day HH:MM, or 24:00' })
  end!: string;
}

/** One shift that repeats weekly or every few weeks, by the wall clock of the location. */
export class WeeklyShift extends TimesOfDay {
  /** Monday = 1 … Sunday = 7. @example 1 */
  @IsInt()
  @Min(1)
  @Max(7)
  weekday!: number;

  /** First day it applies. @example 2026-01-01 */
  @IsCalendarDate()
  validFrom!: string;

  /** Last day it applies; without one, until changed. */
  @MayBeNull()
  @IsOptional()
  @IsCalendarDate()
  validTo?: string | null;

  /** 1 is every week; 2 every other week, counted from `anchorMonday`. @example 2 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(8)
  everyWeeks?: number;

  /** A Monday whose week it applies in; needed unless it applies every week. @example 2026-01-05 */
  @MayBeNull()
  @IsOptional()
  @IsCalendarDate()
  anchorMonday?: string | null;
}

/** Replaces all shifts; existing appointments stay where they are. */
export class SetWeeklyHours {
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => WeeklyShift)
  hours!: WeeklyShift[];
}

export class WeeklyShiftView {
  weekday!: number;
  start!: string;
  end!: string;
  validFrom!: string;
  validTo!: string | null;

  /** 1 is every week. */
  everyWeeks!: number;

  /** A Monday whose week it applies in; null when it applies every week. */
  anchorMonday!: string | null;
}
