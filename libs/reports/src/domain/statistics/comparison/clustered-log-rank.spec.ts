import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../../../testing/close.js';
import { clusteredLogRank, MOST_COMPARED } from './clustered-log-rank.js';
import { logRank } from './log-rank.js';

interface Span {
  readonly cluster: number;
  readonly time: number;
  readonly event: boolean;
}

const inColumns = (spans: readonly Span[]) => ({
  cluster: spans.map(({ cluster }) => cluster),
  time: spans.map(({ time }) => time),
  event: spans.map(({ event }) => (event ? 1 : 0)),
});
const someSpans = fc.array(fc.record({ cluster: fc.nat(12), time: fc.nat(20), event: fc.boolean() }), {
  maxLength: 15,
});

/** (O − E) and Σ (Σ w)² of two groups, straight from the definition, group 1 told from 0. */
function twoGroups(groups: readonly [readonly Span[], readonly Span[]]) {
  const all = groups.flatMap((spans, z) => spans.map((span) => ({ ...span, z })));
  const days = [...new Set(all.filter(({ event }) => event).map(({ time }) => time))];
  const at = (day: number) => {
    const risk = all.filter(({ time }) => time >= day);
    const events = all.filter(({ time, event }) => time === day && event).length;
    return { share: risk.filter(({ z }) => z === 1).length / risk.length, hazard: events / risk.length };
  };
  const influence = ({ z, time, event }: (typeof all)[number]): number =>
    (event ? z - at(time).share : 0) -
    days.filter((day) => day <= time).reduce((sum, day) => sum + (z - at(day).share) * at(day).hazard, 0);
  const sums = [...Map.groupBy(all, ({ cluster }) => cluster).values()].map((members) =>
    members.reduce((sum, span) => sum + influence(span), 0),
  );
  return {
    difference: sums.reduce((sum, w) => sum + w, 0),
    variance: sums.reduce((sum, w) => sum + w * w, 0),
  };
}

describe('log-rank with treatments of one patient taken as dependent', () => {
  it('is (O − E)² over the summed squares of the patients’ influences', () => {
    fc.assert(
      fc.property(someSpans, someSpans, (a, b) => {
        const answer = clusteredLogRank([inColumns(a), inColumns(b)]);
        if (!answer) return;
        const { difference, variance } = twoGroups([a, b]);
        expect(Math.abs(answer.chiSquare - difference ** 2 / variance)).toBeLessThan(
          1e-9 * (1 + answer.chiSquare),
        );
      }),
    );
  });

  it('has the same O − E as the plain test, and the same degrees of freedom', () => {
    fc.assert(
      fc.property(someSpans, someSpans, (a, b) => {
        const [plain, clustered] = [logRank([a, b]), clusteredLogRank([inColumns(a), inColumns(b)])];
        if (!plain || !clustered) return;
        expect(clustered.degreesOfFreedom).toBe(plain.degreesOfFreedom);
        const { difference } = twoGroups([a, b]);
        expect((plain.observed[1] ?? 0) - (plain.expected[1] ?? 0)).toBeCloseTo(difference, 9);
      }),
    );
  });

  it('does not take ten copies of a patient for ten patients', () => {
    const spans = (times: readonly number[], first: number): Span[] =>
      times.map((time, i) => ({ cluster: first + i, time, event: true }));
    const [a, b] = [spans([3, 5, 8, 9, 12, 14], 0), spans([6, 9, 13, 15, 18, 20], 100)];
    const tenfold = (all: readonly Span[]) => all.flatMap((span) => Array.from({ length: 10 }, () => span));
    const once = clusteredLogRank([inColumns(a), inColumns(b)]);
    const ten = clusteredLogRank([inColumns(tenfold(a)), inColumns(tenfold(b))]);
    expectClose(ten?.chiSquare, once?.chiSquare);
    expect(ten?.clusters).toBe(12);
    // The plain test believes the copies.
    expect(logRank([tenfold(a), tenfold(b)])?.chiSquare).toBeGreaterThan(
      3 * (logRank([a, b])?.chiSquare ?? 0),
    );
  });

  it('is null with nothing to compare, with hardly more patients than groups, and beyond thirty groups', () => {
    const one: Span[] = [{ cluster: 1, time: 3, event: true }];
    const other: Span[] = [{ cluster: 1, time: 5, event: true }];
    expect(clusteredLogRank([inColumns(one)])).toBeNull();
    expect(clusteredLogRank([inColumns(one), inColumns([])])).toBeNull();
    expect(clusteredLogRank([inColumns(one), inColumns(other)])).toBeNull();
    const many = Array.from({ length: MOST_COMPARED + 1 }, (_, g) =>
      inColumns([1, 2, 3].map((i) => ({ cluster: g * 3 + i, time: i + g, event: true }))),
    );
    expect(clusteredLogRank(many)).toBeNull();
    expect(clusteredLogRank(many.slice(1))).not.toBeNull();
  });
});
