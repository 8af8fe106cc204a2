import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../../testing/close.js';
import vectors from '../../testing/vectors/survival.json' with { type: 'json' };
import { clopperPearson, newcombeDifference, wilson } from './proportion.js';

const xOfN = fc
  .integer({ min: 1, max: 100_000 })
  .chain((n) => fc.record({ n: fc.constant(n), x: fc.integer({ min: 0, max: n }) }));

describe.each(vectors.wilson_newcombe_1998.rows)('$x of $n', ({ x, n, computed, published, ...r }) => {
  it.each([
    ['Wilson', wilson, computed.wilson, published.wilson],
    ['Wilson as R prints it', wilson, r['prop.test_nocc'], published.wilson],
    ['Clopper–Pearson', clopperPearson, computed.clopper_pearson, published.clopper_pearson],
  ])('has the published limits: %s', (_name, method, [lower, upper], [printedLower, printedUpper]) => {
    const answer = method(x, n);
    expect(answer).toMatchObject({ numerator: x, denominator: n, proportion: x / n });
    expectClose(answer?.lower, lower);
    expectClose(answer?.upper, upper);
    expect(answer?.lower).toBeCloseTo(printedLower ?? Number.NaN, 4);
    expect(answer?.upper).toBeCloseTo(printedUpper ?? Number.NaN, 4);
  });
});

describe('a proportion', () => {
  it('of nobody is null, not 0', () => {
    expect(wilson(0, 0)).toBeNull();
    expect(clopperPearson(0, 0)).toBeNull();
    expect(newcombeDifference({ x: 1, n: 2 }, { x: 0, n: 0 })).toBeNull();
  });

  it('refuses more successes than there are cases, and fractions', () => {
    for (const [x, n] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
      [Number.NaN, 2],
    ] as const) {
      expect(() => wilson(x, n)).toThrow(RangeError);
    }
  });

  it('lies inside its limits, and they inside 0 and 1', () => {
    fc.assert(
      fc.property(xOfN, ({ x, n }) => {
        for (const answer of [wilson(x, n), clopperPearson(x, n)]) {
          expect(answer?.lower).toBeGreaterThanOrEqual(0);
          expect(answer?.lower).toBeLessThanOrEqual(x / n);
          expect(answer?.upper).toBeGreaterThanOrEqual(x / n);
          expect(answer?.upper).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('mirrors: the limits of x are those of n − x turned round', () => {
    fc.assert(
      fc.property(xOfN, ({ x, n }) => {
        expect(wilson(n - x, n)?.upper).toBeCloseTo(1 - (wilson(x, n)?.lower ?? Number.NaN), 12);
        expect(clopperPearson(n - x, n)?.upper).toBeCloseTo(
          1 - (clopperPearson(x, n)?.lower ?? Number.NaN),
          9,
        );
      }),
    );
  });
});

describe('Newcombe’s difference, method 10', () => {
  // Newcombe, Stat Med 17:873 (1998), table II, printed to 4 decimals.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i and %i/%i', (x1, n1, x2, n2, lower, upper) => {
    const answer = newcombeDifference({ x: x1, n: n1 }, { x: x2, n: n2 });
    expect(answer?.difference).toBeCloseTo(x1 / n1 - x2 / n2, 12);
    expect(answer?.lower).toBeCloseTo(lower, 4);
    expect(answer?.upper).toBeCloseTo(upper, 4);
  });
});
