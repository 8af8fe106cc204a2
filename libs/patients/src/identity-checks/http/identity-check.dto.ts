import { IsCalendarDate, IsFilled } from '#http';
import { ArrayNotEmpty, ArrayUnique, IsArray, IsIn, IsOptional, MaxLength } from 'class-validator';

const EVIDENCE =
  'passport national-id driving-licence residence-permit age-card known-personally other'.split(' ');
const PROVES = ['identity', 'age'] as const;

/** How it was made sure who the patient is, or how old. No number of the document is kept. */
export class RecordIdentityCheck {
  @IsIn(EVIDENCE)
  evidence!: string;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(PROVES, { each: true })
  proves!: string[];

  /** @example 2026-11-01 */
  @IsCalendarDate()
  checkedOn!: string;

  /** @example Expired last month, photo fits */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  note?: string;
}

export class CorrectIdentityCheck {
  /** @example Belongs to another patient */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class IdentityCheckView {
  id!: string;
  evidence!: string;
  proves!: string[];
  checkedOn!: string;
  checkedById!: string;
  checkedByName!: string;
  note!: string | null;

  /** Why it is wrong, where it was entered in error. */
  errorReason!: string | null;

  /** Also the ETag. */
  version!: number;
}

export class IdentityCheckList {
  /** Newest first. */
  items!: IdentityCheckView[];
}
