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
    expect(planErasure(rows, { years: 20, market: 'CH' }, today)).toMatchObject({
      lastEntryOn: '2016-02-29',
      keptUntil: '2036-02-29',
      undeclared: [],
    });
  });

  it('keeps nothing once the years are over', () => {
    expect(planErasure(rows, { years: 10, market: 'UK' }, today)).toMatchObject({
      keptUntil: null,
      endedOn: '2026-03-01',
    });
  });

  it('names every table nobody declared', () => {
    expect(
      planErasure(
        new Map<string, readonly { id: string }[]>([...rows, ['new_table', [{ id: 'n' }]]]),
        { years: 10, market: 'EU' },
        today,
      ).undeclared,
    ).toEqual(['new_table']);
  });

  it('keeps ten years, in Switzerland twenty', () => {
    expect(['US', 'EU', 'UK', 'CH'].map(defaultRetentionYears)).toEqual([10, 10, 10, 20]);
  });

  it.each([
    ['of a minor in the UK to the 25th birthday', 'UK', '1999-06-15', '2024-06-15'],
    ['of who was 17 at the last entry to the 26th', 'UK', '1998-12-01', '2024-12-01'],
    ['of an adult, to the day, as long as any', 'UK', '1998-02-28', '2024-02-29'],
    ['of a minor elsewhere as long as any', 'EU', '1999-06-15', '2024-02-29'],
  ])('keeps the record %s', (_, market, birthDate, until) => {
    const own = new Map<string, readonly object[]>([
      ['patient', [{ id: 'p', birth_date: birthDate, created_at: '2010-01-01' }]],
      ['treatment', [{ id: 't', treated_on: '2016-02-29' }]],
    ]) as ReadonlyMap<string, readonly Record<string, unknown>[]>;
    expect(planErasure(own, { years: 8, market }, calendarDate('2020-01-01')).keptUntil).toBe(until);
  });

  it('keeps the record of a minor under a pseudonym to the end of the year, since the day is gone', () => {
    const own = new Map([
      [
        'patient',
        [
          {
            id: 'p',
            given_name: 'Erased',
            family_name: 'Patient',
            birth_date: '1999-01-01',
            created_at: '2010-01-01',
          },
        ],
      ],
    ]);
    expect(planErasure(own, { years: 8, market: 'UK' }, calendarDate('2020-01-01')).keptUntil).toBe(
      '2024-12-31',
    );
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
