import { IsCalendarDate, IsFilled, IsMoment, MayBeNull, PageQuery } from '#http';
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

import { AppointmentView } from '../../http/appointment.dto.js';
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
  @Matches(/^[a-z][a-z0-9_-]{1,40}$/, { each: true })
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

/** What is kept for the patient right now. */
export class OpenOfferView {
  id!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** From then on it goes to the next. */
  expiresAt!: Date;

  practitionerId!: string;
  locationId!: string;
  roomId!: string | null;

  /** Place in the ranking; 0: the time is none the patient asked for. */
  rank!: number;

  /** @example Priority soon, waiting since 2026-11-02 10:15 */
  why!: string;
}

export class WaitlistEntryView {
  id!: string;
  patientId!: string;
  patientName!: string;
  typeId!: string;
  typeName!: string;

  /** Empty lists mean any. */
  practitionerIds!: string[];
  locationIds!: string[];
  weekdays!: number[];

  /** @example 16:00 */
  timeFrom!: string;
  timeTo!: string;

  /** @example 2026-12-01 */
  from!: string;
  to!: string;

  /** urgent, soon, routine */
  priority!: Priority;

  areaIds!: string[];
  replacesId!: string | null;
  note!: string | null;

  /** waiting, booked, left, lapsed */
  status!: WaitlistStatus;

  /** null: nothing is offered right now. */
  offer!: OpenOfferView | null;

  joinedBy!: string;
  joinedAt!: Date;

  /** Also the ETag. */
  version!: number;
}

export class WaitlistPage {
  items!: WaitlistEntryView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class WaitlistChangeView {
  version!: number;

  /** join, change, offer, accept, decline, expire-offer, leave, lapse */
  verb!: string;

  /** The status it made. */
  status!: string;

  at!: Date;

  /** null: it came about by itself. */
  staffId!: string | null;
  staffName!: string | null;
  reason!: string | null;
  offerId!: string | null;
}

export class WaitlistHistory {
  items!: WaitlistChangeView[];
}

/** Free time of one practitioner at one location. */
export class FindMatches {
  @IsUUID()
  practitionerId!: string;

  @IsUUID()
  locationId!: string;

  /** An instant, or the wall clock of the location. @example 2026-12-01T09:25 */
  @IsMoment()
  from!: string;

  /** At most a day later; buffers of the visit lie inside. @example 2026-12-01T10:10 */
  @IsMoment()
  to!: string;
}

export class MatchView {
  /** 1 is asked first. */
  rank!: number;

  /** @example Priority soon, inside the recommended window, waiting since 2026-11-02 10:15 */
  why!: string;

  entryId!: string;
  patientId!: string;
  patientName!: string;
  startsAt!: Date;
  endsAt!: Date;
  roomId!: string | null;

  /** Why this patient is not asked by itself: do-not-contact, thinking-about-another-offer, had-it-offered; null: is asked. */
  heldBack!: string | null;
}

export class MatchList {
  zone!: string;

  /** The first 50. */
  items!: MatchView[];
}

export class MakeOffer {
  @IsUUID()
  practitionerId!: string;

  @IsUUID()
  locationId!: string;

  /** An instant, or the wall clock of the location. @example 2026-12-01T09:30 */
  @IsMoment()
  startsAt!: string;

  /** Without one, the first free room that suits the type. */
  @IsOptional()
  @IsUUID()
  roomId?: string;

  /** Needed where others come first, or the time is none the patient asked for. @example Flies out on Friday */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string;
}

export class DeclineOffer {
  /** @example Works that day */
  @MayBeNull()
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  reason?: string | null;
}

export class AcceptedOffer {
  entryId!: string;
  appointment!: AppointmentView;

  /** The appointment it took the place of, cancelled with it; null where there was none, or it could not be any more. */
  replacedId!: string | null;
}
