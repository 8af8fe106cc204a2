import { CitedView, OffsetView, SourceView } from './cited.dto.js';
import { IndicationView } from './label.dto.js';

export class BrandView {
  brand!: string;
  markets!: string[];
  holder!: string;
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
