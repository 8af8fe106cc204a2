import type { ClinicFiguresView, OtherSystemsView } from '../figures/http/figures.dto.js';
import type { ReturnGroupsView } from '../http/return-groups.dto.js';
import type { ReturnRateView } from '../http/return-rate.dto.js';

/** Everything a document of a period's figures tells; `whose` in words, empty for the whole clinic. */
export interface FiguresReport {
  readonly clinic: string;
  readonly whose: readonly string[];
  readonly figures: ClinicFiguresView;
  readonly others: OtherSystemsView;
}

/** Everything a table of return rates tells, with names for the values of its cut. */
export interface ReturnTables {
  readonly rate: ReturnRateView;
  /** One group, the whole. */
  readonly whole: ReturnGroupsView;
  readonly groups: ReturnGroupsView | null;
  readonly cut: string | null;
  readonly nameOf: (value: string) => string;
}

/** Everything a page of return rates tells: what they are narrowed by in words, and the figures beside. */
export interface ReturnReport extends ReturnTables, FiguresReport {
  readonly filters: readonly string[];
}
