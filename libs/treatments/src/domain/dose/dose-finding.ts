/** `note`: shown only. `acknowledge`: confirmed. `prescriber-decision`: a prescriber decides, with a reason. */
export type DoseSeverity = 'note' | 'acknowledge' | 'prescriber-decision';

export interface DoseFinding {
  readonly code: string;
  readonly severity: DoseSeverity;
  /** Whether it takes the plan off the label, which needs its own consent. */
  readonly offLabel: boolean;
  readonly product: string;
  readonly area: string | null;
  /** Units (or millilitres for volumes); null where the finding is not about a figure. */
  readonly limit: number | null;
  readonly actual: number | null;
  readonly sources: readonly string[];
  readonly confidence: string;
  /** The short form for a chart: `above_label_total(20)`, `above_site_max(4) [EU/UK]`. */
  readonly flag: string;
}
