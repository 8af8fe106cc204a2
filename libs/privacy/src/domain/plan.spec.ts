import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { planErasure } from './plan.js';
import { defaultRetentionYears, keptUntil } from './retention.js';

const today = calendarDate('2026-11-27');
const rows = new Map([
  ['patient', [{ id: 'p', created_at: '2010-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }]],
  ['treatment', [{ id: 't', treated_on: '2016-02-29' }]],
  ['clearance', [{ id: 'c', decided_on: '2016-02-28', expires_on: '2030-01-01' }]],
  ['waitlist_entry', [{ id: 'w', joined_at: '2026-01-01T00:00:00Z' }]],
]);

describe('the plan of an erasure', () => {
  it('counts from the last entry of the record, not from a wish, an expiry or a later change', () => {
    expect(planErasure(rows, 20, today)).toMatchObject({
      lastEntryOn: '2016-02-29',
      keptUntil: '2036-02-29',
      undeclared: [],
    });
  });

  it('keeps nothing once the years are over', () => {
    expect(planErasure(rows, 10, today)).toMatchObject({ keptUntil: null, endedOn: '2026-03-01' });
  });

  it('names every table nobody declared', () => {
    expect(
      planErasure(
        new Map<string, readonly { id: string }[]>([...rows, ['new_table', [{ id: 'n' }]]]),
        10,
        today,
      ).undeclared,
    ).toEqual(['new_table']);
  });

  it('keeps ten years, in Switzerland twenty', () => {
    expect(['US', 'EU', 'UK', 'CH'].map(defaultRetentionYears)).toEqual([10, 10, 10, 20]);
  });

  it('never ends before the same day so many years later', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2050-12-31'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 40 }),
        (day, years) => {
          const last = calendarDate(day.toISOString().slice(0, 10));
          const until = keptUntil([last], years);
          expect(Number(until.slice(0, 4)) - Number(last.slice(0, 4))).toBe(years);
          expect(until.slice(5) >= last.slice(5)).toBe(true);
        },
      ),
    );
  });
});
