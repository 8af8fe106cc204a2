import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate, IsFilled, MayBeNull, PageQuery } from '#http';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { PRIORITIES, type Priority } from '../domain/waitlist-match.js';
import { WAITLIST_STATUSES, type WaitlistStatus } from '../domain/waitlist-status.js';

/** When and where it would suit the patient; what is left out means any. */
export class WaitlistWish {
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  practitionerIds?: string[];

  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  locationIds?: string[];

  /** Monday = 1 … Sunday = 7. @example [1, 4] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  weekdays?: number[];

  /** The visit does not begin before, on the clock of the location. @example 16:00 */
  @IsOptional()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'Give a time of day HH:MM' })
  timeFrom?: string;

  /** The visit is over by then. @example 20:00 */
  @IsOptional()
  @Matches(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { message: 'Give a time of day HH:MM, or 24:00' })
  timeTo?: string;

  /** First day; without one, from today. @example 2026-12-01 */
  @IsOptional()
  @IsCalendarDate()
  from?: string;

  /** urgent, soon, routine; without, routine. */
  @IsOptional()
  @IsIn(PRIORITIES)
  priority?: Priority;

  /** Catalogue ids of the areas the visit is meant for. @example ["glabella"] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(30)
  @Matches(CATALOGUE_ID, { each: true })
  areaIds?: string[];

  /** The later appointment of this patient that an earlier one would replace. */
  @MayBeNull()
  @IsOptional()
  @IsUUID()
  replacesId?: string | null;

  @MayBeNull()
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string | null;
}

export class JoinWaitlist extends WaitlistWish {
  @IsUUID()
  patientId!: string;

  @IsUUID()
  typeId!: string;

  /** Last day. @example 2026-12-24 */
  @IsCalendarDate()
  to!: string;
}

/** Only what is sent changes. */
export class ChangeWish extends WaitlistWish {
  /** Last day. @example 2026-12-24 */
  @IsOptional()
  @IsCalendarDate()
  to?: string;
}

export class LeaveWaitlist {
  /** @example Found a time elsewhere */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class ListWaitlist extends PageQuery {
  /** waiting, booked, left, lapsed; without, waiting. */
  @IsOptional()
  @IsIn(WAITLIST_STATUSES)
  status: WaitlistStatus = 'waiting';

  @IsOptional()
  @IsUUID()
  patientId?: string;

  @IsOptional()
  @IsUUID()
  typeId?: string;

  /** Those to whom this location would do. */
  @IsOptional()
  @IsUUID()
  locationId?: string;
}
