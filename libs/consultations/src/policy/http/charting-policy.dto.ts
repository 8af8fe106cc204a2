import { CATALOGUE_ID } from '#catalogue';
import { IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export class ShelfLife {
  /** @example keloid */
  @Matches(CATALOGUE_ID)
  questionId!: string;

  /** Days an answer holds after the day it was given; 0: that day only. @example 90 */
  @IsInt()
  @Min(0)
  @Max(366)
  days!: number;
}

export class SetChartingPolicy {
  /** Only the questions that differ from the questionnaire. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique(({ questionId }: ShelfLife) => questionId)
  @ValidateNested({ each: true })
  @Type(() => ShelfLife)
  shelfLives?: ShelfLife[];

  /** Hours between the signed consent and the treatment. @example 24 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(720)
  coolingOffHours?: number;

  /** Whether a clearance must name the prescriber who saw the patient in person. */
  @IsOptional()
  @IsBoolean()
  faceToFaceRequired?: boolean;

  /** Days that meeting may lie back; left out: as long as a clearance holds. @example 30 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(366)
  faceToFaceDays?: number;

  /** @example Agreed in the clinical governance meeting */
  @IsFilled()
  @MaxLength(2000)
  reason!: string;
}

export class ShelfLifeView {
  questionId!: string;
  days!: number;
}

export class ChartingPolicyView {
  /** Also the ETag; 0 while the clinic goes by its market. */
  version!: number;
  shelfLives!: ShelfLifeView[];
  coolingOffHours!: number;
  faceToFaceRequired!: boolean;
  faceToFaceDays!: number | null;
  reason!: string | null;
  authorId!: string | null;
}
