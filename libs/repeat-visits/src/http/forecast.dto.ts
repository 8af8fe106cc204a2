import { MARKETS, type Market } from '#catalogue';
import { IsCalendarDate, IsFilled } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { DOSE_KINDS, type DoseKind } from '../domain/history.js';
import { ProposalsView } from '../proposals/http/proposals.dto.js';
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

export class HistoryToForecast {
  /** Comes back with the answer. @example patient-17 */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  ref?: string;

  /** At most 1,000, in any order. */
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true, message: 'Each dose is an object' })
  @ValidateNested({ each: true })
  @Type(() => DoseToForecast)
  doses!: DoseToForecast[];
}

export class ForecastRequest {
  /** US, EU, UK, CH: whose labels and rules decide. @example UK */
  @IsIn(MARKETS)
  market!: Market;

  /** The day to look from, not before the last dose. @example 2026-05-01 */
  @IsCalendarDate()
  assessedOn!: string;

  /** At most 1,000, in any order; left out when `histories` are given. */
  @ValidateIf(({ doses, histories }: ForecastRequest) => doses !== undefined || histories === undefined)
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true, message: 'Each dose is an object' })
  @ValidateNested({ each: true })
  @Type(() => DoseToForecast)
  doses?: DoseToForecast[];

  /** Several histories at once instead of `doses`: at most 1,000, with 20,000 doses in all. */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @IsObject({ each: true, message: 'Each history is an object' })
  @ValidateNested({ each: true })
  @Type(() => HistoryToForecast)
  histories?: HistoryToForecast[];

  /** Let the intervals of the history itself draw the window; left out: no. */
  @IsOptional()
  @IsBoolean()
  personalInterval?: boolean;

  /** Also the fewest visits that serve all areas; left out: no. */
  @IsOptional()
  @IsBoolean()
  proposals?: boolean;
}

/** How long the effect lasts in this patient, beside the protocol's figure. */
export class PersonalIntervalView {
  /** Completed intervals between full treatments with the product. @example 3 */
  intervals!: number;

  /** @example 150 */
  medianDays!: number;

  /** The protocol's target, in days after the last full treatment. @example 112 */
  protocolDays!: number;

  /** The two weighed: the protocol as three intervals. @example 131 */
  drawnDays!: number;

  /** The patient's own: that, kept between the earliest date and eight weeks after the protocol's end. @example 131 */
  personalDays!: number;

  /** By how many days the window moved. @example 19 */
  shiftDays!: number;
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

  /** The patient's own interval, where it was asked for and can be told. */
  personal!: PersonalIntervalView | null;

  /** One sentence for the patient; where reasons are known (booked, asked to wait, to be seen first) they have the word. */
  summary!: string;

  /**
   * For the desk: the first permitted day and the best one, each with its reason.
   * @example Not before 1 May 2026: 3 months after the treatment with onabotulinumtoxinA on 31 January 2026, the shortest interval of its label.
   */
  why!: string;
  explanation!: ExplanationView;
}

export class ForecastHeader {
  market!: string;
  assessedOn!: string;

  /** Names the exact set of figures. @example catalogue/1/UK */
  protocolVersion!: string;
  disclaimer!: string;
}

export class HistoryForecastView {
  ref!: string | null;

  /** In order of area id. */
  areas!: AreaForecastView[];

  /** Null unless asked for. */
  proposals!: ProposalsView | null;
}

export class ForecastView extends ForecastHeader {
  /** Of `doses`, in order of area id; empty when histories were asked about. */
  areas!: AreaForecastView[];

  /** The fewest visits for `doses`; null unless asked for. */
  proposals!: ProposalsView | null;

  /** One answer a history, in their order; null unless histories were asked about. */
  histories!: HistoryForecastView[] | null;
}
