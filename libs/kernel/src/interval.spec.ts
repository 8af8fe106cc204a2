import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { holds, intersect, type Interval, overlaps, subtract, union } from './interval.js';

const WIDTH = 40;
const RUNS = { numRuns: 10_000 };

/** Ends may precede starts: a caller can subtract buffers until nothing is left. */
const anySpan = fc.record({ start: fc.nat(WIDTH), end: fc.nat(WIDTH) });
const anySpans = fc.array(anySpan, { maxLength: 8 });

const pointsOf = (spans: readonly Interval[]): boolean[] =>
  Array.from({ length: WIDTH }, (_, point) => spans.some(({ start, end }) => start <= point && point < end));

function expectCanonical(spans: readonly Interval[]): void {
  spans.forEach((span, i) => {
    expect(span.start).toBeLessThan(span.end);
    const next = spans[i + 1];
    if (next) expect(span.end).toBeLessThan(next.start);
  });
}

describe('spans of time', () => {
  it('merges touching and overlapping spans and drops empty ones', () => {
    expect(
      union([
        { start: 5, end: 7 },
        { start: 1, end: 3 },
        { start: 3, end: 4 },
        { start: 9, end: 9 },
        { start: 6, end: 8 },
      ]),
    ).toEqual([
      { start: 1, end: 4 },
      { start: 5, end: 8 },
    ]);
  });

  it('leaves what working hours have left around two appointments', () => {
    expect(
      subtract(
        [{ start: 9, end: 17 }],
        [
          { start: 10, end: 11 },
          { start: 16, end: 18 },
        ],
      ),
    ).toEqual([
      { start: 9, end: 10 },
      { start: 11, end: 16 },
    ]);
  });

  it('lets one appointment start when another ends', () => {
    expect(overlaps({ start: 1, end: 2 }, { start: 2, end: 3 })).toBe(false);
    expect(overlaps({ start: 1, end: 3 }, { start: 2, end: 4 })).toBe(true);
  });

  it('holds a span that lies in one of them, to the edge', () => {
    fc.assert(
      fc.property(anySpans, anySpan, (spans, span) => {
        fc.pre(span.start < span.end);
        expect(holds(union(spans), span)).toBe(subtract([span], spans).length === 0);
      }),
      RUNS,
    );
  });

  it('covers exactly the points of either, of one without the other, of both', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (a, b) => {
        const [inA, inB] = [pointsOf(a), pointsOf(b)];
        const cases: [Interval[], (x: boolean, y: boolean) => boolean][] = [
          [union([...a, ...b]), (x, y) => x || y],
          [subtract(a, b), (x, y) => x && !y],
          [intersect(a, b), (x, y) => x && y],
        ];
        for (const [spans, rule] of cases) {
          expect(pointsOf(spans)).toEqual(inA.map((x, point) => rule(x, inB[point] === true)));
          expectCanonical(spans);
        }
      }),
      RUNS,
    );
  });

  it('does not change its input', () => {
    const a = Object.freeze([Object.freeze({ start: 3, end: 9 }), Object.freeze({ start: 1, end: 4 })]);
    union(a);
    subtract(a, a);
    intersect(a, a);
    expect(a).toEqual([
      { start: 3, end: 9 },
      { start: 1, end: 4 },
    ]);
  });
});
