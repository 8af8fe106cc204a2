import { IsIn, IsOptional, Matches } from 'class-validator';

import { CATALOGUE_ID, MARKETS, type Market } from '../domain/catalogue.js';
import { CitedView } from './cited.dto.js';

/** Narrows the table; left out: everything. */
export class FindLabels {
  /** @example EU */
  @IsOptional()
  @IsIn(MARKETS)
  market?: Market;

  /** @example ona */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  product?: string;

  /** @example glabella */
  @IsOptional()
  @Matches(CATALOGUE_ID)
  area?: string;
}

export class DoseAlternativeView {
  markets!: string[] | null;
  unitsMax!: number;
  ml!: number | null;
  bandsLeft!: number | null;
  bandsRight!: number | null;
  note!: string | null;
}

/** What the label says of the product in one area. */
export class IndicationView extends CitedView {
  area!: string;
  markets!: string[];
  unitsMin!: number;
  unitsMax!: number;
  points!: number | null;
  unitsPerPoint!: number[];
  volumeMl!: number | null;
  requiresAreaSameSession!: string | null;
  alternatives!: DoseAlternativeView[];
  windowProfile!: string;
  windowConfidence!: string;
  note!: string | null;
}

/** One product in one market and area. */
export class LabelCellView extends CitedView {
  product!: string;

  /** US, EU, UK, CH */
  market!: string;
  area!: string;

  /** Whether a brand of the product is licensed in the market at all. */
  licensed!: boolean;

  /** Whether the area is on its label there; otherwise the use is off-label. */
  onLabel!: boolean;

  /** Units of the product; null off label. */
  unitsMin!: number | null;
  unitsMax!: number | null;
  requiresAreaSameSession!: string | null;
}

export class LabelTableView {
  release!: number;

  /** By product, market and area. */
  items!: LabelCellView[];
}
