import type { CalendarDate, Offset } from '#kernel';
import type { Cited } from '#catalogue';
import type { Dose, DoseKind } from './history.js';

/** The dates a window may carry, in the order they depend on each other. */
export const DATE_NAMES = [
  'earliest',
  'recommendedFrom',
  'target',
  'recommendedTo',
  'lapsedAfter',
  'reviewFrom',
  'reviewTo',
  'nonResponseCheck',
] as const;
export type DateName = (typeof DATE_NAMES)[number];

/** Names the formula itself; raised when the rules of ordering below change. */
export const FORMULA_VERSION = 'formula/1';

/** What a candidate is counted from: a dose, or a date of the same window that it may not precede. */
export type Base =
  | {
      readonly event: DoseKind;
      readonly treatedOn: CalendarDate;
      readonly product: string;
      readonly treatmentId: string | null;
    }
  | { readonly date: DateName };

/** One rule's answer to "when?". The latest candidate wins; of equal ones the first. */
export interface Candidate {
  readonly ruleId: string;
  readonly version: string;
  readonly base: Base;
  readonly offsets: readonly Offset[];
  readonly result: CalendarDate;
  readonly sources: readonly string[];
  readonly confidence: string;
  readonly wins: boolean;
}

/** Why there is no date, or why one rule could not speak. */
export interface Missing {
  readonly figure:
    'minimum-interval' | 'full-treatment' | 'counted-dose' | 'target' | 'to' | 'lapse' | DateName;
  /** Null when no product is to blame. */
  readonly product: string | null;
  readonly reason: string;
}

export interface DateExplanation {
  readonly date: CalendarDate | null;
  readonly candidates: readonly Candidate[];
  readonly missing: readonly Missing[];
  /** What the protocol alone would have said, where the patient's own interval stands in its place; absent otherwise. */
  readonly replaced?: readonly Claim[];
}

export type Explanation = Readonly<Record<DateName, DateExplanation>>;

/** A candidate before the comparison. */
export type Claim = Omit<Candidate, 'wins'>;

export const fromDose = ({ kind, treatedOn, product, treatmentId }: Dose): Base => ({
  event: kind,
  treatedOn,
  product,
  treatmentId: treatmentId ?? null,
});

/** A figure applied to a dose. */
export const claim = (
  figure: Cited & { readonly ruleId: string },
  version: string,
  dose: Dose,
  offset: Offset,
  result: CalendarDate,
): Claim => ({
  ruleId: figure.ruleId,
  version,
  base: fromDose(dose),
  offsets: [offset],
  result,
  sources: figure.sources,
  confidence: figure.confidence,
});

/** The dates of a window never cross: this one is not before `name`. */
export const notBefore = (name: DateName, result: CalendarDate): Claim => ({
  ruleId: `order/not-before/${name}`,
  version: FORMULA_VERSION,
  base: { date: name },
  offsets: [],
  result,
  sources: ['POL'],
  confidence: 'policy (POL)',
});

/**
 * The latest of the claims, with the winner marked. Anything in `missing` leaves the date empty: a maximum over
 * something unknown is unknown.
 */
export function decide(
  claims: readonly Claim[],
  missing: readonly Missing[] = [],
  replaced: readonly Claim[] = [],
): DateExplanation {
  let winner: Claim | undefined;
  for (const candidate of claims) if (!winner || candidate.result > winner.result) winner = candidate;
  const known = missing.length === 0 ? winner : undefined;
  const decided: DateExplanation = {
    date: known?.result ?? null,
    candidates: claims.map((candidate) => marked(candidate, candidate === known)),
    missing,
  };
  return replaced.length > 0 ? { ...decided, replaced } : decided;
}

// Written out: a spread would cost a bulk recompute half its time.
const marked = (
  { ruleId, version, base, offsets, result, sources, confidence }: Claim,
  wins: boolean,
): Candidate => ({ ruleId, version, base, offsets, result, sources, confidence, wins });
