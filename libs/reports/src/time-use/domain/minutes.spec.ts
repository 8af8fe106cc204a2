import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { timeUse, timeUseByPart } from './minutes.js';

const minute = (from: number, to: number) => ({ start: from * 60_000, end: to * 60_000 });

describe('time', () => {
  it('taken twice at once counts once, and outside working hours not at all', () => {
    expect(
      timeUse([minute(0, 60), minute(90, 120)], [minute(10, 30), minute(20, 40), minute(55, 95)]),
    ).toEqual({
      available: 90,
      booked: 40,
    });
  });

  it('of the weeks of a forecast adds up to that of the whole', () => {
    const span = fc
      .tuple(fc.nat(500), fc.integer({ min: 1, max: 60 }))
      .map(([from, length]) => minute(from, from + length));
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 599 }), { maxLength: 4 }),
        (taken, cuts) => {
          const working = [minute(0, 200), minute(260, 600)];
          const begins = [0, ...new Set(cuts.toSorted((a, b) => a - b))];
          const parts = begins.map((from, i) => minute(from, begins[i + 1] ?? 600));
          const byPart = timeUseByPart(working, taken, parts);
          const sum = (what: 'available' | 'booked') => byPart.reduce((total, part) => total + part[what], 0);
          expect({ available: sum('available'), booked: sum('booked') }).toEqual(timeUse(working, taken));
        },
      ),
    );
  });
});
