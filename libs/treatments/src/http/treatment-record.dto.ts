import { IsFilled } from '#http';
import { IsBoolean, IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';

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
