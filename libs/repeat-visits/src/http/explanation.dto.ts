export class WindowOffsetView {
  /** @example 3 */
  n!: number;

  /** day, week, month, year */
  unit!: string;
}

/** What a candidate is counted from: a dose, or a date of the same window that it may not precede. */
export class BaseView {
  /** full, touch-up; absent when counted from a date of the window. */
  event?: string;
  treatedOn?: string;
  product?: string;
  treatmentId?: string | null;

  /** Name of the date of the window. @example earliest */
  date?: string;
}

/** One rule's answer to "when?". */
export class ReplacedView {
  /** @example interval/ona/UK/label */
  ruleId!: string;

  /** @example catalogue/1/UK */
  version!: string;
  base!: BaseView;
  offsets!: WindowOffsetView[];

  /** @example 2026-05-01 */
  result!: string;
  sources!: string[];
  confidence!: string;
}

/** An answer among those that are compared; the latest wins. */
export class CandidateView extends ReplacedView {
  wins!: boolean;
}

/** Why there is no date, or why one rule could not speak. */
export class MissingView {
  figure!: string;
  product!: string | null;
  reason!: string;
}

export class DateExplanationView {
  date!: string | null;

  /**
   * The reason in a sentence.
   * @example 3 months after the treatment with onabotulinumtoxinA on 31 January 2026, the shortest interval of its label.
   */
  says!: string;

  /** All that was compared; the latest wins. */
  candidates!: CandidateView[];
  missing!: MissingView[];

  /** Where the patient's own interval stands in its place: the protocol's figure, to be shown beside it. */
  replaced!: ReplacedView[];
}

export class ExplanationView {
  earliest!: DateExplanationView;
  recommendedFrom!: DateExplanationView;
  target!: DateExplanationView;
  recommendedTo!: DateExplanationView;
  lapsedAfter!: DateExplanationView;
  reviewFrom!: DateExplanationView;
  reviewTo!: DateExplanationView;
  nonResponseCheck!: DateExplanationView;
}
