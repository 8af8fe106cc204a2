import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { SlotView } from '#scheduling';
import { IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { ReasonView } from '../../http/reason.dto.js';
import { ProposedVisitView } from '../../proposals/http/proposals.dto.js';
import { DUE_STATES, type DueState } from '../due-windows.queries.js';
import { RecallCardView } from './contacts.dto.js';

/** Whom the list is narrowed to. */
export class RecallFilter {
  /** Only patients last treated there. */
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** Catalogue id. @example glabella */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  area?: string;

  /** Catalogue id of the product last used. @example ona */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  product?: string;

  /** One or several of past-due, due, lapsed, with commas; left out: all. @example due,past-due */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(DUE_STATES, { each: true })
  state?: DueState[];

  /** Only areas last treated by this practitioner. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** Only patients the clinic has not tried to reach on or after this day. @example 2026-05-01 */
  @IsOptional()
  @IsCalendarDate()
  lastContactBefore?: string;

  /**
   * Only patients whose areas have waited at least so many days together: each open area counts the days since its first
   * recommended day. @example 30
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  minWaiting?: number;

  /** Only patients of this colleague. */
  @IsOptional()
  @IsUUID()
  assignedTo?: string;

  /** mine: patients assigned to me; nobody: to nobody. */
  @IsOptional()
  @IsIn(['mine', 'nobody'])
  assigned?: 'mine' | 'nobody';
}

export class FindDue extends IntersectionType(PageQuery, RecallFilter) {
  /** Left out: today. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  on?: string;

  /** The type of a treatment to book: the first three free times of each patient come with the list. */
  @IsOptional()
  @IsUUID()
  typeId?: string;

  /** Also those whom nobody should ask now, with the reason. */
  @IsOptional()
  @IsIn(['true', 'false'])
  includeSuppressed?: 'true' | 'false';
}

export class DueAreaView {
  windowId!: string;

  /** @example glabella */
  area!: string;
  areaName!: string;
  product!: string;
  productName!: string;

  /** past-due, due, lapsed */
  state!: string;
  earliest!: string | null;
  recommendedFrom!: string | null;
  target!: string | null;
  recommendedTo!: string | null;
  lapsedAfter!: string | null;

  /** Every reason that holds. */
  reasons!: ReasonView[];

  /** The one reason nobody should ask; null when somebody may. */
  reason!: string | null;

  /** Whether the desk may ask, whether an automatic message may go out, and whether the visit could still come about. */
  listed!: boolean;
  messaged!: boolean;
  counted!: boolean;
}

export class LastContactView {
  at!: string;
  onDay!: string;
  channel!: string;
  outcome!: string;

  /** clinic, patient */
  initiatedBy!: string;

  /** null: a message the clinic sent by itself. */
  staffId!: string | null;
}

export class QueuedMessageView {
  messageId!: string;

  /** Not before then. */
  sendAfter!: string;
}

export class FirstTimeView extends SlotView {
  locationId!: string;

  /** @example Harley Street */
  locationName!: string;

  /** With whom and where the patient usually is treated. */
  usual!: boolean;
}

/** One patient to ask, once, for everything that is due. */
export class DuePatientView {
  patientId!: string;

  /** @example 1042 */
  number!: number;
  givenName!: string;
  familyName!: string;
  preferredName!: string | null;
  phone!: string | null;
  email!: string | null;

  /** How the patient agreed to be reached. */
  contactChannels!: string[];

  /** The most pressing of its areas: past-due, due, lapsed */
  state!: string;

  /** Nobody should ask now: every area has a reason against it. */
  suppressed!: boolean;

  /** Of the most pressing area, where the patient is suppressed; null otherwise. */
  reason!: string | null;
  areas!: DueAreaView[];

  /** Days since its first recommended day, added up over all open areas. */
  waitingDays!: number;
  card!: RecallCardView;
  lastContact!: LastContactView | null;

  /** A recall message that is under way; null: none. */
  queuedMessage!: QueuedMessageView | null;

  /** The first day on which the clinic may call again; null: now. */
  contactFrom!: string | null;

  /** The visit to offer: the first of the fewest for everything open; null for whom nobody should ask. */
  visit!: ProposedVisitView | null;

  /**
   * The first free times inside that visit: where the patient usually is treated, with their usual practitioner before others;
   * null unless a type was given.
   */
  slots!: FirstTimeView[] | null;
}

export class DuePage {
  on!: string;
  items!: DuePatientView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
