import { IsIn, IsOptional, Matches } from 'class-validator';

import { MARKETS, type Market } from '../domain/catalogue.js';

const ID = /^[a-z][a-z0-9_]{1,40}$/;

/** Narrows the table; left out: everything. */
export class FindLabels {
  /** @example EU */
  @IsOptional()
  @IsIn(MARKETS)
  market?: Market;

  /** @example ona */
  @IsOptional()
  @Matches(ID)
  product?: string;

  /** @example glabella */
  @IsOptional()
  @Matches(ID)
  area?: string;
}

/** Where a figure comes from and how far it can be trusted, in the words of the reviewed data. */
export class CitedView {
  /** Ids of `sources`. @example ["S01"] */
  sources!: string[];

  /** @example label */
  confidence!: string;
}

export class SourceView {
  /** @example S01 */
  id!: string;
  name!: string;
  url!: string | null;
  section!: string | null;
}

export class AreaView {
  /** @example glabella */
  id!: string;

  /** @example Glabellar lines (frown lines) */
  name!: string;
  muscles!: string[];
  laterality!: string | null;

  /** No product of the catalogue is licensed for it anywhere. */
  offLabelOnly!: boolean;
}

export class BrandView {
  brand!: string;
  markets!: string[];
  holder!: string;
}

export class ProductSummary {
  /** @example ona */
  id!: string;

  /** @example onabotulinumtoxinA */
  inn!: string;

  /** Units belong to the product and are never compared with another's. */
  unitLabel!: string;

  /** Brands of the clinic's market. */
  brands!: BrandView[];

  /** Areas on its label in the clinic's market. */
  areasOnLabel!: string[];
}

export class CatalogueView {
  /** Counts up with every published change. */
  release!: number;

  /** The day the data was compiled. */
  version!: string;
  market!: string;
  disclaimer!: string;
  products!: ProductSummary[];
  areas!: AreaView[];
  sources!: SourceView[];
}

export class OffsetView {
  /** @example 3 */
  n!: number;

  /** day, week, month, year */
  unit!: string;
}

export class LabelIntervalView extends CitedView {
  market!: string;
  offset!: OffsetView;
  wording!: string;
}

export class ManufacturerIntervalView extends CitedView {
  days!: number;
  note!: string | null;
}

export class UpperAgeView {
  market!: string;
  years!: number;

  /** Someone of exactly this age is already outside the licence. */
  including!: boolean;
  wording!: string;
  sources!: string[];
}

export class VialSizeView {
  units!: number;
  diluentMl!: number[];
  volumeMl!: number | null;

  /** Null: every market of the product. */
  markets!: string[] | null;
}

export class InUseView extends CitedView {
  /** Null: the one session it was opened for. */
  hours!: number | null;
  temperatureC!: number[] | null;
  note!: string | null;
}

export class CumulativeMaximumView extends CitedView {
  units!: number | null;

  /** Null for an advice in words or a ceiling per session. */
  over!: OffsetView | null;
  perSession!: boolean;
  wording!: string;
}

export class SiteMaximumView extends CitedView {
  area!: string;
  units!: number;
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

export class OffLabelExampleView extends CitedView {
  area!: string;
  units!: string;
  targetWeeks!: number;
  reviewFromDay!: number | null;
  reviewToDay!: number | null;
}

export class ProductView {
  release!: number;
  id!: string;
  inn!: string;
  unitLabel!: string;
  ucum!: string;
  liquid!: boolean;
  brands!: BrandView[];
  excipients!: string[];
  cowMilkProtein!: boolean | null;
  blackTriangle!: boolean | null;
  vials!: VialSizeView[];
  concentration!: string;
  inUse!: InUseView;
  minimumAge!: number;
  upperAge!: UpperAgeView[];
  minimumIntervals!: LabelIntervalView[];
  manufacturerInterval!: ManufacturerIntervalView | null;
  cumulativeMaximum!: CumulativeMaximumView | null;
  siteMaximum!: SiteMaximumView | null;
  onset!: string;
  peak!: string;
  regulatoryNote!: string | null;
  indications!: IndicationView[];
  offLabelExamples!: OffLabelExampleView[];
  sources!: SourceView[];
}

export class SafetyRuleView extends CitedView {
  /** @example PREGNANCY */
  code!: string;
  text!: string;

  /** Products it is about; null: all of them. */
  products!: string[] | null;

  /** The product's own figure decides (upper age). */
  perProduct!: boolean;

  /** block, prescriber-decision, acknowledge, pathway, none */
  severity!: string;

  /** Another severity by product id. */
  severityByProduct!: Record<string, string>;

  /** Another severity by what the patient said. */
  severityByAnswer!: Record<string, string>;

  /** The words of the source. */
  wording!: string;

  /** Set where the sources have no column for this market. */
  carriedOverFrom!: string | null;

  /** The condition passes: defer, do not refuse for good. */
  defer!: boolean;
}

export class SafetyRulesView {
  release!: number;
  version!: string;
  market!: string;
  rules!: SafetyRuleView[];
  sources!: SourceView[];
}
