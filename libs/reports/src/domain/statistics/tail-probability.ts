const TINY = 1e-300;
const PRECISION = 1e-16;
/** A continued fraction may swing between two neighbours of 1 for ever: nearer than this it has arrived. */
const ARRIVED = 4 * Number.EPSILON;
const MOST_TERMS = 100_000;

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0. Source: Lanczos (1964), g = 7, nine terms; relative error about 1e-15. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  let sum: number = LANCZOS[0];
  for (const [index, coefficient] of LANCZOS.entries()) if (index > 0) sum += coefficient / (x + index - 1);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/**
 * P(X ≥ x) of a chi-square variable: the p value of a test statistic. `degrees` ≥ 1, x ≥ 0.
 * Source: regularised incomplete gamma, DLMF 8.11.4 (series) and 8.9.2 (continued fraction, Lentz).
 */
export function chiSquareTail(x: number, degrees: number): number {
  const a = degrees / 2;
  const half = x / 2;
  if (half <= 0) return 1;
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  if (half < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n += 1) {
      term *= half / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  let b = half + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / away(numerator * d + b);
    c = away(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < ARRIVED) break;
  }
  return front * fraction;
}

/**
 * I_p(a, b), the distribution function of a beta variable with a, b > 0, at 0 ≤ p ≤ 1.
 * For whole numbers I_p(x, n − x + 1) is P(X ≥ x) of a binomial (n, p). Source: DLMF 8.17.22 (Lentz).
 */
export function betaBelow(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  if (p > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - p, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(p) + b * Math.log1p(-p));
  let c = 1;
  let d = 1 / away(1 - ((a + b) * p) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m += 1) {
    const even = (m * (b - m) * p) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * p) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < ARRIVED) break;
  }
  return (front * fraction) / a;
}

const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
