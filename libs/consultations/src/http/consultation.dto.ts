import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { GiveAnswer, PlannedArea, ScoreArea } from './assessment.dto.js';

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
