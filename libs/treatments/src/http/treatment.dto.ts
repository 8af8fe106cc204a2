import { IsFilled, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import { ChartInjection, ChartInjections } from './injection.dto.js';
import { ChartRecord } from './treatment-record.dto.js';

/** Points from elsewhere: one of a template, a treatment of this patient, or the last one. */
export class FillDraft {
  /** One of one's own templates. */
  @IsOptional()
  @IsUUID()
  templateId?: string;

  /** A signed treatment of this patient. */
  @IsOptional()
  @IsUUID()
  treatmentId?: string;

  /** The last signed full treatment of this patient. */
  @IsOptional()
  @IsBoolean()
  last?: boolean;

  /** What is drawn from today: one lot of each product. */
  @IsArray()
  @ArrayMaxSize(10)
  @IsUUID(undefined, { each: true })
  lotIds!: string[];
}

/** The whole draft as it is on the screen: what is left out is emptied. */
export class SaveDraft extends ChartInjections {
  @IsOptional()
  @IsString()
  @MaxLength(5000)
  note?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => ChartRecord)
  record?: ChartRecord;
}

export class BeginTreatment {
  @IsUUID()
  patientId!: string;

  @IsUUID()
  locationId!: string;

  /** Left out for a walk-in. */
  @IsOptional()
  @IsUUID()
  appointmentId?: string;

  @IsUUID()
  clearanceId!: string;

  /** @example full */
  @IsIn(['full', 'touch-up'])
  kind!: 'full' | 'touch-up';

  /** The full treatment a touch-up completes. */
  @IsOptional()
  @IsUUID()
  completesId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(5000)
  note?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ChartInjection)
  injections?: ChartInjection[];

  /** Instead of injections. */
  @IsOptional()
  @ValidateNested()
  @Type(() => FillDraft)
  fill?: FillDraft;

  @IsOptional()
  @ValidateNested()
  @Type(() => ChartRecord)
  record?: ChartRecord;
}

export class SignTreatment {
  /** What the signature says. @example I gave this treatment as recorded */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  meaning?: string;

  /** Codes of the dose guard's findings the signer has seen; for those that need a prescriber the signer must be one. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  acknowledge?: string[];

  /** Why a prescriber goes on despite a finding that needs a decision. */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string;

  /**
   * How it came about that this was injected although a non-response pathway of the area is open: only for what was given
   * before anybody knew. It becomes part of what the signature says. @example Given at 10:05, the review of March was entered at 10:20
   */
  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  givenBeforePathway?: string;
}

export class ApproveDoses {
  /** Codes of the dose guard's findings. @example ["above_label_total"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  findings!: string[];

  @IsString()
  @MaxLength(2000)
  reason!: string;
}

export class GiveReason {
  /** @example Wrong side recorded for the last point */
  @IsString()
  @MaxLength(2000)
  reason!: string;
}

export class ListTreatments extends PageQuery {}
