import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
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
}

export class MakePlan {
  @IsArray()
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => PlannedArea)
  plan!: PlannedArea[];
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

  /** What the patient read; only its SHA-256 is kept. */
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
