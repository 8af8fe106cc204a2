import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../../../testing/close.js';
import vectors from '../../../testing/vectors/survival.json' with { type: 'json' };
import { logRank } from './log-rank.js';
import { chiSquareTail } from '../tail-probability.js';

const { data, logrank_vs_placebo } = vectors.freireich_6mp;
const treated = data.time.map((time, index) => ({ time, event: data.status[index] === 1 }));
// The placebo arm of the same trial: Freireich et al., Blood 21:699 (1963); nobody was censored.
const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map((time) => ({
  time,
  event: true,
}));

const someGroup = fc.array(fc.record({ time: fc.nat(20), event: fc.boolean() }), { maxLength: 15 });

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('log-rank', () => {
  it('tells the two arms of the leukaemia trial apart as published', () => {
    const answer = logRank([treated, placebo]);
    expect(answer?.observed).toEqual(logrank_vs_placebo.observed);
    expectClose(answer?.expected[0], logrank_vs_placebo.expected[0]);
    expectClose(answer?.expected[1], logrank_vs_placebo.expected[1]);
    expectClose(answer?.chiSquare, logrank_vs_placebo.chisq);
    expectClose(answer?.p, logrank_vs_placebo.p);
    expect(answer?.degreesOfFreedom).toBe(1);
  });

  it('finds no difference between a group and itself', () => {
    expect(logRank([treated, treated, treated])).toMatchObject({ degreesOfFreedom: 2 });
    expect(logRank([treated, treated, treated])?.p).toBeCloseTo(1, 12);
  });

  it('is null with nothing to compare', () => {
    expect(logRank([treated])).toBeNull();
    expect(logRank([treated, []])).toBeNull();
    expect(logRank([[{ time: 3, event: false }], [{ time: 4, event: false }]])).toBeNull();
  });

  it('expects as many events as were seen, whatever the order of the groups', () => {
    fc.assert(
      fc.property(someGroup, someGroup, someGroup, (a, b, c) => {
        const answer = logRank([a, b, c]);
        const turned = logRank([c, a, b]);
        expect(turned?.degreesOfFreedom).toBe(answer?.degreesOfFreedom);
        if (!answer || !turned) return;
        expect(total(answer.expected)).toBeCloseTo(total(answer.observed), 9);
        expect(turned.chiSquare).toBeCloseTo(answer.chiSquare, 6);
        expect(answer.p).toBeGreaterThanOrEqual(0);
        expect(answer.p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the tail of chi-square', () => {
  it.each([
    [3.841458820694124, 1],
    [5.991464547107979, 2],
    [7.814727903251179, 3],
    [18.307038053275146, 10],
  ])('leaves 5 %% above %f with %i degrees of freedom', (x, degrees) => {
    expect(chiSquareTail(x, degrees)).toBeCloseTo(0.05, 12);
  });

  it('is exp(−x/2) with two degrees of freedom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 200, noNaN: true }), (x) => {
        expect(chiSquareTail(x, 2)).toBeCloseTo(Math.exp(-x / 2), 12);
      }),
    );
  });
});
