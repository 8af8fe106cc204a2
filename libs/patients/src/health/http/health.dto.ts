import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const FACT_KINDS = ['allergy', 'condition', 'medication'] as const;

export class AddHealthFact {
  @IsIn(FACT_KINDS)
  kind!: string;

  /** @example Cow's milk protein allergy */
  @IsFilled()
  @MaxLength(500)
  text!: string;

  /** RxNorm, ATC, ICD-10 or ICD-10-CM, by address. @example http://hl7.org/fhir/sid/icd-10-cm */
  @IsOptional()
  @IsFilled()
  @MaxLength(200)
  codeSystem?: string;

  /** @example Z91.011 */
  @IsOptional()
  @IsFilled()
  @MaxLength(50)
  code?: string;
}

/** Botulinum toxin given elsewhere, medical uses included; units are of that product. */
export class AddPriorToxin {
  /** Catalogue id of the product, when the patient knows. @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;

  /** @example chronic migraine */
  @IsFilled()
  @MaxLength(200)
  indication!: string;

  /** Where it was injected, as told. @example scalp and neck */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  area?: string;

  /** @example 155 */
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(2000)
  units?: number;

  /** As far as it is known: 2026-02-20, 2026-02 or 2026. @example 2026-02 */
  @Matches(/^\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?$/, { message: 'Give a date as YYYY-MM-DD, YYYY-MM or YYYY' })
  givenOn!: string;
}

export class EndHealthFact {
  /** The last day it was so. @example 2026-11-01 */
  @IsCalendarDate()
  endedOn!: string;
}

class EnteredInError {
  /** @example Belongs to another patient */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class CorrectHealthFact extends EnteredInError {
  /** What is right instead, where there is something. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AddHealthFact)
  replacement?: AddHealthFact;
}

export class CorrectPriorToxin extends EnteredInError {
  /** What is right instead, where there is something. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AddPriorToxin)
  replacement?: AddPriorToxin;
}
