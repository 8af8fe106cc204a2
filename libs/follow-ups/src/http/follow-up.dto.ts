import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { FOLLOW_UP_STATUSES, type FollowUpStatus } from '../domain/follow-up-status.js';
import {
  AREA_RESULTS,
  type AreaResult,
  TOUCH_UP_DECISIONS,
  type TouchUpDecision,
} from '../domain/outcome.js';
import { FOLLOW_UP_KINDS, type FollowUpKind } from '../domain/planned-follow-ups.js';

export class FindFollowUps extends PageQuery {
  @IsOptional()
  @IsIn(FOLLOW_UP_STATUSES)
  status?: FollowUpStatus;

  @IsOptional()
  @IsIn(FOLLOW_UP_KINDS)
  kind?: FollowUpKind;

  /** Only those whose first day has come by this day. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  dueBy?: string;

  @IsOptional()
  @IsUUID()
  patientId?: string;
}

export class AreaOutcome {
  /** @example glabella */
  @IsFilled()
  @MaxLength(50)
  area!: string;

  /** How far the effect came: full, partial, none. */
  @IsIn(AREA_RESULTS)
  result!: AreaResult;

  /** not-needed, advised, declined */
  @IsIn(TOUCH_UP_DECISIONS)
  touchUp!: TouchUpDecision;
}

export class CompleteFollowUp {
  /** @example 2026-11-30 */
  @IsCalendarDate()
  reviewedOn!: string;

  /** One result for each area of the follow-up. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => AreaOutcome)
  areas!: AreaOutcome[];

  /** 1 (not at all) to 5 (very); left out when not asked. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5)
  satisfaction?: 1 | 2 | 3 | 4 | 5;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  note?: string;

  /** Adverse events of the patient that were seen or reported at this visit. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsUUID(undefined, { each: true })
  adverseEventIds?: string[];
}

export class WaiveFollowUp {
  /** @example The patient is content and lives abroad */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class AreaOutcomeView {
  area!: string;
  result!: string;
  touchUp!: string;
}

export class OutcomeView {
  areas!: AreaOutcomeView[];
  satisfaction!: number | null;
  note!: string | null;

  /** Adverse events seen or reported at this visit. */
  adverseEventIds?: string[];

  /** Areas without any response on or after the check day: each opens the pathway. */
  nonResponse!: string[];

  /** Areas without response before that day: the check stays due. */
  tooSoonToTell!: string[];

  /** Areas in which a touch-up was advised. */
  touchUps!: string[];

  /** What to look at, in this order, when there was no response. */
  pathway!: string[];
}

export class FollowUpView {
  id!: string;
  patientId!: string;
  treatmentId!: string;

  /** Who gave the treatment: the review is theirs. */
  practitionerId!: string;

  /** review, non-response-check */
  kind!: string;
  areas!: string[];
  treatedOn!: string;

  /** First and last day, both included. */
  dueFrom!: string;
  dueTo!: string;

  /** due, booked, completed, missed, waived */
  status!: string;
  statusReason!: string | null;
  appointmentId!: string | null;

  /** Left out for who may not read charts. */
  outcome?: OutcomeView | null;
  completedOn!: string | null;
  completedBy!: string | null;

  /** Rules of the protocol that set the days. */
  ruleIds!: string[];

  /** Also the ETag. */
  version!: number;
}

export class FollowUpPatient {
  number!: number;
  givenName!: string;
  familyName!: string;
  phone!: string | null;
  doNotContact!: boolean;
}

export class FollowUpInList extends FollowUpView {
  patient!: FollowUpPatient;
}

export class FollowUpPage {
  items!: FollowUpInList[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class FollowUpsOfPatient {
  items!: FollowUpView[];
}
