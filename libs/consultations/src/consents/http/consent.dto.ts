import { CATALOGUE_ID } from '#catalogue';
import { IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { CONSENT_TOPICS, type ConsentTopic } from './consent-text.dto.js';

export class QuotedCost {
  /** @example 220 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(1_000_000)
  amount!: number;

  /** ISO 4217. @example GBP */
  @Matches(/^[A-Z]{3}$/)
  currency!: string;
}

export class GiveConsent {
  @IsIn(['treatment', 'off-label'])
  kind!: 'treatment' | 'off-label';

  /** The area of an off-label consent. @example masseter */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  area?: string;

  /** @example 2026-10 */
  @IsFilled()
  @MaxLength(100)
  textVersion!: string;

  /** What the patient read; kept as this version. Left out, with the hash, for a version the clinic keeps. */
  @IsOptional()
  @IsFilled()
  @MaxLength(50_000)
  text?: string;

  /** SHA-256 (hex) of what the patient read. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  textHash?: string;

  /** @example Zoë Núñez */
  @IsFilled()
  @MaxLength(200)
  signedName!: string;

  /** What the patient was told besides what the text says. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(4)
  @ArrayUnique()
  @IsIn(CONSENT_TOPICS, { each: true })
  covers?: ConsentTopic[];

  /** The price the patient was told. */
  @IsOptional()
  @ValidateNested()
  @Type(() => QuotedCost)
  cost?: QuotedCost;
}
