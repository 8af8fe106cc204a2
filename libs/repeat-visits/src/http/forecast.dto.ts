import { MARKETS, type Market } from '#catalogue';
import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, MaxLength, ValidateNested } from 'class-validator';

import { DOSE_KINDS, type DoseKind } from '../domain/history.js';
import { ExplanationView } from './explanation.dto.js';

export class DoseToForecast {
  /** Civil date of the treatment. @example 2026-01-31 */
  @IsCalendarDate()
  treatedOn!: string;

  /** Catalogue id of the product. @example ona */
  @IsFilled()
  @MaxLength(50)
  product!: string;

  /** Catalogue id of the area. @example glabella */
  @IsFilled()
  @MaxLength(50)
  area!: string;

  /** full, touch-up @example full */
  @IsIn(DOSE_KINDS)
  kind!: DoseKind;
}

export class ForecastRequest {
  /** US, EU, UK, CH: whose labels and rules decide. @example UK */
  @IsIn(MARKETS)
  market!: Market;

  /** The day to look from, not before the last dose. @example 2026-05-01 */
  @IsCalendarDate()
  assessedOn!: string;

  /** At most 1,000, in any order. */
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true, message: 'Each dose is an object' })
  @ValidateNested({ each: true })
  @Type(() => DoseToForecast)
  doses!: DoseToForecast[];
}

/** The window of one area; a date nobody can give is null, never guessed. */
export class AreaForecastView {
  /** @example glabella */
  area!: string;

  /** @example Glabellar lines (frown lines) */
  areaName!: string;

  /** too-early, permitted-early, due, past-due, lapsed; null when the dates do not allow to say. */
  state!: string | null;

  /** @example 2026-05-01 */
  earliest!: string | null;
  recommendedFrom!: string | null;
  target!: string | null;
  recommendedTo!: string | null;
  lapsedAfter!: string | null;
  reviewFrom!: string | null;
  reviewTo!: string | null;
  nonResponseCheck!: string | null;
  lastFullTreatment!: string | null;

  /** Of the last full treatment. @example ona */
  product!: string;
  productName!: string;
  licensed!: boolean;
  onLabel!: boolean;

  /** One sentence for the patient. */
  summary!: string;
  explanation!: ExplanationView;
}

export class ForecastHeader {
  market!: string;
  assessedOn!: string;

  /** Names the exact set of figures. @example catalogue/1/UK */
  protocolVersion!: string;
  disclaimer!: string;
}

export class ForecastView extends ForecastHeader {
  /** In order of area id. */
  areas!: AreaForecastView[];
}
