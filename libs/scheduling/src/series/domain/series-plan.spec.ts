import {
  addDays,
  addOffsets,
  calendarDate,
  type CalendarDate,
  DomainError,
  overlaps,
  toEpochDay,
} from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { TreatmentWindow } from '../../domain/booking-rules.js';
import { SlotTaken, TreatmentBeforeEarliest } from '../../domain/scheduling.errors.js';
import { earliestAfter, settle, type Spacing, tooCloseTo, type WantedVisit } from './series-plan.js';

const day = calendarDate;
const HOUR = 3_600_000;
const ona: Spacing = {
  areaId: 'glabella',
  byProduct: [
    [
      { n: 3, unit: 'month' },
      { n: 90, unit: 'day' },
    ],
  ],
};
const unknown: Spacing = {
  areaId: 'glabella',
  byProduct: [[{ n: 3, unit: 'month' }], [{ n: 12, unit: 'week' }]],
};

const visit = (number: number, on: string, change: Partial<WantedVisit> = {}): WantedVisit => {
  const start = toEpochDay(day(on)) * 24 * HOUR + 10 * HOUR;
  return { number, on: day(on), busy: { start, end: start + HOUR }, refusal: null, present: null, ...change };
};
const staying = (on: string): NonNullable<WantedVisit['present']> => {
  const { busy } = visit(0, on);
  return { appointmentId: `at ${on}`, patientId: 'zoe', on: day(on), busy: busy ?? { start: 0, end: 1 } };
};
/** Lets through what no window holds back. */
const judge = (_number: number, windows: readonly TreatmentWindow[]) =>
  windows.length > 0 ? new TreatmentBeforeEarliest({ windows }) : { ok: true };
const codes = (settled: Map<number, object>) =>
  [...settled]
    .toSorted(([a], [b]) => a - b)
    .map(([number, one]) => `${number} ${one instanceof DomainError ? one.spec.code : 'free'}`);

describe('the visits of a series together', () => {
  it('rest as long as every figure of the product says', () => {
    expect(earliestAfter(day('2026-01-31'), ona)).toBe('2026-05-01');
    expect(earliestAfter(day('2026-02-01'), ona)).toBe('2026-05-02');
  });

  it('are held back by the shortest interval when nobody knows the product yet', () => {
    expect(earliestAfter(day('2026-01-01'), unknown)).toBe('2026-03-26');
    expect(earliestAfter(day('2026-01-01'), { areaId: 'glabella', byProduct: [] })).toBeNull();
  });

  it('look at visits before and after', () => {
    expect(tooCloseTo([day('2026-01-01')], day('2026-02-01'), [ona])).toMatchObject([
      { earliest: '2026-04-01' },
    ]);
    expect(tooCloseTo([day('2026-03-01')], day('2026-02-01'), [ona])).toMatchObject([
      { earliest: '2026-06-01' },
    ]);
    expect(tooCloseTo([day('2026-01-01')], day('2026-04-01'), [ona])).toEqual([]);
    expect(tooCloseTo([day('2026-01-01')], day('2026-01-02'), [])).toEqual([]);
  });

  it('count only visits that take place: after one that is refused the next is free', () => {
    const refusal = new SlotTaken({ blockedBy: [], alternatives: [] });
    const wanted = [visit(1, '2026-01-01'), visit(2, '2026-02-12', { refusal }), visit(3, '2026-04-01')];
    expect(codes(settle(wanted, [], [ona], judge))).toEqual(['1 free', '2 slot_taken', '3 free']);
    expect(codes(settle(wanted, [day('2025-12-01')], [ona], judge))).toEqual([
      '1 treatment_before_earliest',
      '2 slot_taken',
      '3 free',
    ]);
  });

  it('never take place at one time', () => {
    const wanted = [visit(1, '2026-01-01'), visit(2, '2026-01-01'), visit(3, '2026-01-02')];
    expect(codes(settle(wanted, [], [], judge))).toEqual(['1 free', '2 series_visits_overlap', '3 free']);
  });

  it('do not take the place of one that has to stay, however long the chain', () => {
    const refusal = new SlotTaken({ blockedBy: [], alternatives: [] });
    const wanted = [
      visit(1, '2026-01-08', { present: staying('2026-01-01') }),
      visit(2, '2026-01-15', { present: staying('2026-01-08') }),
      visit(3, '2026-01-22', { present: staying('2026-01-15'), refusal }),
    ];
    expect(codes(settle(wanted, [], [], judge))).toEqual(['1 slot_taken', '2 slot_taken', '3 slot_taken']);
    const free = wanted.map((one) => ({ ...one, refusal: null }));
    expect(codes(settle(free, [], [], judge))).toEqual(['1 free', '2 free', '3 free']);
  });

  it('that are let through are pairwise apart in time and by the interval, and off the places that are kept', () => {
    const aVisit = fc.record({
      on: fc.integer({ min: 0, max: 300 }),
      blocked: fc.boolean(),
      at: fc.option(fc.integer({ min: 0, max: 300 })),
    });
    const apart = (from: CalendarDate, to: CalendarDate) => to >= addOffsets(from, { n: 4, unit: 'week' });
    fc.assert(
      fc.property(fc.array(aVisit, { minLength: 1, maxLength: 12 }), (drawn) => {
        const on = (days: number) => addDays(day('2026-01-01'), days);
        const wanted = drawn.map(({ on: days, blocked, at }, i) =>
          visit(i + 1, on(days), {
            refusal: blocked ? new SlotTaken({ blockedBy: [], alternatives: [] }) : null,
            present: at === null ? null : staying(on(at)),
          }),
        );
        const spacing = [{ areaId: 'glabella', byProduct: [[{ n: 4, unit: 'week' as const }]] }];
        const settled = settle(wanted, [], spacing, judge);
        const free = wanted.filter(({ number }) => !(settled.get(number) instanceof DomainError));
        const kept = wanted.filter((one) => !free.includes(one)).flatMap(({ present }) => present ?? []);
        for (const [i, a] of free.entries()) {
          for (const b of free.slice(i + 1)) {
            const [first, second] = [a.on, b.on].toSorted();
            expect(first !== undefined && second !== undefined && apart(first, second)).toBe(true);
          }
          for (const place of kept) expect(a.busy !== null && overlaps(a.busy, place.busy)).toBe(false);
        }
      }),
    );
  });
});
