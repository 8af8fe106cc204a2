import type { Cited, Market } from './catalogue.js';

/**
 * What a matched safety rule asks for. `block`: cannot be completed. `prescriber-decision`: a prescriber decides and
 * says why. `acknowledge`: shown and acknowledged. `pathway`: opens a workflow. `none`: nothing in this market.
 */
export type Severity = 'block' | 'prescriber-decision' | 'acknowledge' | 'pathway' | 'none';

/** The severity of one rule in one market; `products` and `answers` replace `severity` where they name the case. */
export interface Ruling {
  readonly severity: Severity;
  readonly products: Readonly<Record<string, Severity>>;
  /** By what the patient said, where the rule tells cases apart (albumin: allergy or objection). */
  readonly answers: Readonly<Record<string, Severity>>;
  /** The words of the source this was read from. */
  readonly wording: string;
  /** Set where the source has no column for this market. */
  readonly carriedOverFrom: Market | null;
}

export interface SafetyRule extends Cited {
  readonly code: string;
  readonly text: string;
  /** Product ids, `all`, or `per-product`: the product's own figure decides (upper age). */
  readonly applies: readonly string[] | 'all' | 'per-product';
  readonly rulings: Readonly<Record<Market, Ruling>>;
  /** The condition passes: defer, do not refuse for good. */
  readonly defer: boolean;
}
