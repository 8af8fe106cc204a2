import { isDeepStrictEqual } from 'node:util';

import { type BookingOverride, OVERRIDABLE_RULES, type OverriddenRule } from '../../domain/booking-rules.js';
import { SlotTaken, TreatmentBeforeEarliest } from '../../domain/scheduling.errors.js';

/** Proposals of a group move never take time twice, so a double booking is no choice in it. */
export const SINGLY_OVERRIDABLE: readonly string[] = OVERRIDABLE_RULES.filter(
  (code) => code !== SlotTaken.spec.code,
);

/**
 * What was set aside when a slot was chosen, for whoever applies the group move: the authority was asked for then.
 * @returns undefined where nothing was
 */
export function decidedOn(kept: readonly OverriddenRule[]): BookingOverride | undefined {
  const [first] = kept;
  if (!first) return undefined;
  return {
    codes: kept.map(({ code }) => code),
    reason: first.reason,
    by: { id: first.by, isPrescriber: true, mayOverrideBooking: true },
  };
}

/**
 * Whether a prescriber decided on the windows there are now. A treatment signed since has moved them, and then a day that
 * was a little early may be months too early.
 */
export function stillDecided(kept: readonly OverriddenRule[], now: readonly OverriddenRule[]): boolean {
  const { code } = TreatmentBeforeEarliest.spec;
  const early = now.find((rule) => rule.code === code);
  return early === undefined || kept.some((rule) => rule.code === code && sameWindows(rule, early));
}

/** One side was kept as JSON: dates are texts in both, and what was left out is gone from both. */
const sameWindows = (a: OverriddenRule, b: OverriddenRule): boolean =>
  isDeepStrictEqual(asKept(a.facts['windows']), asKept(b.facts['windows']));

const asKept = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
