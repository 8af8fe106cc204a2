import { PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
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

import { RecallFilter } from '../../http/recall-list.dto.js';

export const MOST_AT_ONCE = 200;

export class SendMessages {
  /** These patients; give either them or a filter. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_AT_ONCE)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  patientIds?: string[];

  /** The first of the recall list as it is today, narrowed so; `{}`: the whole list. */
  @IsOptional()
  @ValidateNested()
  @Type(() => RecallFilter)
  filter?: RecallFilter;

  /** How many of the filtered list, 1 to 200. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_AT_ONCE)
  limit: number = 50;

  /** `next` of the batch before, to go on down the same list. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  after?: string;

  /** Whether the message names the visit to offer. */
  @IsOptional()
  @IsBoolean()
  offerVisit: boolean = true;
}

export class MessageView {
  id!: string;
  batchId!: string;
  patientId!: string;

  /** @example 1042 */
  number!: number;
  givenName!: string;
  familyName!: string;

  /** email */
  channel!: string;

  /** Catalogue ids of the areas it is about. @example ["glabella"] */
  areas!: string[];

  /**
   * waiting; sending; sent: the mail server took it; unconfirmed: the service was stopped while handing it over, so it may
   * have gone out; withheld: the patient is not to get it; failed: it could not be handed over
   */
  status!: string;

  /**
   * Why it was withheld (a reason of the recall list, or not-due, too-soon, not-agreed, no-address, always-quiet,
   * already-waiting, stopped, unfit-words) or failed (no-mail-server, refused).
   */
  reason!: string | null;

  /** Not before then: quiet hours, or a colleague who is calling. */
  sendAfter!: Date | null;

  /** en, de, fr, it, es; null until it is sent. */
  language!: string | null;

  /** Of the clinic's own words; 0: the built-in ones. */
  templateVersion!: number | null;
  requestedAt!: Date;

  /** null: the clinic by itself. */
  requestedBy!: string | null;
  settledAt!: Date | null;

  /** The attempt in the contact log. */
  contactId!: string | null;
}

export class MessagePage {
  items!: MessageView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class BatchCounts {
  waiting!: number;
  sending!: number;
  sent!: number;
  unconfirmed!: number;
  withheld!: number;
  failed!: number;
}

export class BatchView {
  id!: string;

  /** asked, nightly */
  cause!: string;
  offersVisit!: boolean;

  /** The UTC day of the night; null where somebody asked. */
  nightOf!: string | null;
  requestedAt!: Date;
  requestedBy!: string | null;

  /** @example Rhea Desk */
  requestedByName!: string | null;
  stoppedAt!: Date | null;
  stoppedBy!: string | null;

  /** How many messages stand where. */
  counts!: BatchCounts;
}

export class AskedBatchView extends BatchView {
  /** Every message with what became of it already, in the order of the request. */
  items!: MessageView[];

  /** Where the filtered list goes on; null at its end, and for patients named one by one. */
  next!: string | null;
}

export class BatchPage {
  items!: BatchView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class FindBatches extends PageQuery {}

export class FindMessages extends PageQuery {
  /** Only these: waiting, sending, sent, unconfirmed, withheld, failed */
  @IsOptional()
  @IsIn(['waiting', 'sending', 'sent', 'unconfirmed', 'withheld', 'failed'])
  status?: string;
}

export class FindPatientMessages extends PageQuery {}

export class FindPreview {
  /** Left out: true. */
  @IsOptional()
  @IsIn(['true', 'false'])
  offerVisit?: 'true' | 'false';
}

export class MessagePreview {
  /** Whether it would go out now (send), later (wait), or not at all (withhold). */
  now!: string;

  /** With wait: when it is looked at again. */
  until!: Date | null;

  /** With withhold: why, as in a message. */
  reason!: string | null;

  /**
   * Where it would go; null where the patient did not agree, or gave no address.
   * @example mary.anderson@example.com
   */
  to!: string | null;
  language!: string;

  /** Null where the patient is not to get a message. */
  subject!: string | null;
  text!: string | null;
}
