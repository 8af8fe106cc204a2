import { CitedView, SourceView } from './cited.dto.js';

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
