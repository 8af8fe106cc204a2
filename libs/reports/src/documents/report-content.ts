import type { ClinicFiguresView, OtherSystemsView } from '../figures/http/figures.dto.js';
import type { ReturnGroupsView } from '../http/return-groups.dto.js';
import type { ReturnRateView } from '../http/return-rate.dto.js';

/** Everything a document of return rates tells, with names for the values of its cut. */
export interface ReturnReport {
  readonly clinic: string;
  readonly rate: ReturnRateView;
  /** One group, the whole. */
  readonly whole: ReturnGroupsView;
  readonly groups: ReturnGroupsView | null;
  readonly cut: string | null;
  readonly nameOf: (value: string) => string;
  readonly filters: readonly string[];
  readonly figures: ClinicFiguresView;
  readonly others: OtherSystemsView;
}

export interface FiguresReport {
  readonly clinic: string;
  readonly filters: readonly string[];
  readonly figures: ClinicFiguresView;
  readonly others: OtherSystemsView;
}
