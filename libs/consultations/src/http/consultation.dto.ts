import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { CONSENT_TOPICS, type ConsentTopic } from '../consents/http/consent-text.dto.js';

const ID = /^[a-z][a-z0-9_]{1,40}$/;

export class PlannedArea {
  /** Catalogue id of the area. @example glabella */
  @Matches(ID)
  area!: string;

  /** Catalogue id of the product. @example ona */
  @Matches(ID)
  product!: string;

  /** Units of that product. @example 20 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units!: number;
}

export class GiveAnswer {
  /** @example pregnancy */
  @Matches(ID)
  questionId!: string;

  /** One of the question's answers. @example no */
  @IsFilled()
  @MaxLength(50)
  value!: string;

  /** When it last happened, where that matters: the last other toxin. @example 2026-02-20 */
  @IsOptional()
  @IsCalendarDate()
  lastOn?: string;
}

export class ScoreArea {
  /** Catalogue id of the area. @example glabella */
  @Matches(ID)
  area!: string;

  /** A scale the questionnaire lists. @example wrinkle-4 */
  @IsFilled()
  @MaxLength(40)
  scale!: string;

  /** Grade at rest, from 0. @example 1 */
  @IsInt()
  @Min(0)
  @Max(10)
  atRest!: number;

  /** Grade at maximum contraction, from 0. @example 3 */
  @IsInt()
  @Min(0)
  @Max(10)
  atContraction!: number;
}

export class BeginConsultation {
  @IsUUID()
  patientId!: string;

  @IsUUID()
  locationId!: string;

  @IsOptional()
  @IsUUID()
  appointmentId?: string;

  /** May be empty and made later. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => PlannedArea)
  plan?: PlannedArea[];

  /** May be given later, or more of them: those of today replace earlier ones of today. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => GiveAnswer)
  answers?: GiveAnswer[];

  /** May be given later. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ScoreArea)
  severity?: ScoreArea[];
}

export class ScoreSeverity {
  /** The whole list: what is not in it is removed. */
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ScoreArea)
  severity!: ScoreArea[];
}

export class MakePlan {
  @IsArray()
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => PlannedArea)
  plan!: PlannedArea[];
}

export class GiveAnswers {
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => GiveAnswer)
  answers!: GiveAnswer[];
}

export class DecideFinding {
  /** `proceed` by a prescriber, with a reason; `acknowledged` for what is only to be known. */
  @IsIn(['proceed', 'acknowledged'])
  decision!: 'proceed' | 'acknowledged';

  /** @example Mild, long-standing; discussed with her neurologist */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string;
}

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
  @Matches(ID)
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

export class ClearConsultation {
  /** The prescriber, when someone else concludes the consultation. */
  @IsOptional()
  @IsUUID()
  prescriberId?: string;

  /** The day the prescriber saw the patient in person; today when left out by the prescriber. */
  @IsOptional()
  @IsCalendarDate()
  faceToFaceOn?: string;
}

export class DeclineConsultation {
  @IsIn(['deferred', 'unsuitable'])
  outcome!: 'deferred' | 'unsuitable';

  /** @example Cold sore; come back when it has healed */
  @IsString()
  @MaxLength(2000)
  reason!: string;
}

export class FindQuestionnaire {
  /** An earlier edition; left out: the present one. @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  version?: number;
}

export class SignConsultation {
  /** What the signature says. @example I assessed this patient as recorded */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  meaning?: string;
}

export class GiveConsultationReason {
  /** @example Wrong patient */
  @IsString()
  @MaxLength(2000)
  reason!: string;
}
