import { CitedView, OffsetView, SourceView } from './cited.dto.js';

export class MinimumIntervalView extends CitedView {
  /** @example interval/ona/UK/label */
  ruleId!: string;
  offset!: OffsetView;
  wording!: string;
}

export class WeeksView extends CitedView {
  /** @example window/standard/target */
  ruleId!: string;

  /** Weeks after the last full treatment. */
  weeks!: number;
}

export class DaysView extends CitedView {
  ruleId!: string;

  /** Days after the treatment, both included. */
  fromDay!: number;
  toDay!: number;
}

export class NonResponseView extends CitedView {
  ruleId!: string;
  day!: number;
}

export class TouchUpDaysView extends DaysView {
  /** Whether a touch-up moves the earliest next date. */
  countsForInterval!: boolean;
}

/** The figures of one product in one area; a figure nobody gives is null. */
export class ProtocolView {
  product!: string;
  area!: string;

  /** catalogue, clinic */
  origin!: string;

  /** The catalogue's release, or the clinic's own version. */
  version!: number;
  licensed!: boolean;
  onLabel!: boolean;

  /** All hold, so the latest wins; none: no date can be given. */
  minimumIntervals!: MinimumIntervalView[];
  windowProfile!: string | null;
  from!: WeeksView | null;
  target!: WeeksView | null;
  to!: WeeksView | null;
  lapse!: WeeksView | null;
  review!: DaysView;
  nonResponse!: NonResponseView;
  touchUp!: TouchUpDaysView;
  notes!: string[];
}

export class ProtocolsView {
  /** Names the exact set of figures. @example catalogue/1/UK */
  version!: string;
  market!: string;
  items!: ProtocolView[];
  sources!: SourceView[];
}
