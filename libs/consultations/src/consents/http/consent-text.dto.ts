import { CATALOGUE_ID } from '#catalogue';
import { IsFilled, PageQuery } from '#http';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, Matches, MaxLength } from 'class-validator';

/** What a patient is told before consenting (record field 10). */
export const CONSENT_TOPICS = ['risks', 'alternatives', 'no-treatment', 'costs'] as const;
export type ConsentTopic = (typeof CONSENT_TOPICS)[number];

export class KeepConsentText {
  @IsIn(['treatment', 'off-label'])
  kind!: 'treatment' | 'off-label';

  /** Only for off-label texts of one area; left out: for every area. @example masseter */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  area?: string;

  /** @example 2026-10 */
  @IsFilled()
  @MaxLength(100)
  version!: string;

  /** What the patient reads. */
  @IsFilled()
  @MaxLength(20_000)
  text!: string;

  /** What the text tells of. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(4)
  @ArrayUnique()
  @IsIn(CONSENT_TOPICS, { each: true })
  covers?: ConsentTopic[];
}

export class FindConsentTexts extends PageQuery {
  @IsOptional()
  @IsIn(['treatment', 'off-label'])
  kind?: 'treatment' | 'off-label';
}

export class KeptConsentTextView {
  id!: string;

  /** SHA-256 (hex) of the text. */
  textHash!: string;
  covers!: string[];
}

export class ConsentTextView extends KeptConsentTextView {
  /** treatment, off-label */
  kind!: string;
  area!: string | null;
  version!: string;
  text!: string;
  createdBy!: string;
  createdAt!: string;
}

export class ConsentTextPage {
  items!: ConsentTextView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
