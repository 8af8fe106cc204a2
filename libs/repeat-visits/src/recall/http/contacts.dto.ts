import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';

import {
  CONTACT_CHANNELS,
  CONTACT_INITIATORS,
  CONTACT_OUTCOMES,
  type ContactChannel,
  type ContactInitiator,
  type ContactOutcome,
} from '../domain/answers.js';

export class RecordContact {
  /** Who called whom: clinic, patient. Gap and quiet hours hold for the clinic only. */
  @IsOptional()
  @IsIn(CONTACT_INITIATORS)
  initiatedBy: ContactInitiator = 'clinic';

  /** phone, sms, email, letter, in-person */
  @IsIn(CONTACT_CHANNELS)
  channel!: ContactChannel;

  /** booked, no-answer, later, declined, do-not-contact */
  @IsIn(CONTACT_OUTCOMES)
  outcome!: ContactOutcome;

  /** The first day to ask again: needed for `later`, possible for `declined`. @example 2026-09-01 */
  @IsOptional()
  @IsCalendarDate()
  until?: string;

  /** The areas it was about; left out: all. @example ["glabella"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(50, { each: true })
  areas?: string[];

  /** The treatment that was booked, with `booked` only. */
  @IsOptional()
  @IsUUID()
  appointmentId?: string;

  /** @example Back from holiday in September */
  @IsOptional()
  @IsFilled()
  @MaxLength(2000)
  note?: string;
}

export class FindContacts extends PageQuery {}

export class ContactView {
  id!: string;
  patientId!: string;
  initiatedBy!: string;
  channel!: string;

  /** booked, no-answer, later, declined, do-not-contact; messaged: a recall message was sent */
  outcome!: string;
  until!: string | null;

  /** Empty: all. */
  areas!: string[];
  appointmentId!: string | null;
  note!: string | null;

  /** The day where the patient was last treated. @example 2026-06-01 */
  onDay!: string;
  at!: Date;

  /** null: a message the clinic sends by itself. */
  staffId!: string | null;

  /** @example Rhea Desk */
  staffName!: string | null;
}

export class ContactPage {
  items!: ContactView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class AssignCard {
  @IsUUID()
  staffId!: string;
}

export class RecallCardView {
  patientId!: string;

  /** Whose patient it is to call; null: nobody's. */
  assignedTo!: string | null;

  /** Who is calling now, and until when nobody else does. */
  claimedBy!: string | null;
  claimedUntil!: Date | null;

  /** The day of the clinic's own last attempt. */
  lastContactOn!: string | null;

  /** Also the ETag; 0 while nobody has dealt with the card. */
  version!: number;
}
