import { Z_95 } from './survival-interval.js';
import { betaBelow } from './tail-probability.js';

/** x of n, with its 95 % limits. */
export interface Proportion {
  readonly numerator: number;
  readonly denominator: number;
  readonly proportion: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ProportionDifference {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * x/n with Wilson's score interval, (2x + z² ± z √(z² + 4x(n − x)/n)) / 2(n + z²). Null for n = 0: no proportion.
 *
 * Source: Wilson, JASA 22:209 (1927); Newcombe, Stat Med 17:857 (1998), method 3.
 * @throws RangeError unless 0 ≤ x ≤ n are whole numbers.
 */
export function wilson(x: number, n: number): Proportion | null {
  return interval(x, n, () => {
    const z2 = Z_95 ** 2;
    const reach = Z_95 * Math.sqrt(z2 + (4 * x * (n - x)) / n);
    return [(2 * x + z2 - reach) / (2 * (n + z2)), (2 * x + z2 + reach) / (2 * (n + z2))];
  });
}

/** The exact interval: the p for which x or more (lower) or x or fewer (upper) has probability 2.5 %. Clopper & Pearson (1934). */
export function clopperPearson(x: number, n: number): Proportion | null {
  return interval(x, n, () => [
    x === 0 ? 0 : solve((p) => betaBelow(p, x, n - x + 1) - 0.025),
    x === n ? 1 : solve((p) => betaBelow(p, x + 1, n - x) - 0.975),
  ]);
}

/**
 * p₁ − p₂ of two independent groups with the hybrid score interval from their Wilson limits. Null when one is empty.
 *
 * Source: Newcombe, Stat Med 17:873 (1998), method 10.
 */
export function newcombeDifference(
  first: { readonly x: number; readonly n: number },
  second: { readonly x: number; readonly n: number },
): ProportionDifference | null {
  const [a, b] = [wilson(first.x, first.n), wilson(second.x, second.n)];
  if (!a || !b) return null;
  const difference = a.proportion - b.proportion;
  return {
    difference,
    lower: difference - Math.hypot(a.proportion - a.lower, b.upper - b.proportion),
    upper: difference + Math.hypot(a.upper - a.proportion, b.proportion - b.lower),
  };
}

function interval(x: number, n: number, limits: () => readonly [number, number]): Proportion | null {
  if (!Number.isSafeInteger(x) || !Number.isSafeInteger(n) || x < 0 || x > n) {
    throw new RangeError(`Not x of n: ${x} of ${n}`);
  }
  if (n === 0) return null;
  const proportion = x / n;
  const [lower, upper] = limits();
  // The ends are exact by definition; elsewhere rounding must not push a limit past the estimate.
  return {
    numerator: x,
    denominator: n,
    proportion,
    lower: x === 0 ? 0 : Math.max(0, Math.min(lower, proportion)),
    upper: x === n ? 1 : Math.min(1, Math.max(upper, proportion)),
  };
}

/** Root of an increasing function on [0, 1] by bisection, to the last bit. */
function solve(increasing: (p: number) => number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (increasing(middle) < 0) low = middle;
    else high = middle;
  }
}
