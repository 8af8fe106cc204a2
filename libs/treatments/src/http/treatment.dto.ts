import { IsFilled, MayBeNull, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
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

/** A point; what a draft answers with null may be sent back as it was read. */
export class ChartInjection {
  /** Catalogue id of the area. @example glabella */
  @Matches(ID)
  area!: string;

  /** @example procerus */
  @IsOptional()
  @MayBeNull()
  @IsFilled()
  @MaxLength(100)
  muscle?: string | null;

  @IsIn(['left', 'right', 'midline'])
  side!: string;

  /** Position on the face map, 0 to 1 from the left. @example 0.5 */
  @IsOptional()
  @MayBeNull()
  @IsNumber({ maxDecimalPlaces: 5 })
  @Min(0)
  @Max(1)
  x?: number | null;

  /** Position on the face map, 0 to 1 from the top. @example 0.42 */
  @IsOptional()
  @MayBeNull()
  @IsNumber({ maxDecimalPlaces: 5 })
  @Min(0)
  @Max(1)
  y?: number | null;

  /** @example intramuscular */
  @IsOptional()
  @MayBeNull()
  @IsFilled()
  @MaxLength(50)
  depth?: string | null;

  /** Needle or cannula. @example 32G 4 mm */
  @IsOptional()
  @MayBeNull()
  @IsFilled()
  @MaxLength(50)
  needle?: string | null;

  /** Catalogue id of the product. @example ona */
  @Matches(ID)
  product!: string;

  @IsUUID()
  lotId!: string;

  /** The opened vial it comes from: it keeps the units free, and they are drawn when the treatment is signed. */
  @IsOptional()
  @MayBeNull()
  @IsUUID()
  vialId?: string | null;

  /** Units of that product. @example 4 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units!: number;

  /** Left out: reckoned from the vial when the catalogue knows one diluent volume for it. @example 0.1 */
  @IsOptional()
  @MayBeNull()
  @IsNumber({ maxDecimalPlaces: 4 })
  @Min(0.0001)
  @Max(100)
  volumeMl?: number | null;
}

export class ChartInjections {
  /** The whole list: what is not in it is removed. */
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ChartInjection)
  injections!: ChartInjection[];
}

/** What the record of a treatment holds besides its points; whatever is left out is not recorded. */
export class ChartRecord {
  /** How identity and age were verified. */
  @IsOptional()
  @IsIn(['photo-id', 'known-to-clinic', 'asked'])
  identityChecked?: string;

  /** Medical history, medicines and allergies were gone through again at this visit. */
  @IsOptional()
  @IsBoolean()
  historyConfirmed?: boolean;

  /** The colleague who supervises. */
  @IsOptional()
  @IsUUID()
  supervisorId?: string;

  /** @example none */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  anaesthesia?: string;

  /** @example none */
  @IsOptional()
  @IsFilled()
  @MaxLength(1000)
  immediateReaction?: string;

  /** The version of the aftercare advice given. @example 2026-10 */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  aftercareVersion?: string;

  /** What the patient said to a review. */
  @IsOptional()
  @IsIn(['offered', 'booked', 'declined'])
  reviewChoice?: string;

  /** Standard views before the treatment. */
  @IsOptional()
  @IsIn(['taken', 'declined'])
  photosBefore?: string;

  /** The patient was shown when to come back, and that it is guidance and no promise. */
  @IsOptional()
  @IsBoolean()
  windowShown?: boolean;

  /** Whether the patient's own doctor may be told (UK). */
  @IsOptional()
  @IsIn(['consented', 'declined', 'no-gp'])
  gpLetter?: string;
}

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
