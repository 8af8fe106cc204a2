import { CATALOGUE_ID } from '#catalogue';
import { IsFilled, MayBeNull } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNumber,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** A point; what a draft answers with null may be sent back as it was read. */
export class ChartInjection {
  /** Catalogue id of the area. @example glabella */
  @Matches(CATALOGUE_ID)
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
  @Matches(CATALOGUE_ID)
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
