import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { ratio, share } from './figure.js';
import { asTold, mayBeTold } from './small-figures.js';

const said = { name: 'test', definition: 'test', asOf: calendarDate('2026-06-30'), unit: 'things' };

describe('a figure', () => {
  it('is null, not 0 nor infinite, where there is nothing to count', () => {
    expect(share(said, 0, 0)).toMatchObject({
      value: null,
      lower: null,
      upper: null,
      unsaid: 'nothing-to-count',
    });
    expect(ratio(said, 0, 0)).toMatchObject({ value: null, unsaid: 'nothing-to-count' });
    expect(ratio(said, 30, 60)).toMatchObject({ value: 0.5, lower: null, interval: null, unsaid: null });
  });

  it('tells the exact interval beside Wilson’s', () => {
    // Newcombe (1998), Table I: 1 of 29.
    const { lower, upper, interval, exactLower, exactUpper } = share(said, 1, 29);
    expect([lower, upper].map((limit) => limit?.toFixed(4))).toEqual(['0.0061', '0.1718']);
    expect([exactLower, exactUpper].map((limit) => limit?.toFixed(4))).toEqual(['0.0009', '0.1776']);
    expect(interval).toBe('wilson');
  });
});

describe('figures of one practitioner or location', () => {
  const of = (patients: number, x: number, n: number) => ({ figure: share(said, x, n), patients });

  it('are told from five patients on, unless what the rest of the clinic has would follow', () => {
    expect(mayBeTold(of(2, 1, 3), null)).toBe(true);
    expect(mayBeTold(of(4, 1, 4), of(50, 20, 60))).toBe(false);
    expect(mayBeTold(of(5, 1, 5), of(50, 20, 60))).toBe(true);
    expect(mayBeTold(of(47, 19, 57), of(50, 20, 60))).toBe(false);
  });

  it('are told where they are all there is, or where there is nothing', () => {
    expect(mayBeTold(of(50, 20, 60), of(50, 20, 60))).toBe(true);
    expect(mayBeTold(of(0, 0, 0), of(3, 1, 3))).toBe(true);
  });

  it('are withheld together where one has the numbers of the other among its parts', () => {
    const named = (name: string, patients: number, n: number) => ({
      figure: share({ ...said, name }, 1, n),
      patients,
    });
    const whole = [named('no-show', 50, 60), named('late-cancel', 60, 70), named('reviews', 50, 60)];
    const toldOf = (noted: number, late: number) =>
      asTold(
        [named('no-show', noted, 20), named('late-cancel', late, 30), named('reviews', 9, 9)],
        whole,
      ).map(({ denominator }) => denominator);
    expect(toldOf(10, 12)).toEqual([20, 30, 9]);
    expect(toldOf(3, 12)).toEqual([null, null, 9]);
    expect(toldOf(10, 58)).toEqual([null, null, 9]);
  });
});
