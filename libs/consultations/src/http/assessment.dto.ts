import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export class PlannedArea {
  /** Catalogue id of the area. @example glabella */
  @Matches(CATALOGUE_ID)
  area!: string;

  /** Catalogue id of the product. @example ona */
  @Matches(CATALOGUE_ID)
  product!: string;

  /** Units of that product. @example 20 */
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(1000)
  units!: number;
}

export class GiveAnswer {
  /** @example pregnancy */
  @Matches(CATALOGUE_ID)
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
  @Matches(CATALOGUE_ID)
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

export class FindQuestionnaire {
  /** An earlier edition; left out: the present one. @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  version?: number;
}
