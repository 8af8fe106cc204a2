import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addDays,
  addOffsets,
  ageOn,
  calendarDate,
  type CalendarDate,
  daysBetween,
  fromEpochDay,
  isCalendarDate,
  latest,
  NotACalendarDate,
  type Offset,
  toEpochDay,
} from './calendar-date.js';
import { dateIn } from './wall-time.js';

interface DateVectors {
  vectors: { base: string; offset: string; expected: string; rule: string; source: string }[];
  timezone_vectors: {
    timezone: string;
    instant: string;
    civil_base_date: string;
    plus_84_days: string;
    plus_1_month_forward: string;
  }[];
}

const { vectors, timezone_vectors: zoneVectors }: DateVectors = JSON.parse(
  readFileSync(new URL('testing/vectors/date-arithmetic.json', import.meta.url), 'utf8'),
);

const UNIT: Record<string, Offset['unit']> = { day: 'day', week: 'week', month: 'month', year: 'year' };

/** Reads the immunisation schedules' notation: `6 months - 4 days`. */
function offsetsOf(text: string): Offset[] {
  return [...text.matchAll(/([+-]?)\s*(\d+)\s*(day|week|month|year)s?/g)].map(([, sign, n, unit]) => ({
    n: Number(n) * (sign === '-' ? -1 : 1),
    unit: UNIT[unit ?? ''] ?? 'day',
  }));
}

const date = calendarDate;
const anyDay = fc.integer({ min: toEpochDay(date('0100-01-01')), max: toEpochDay(date('9000-12-31')) });
const anyDate = anyDay.map((day) => fromEpochDay(day));
function readable(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

const number = (max: number, width: number): fc.Arbitrary<string> =>
  fc.nat(max).map((n) => String(n).padStart(width, '0'));

const RUNS = { numRuns: 10_000 };

describe('offsets from a date', () => {
  it.each(vectors)('$base + $offset = $expected ($rule)', ({ base, offset, expected }) => {
    expect(addOffsets(date(base), ...offsetsOf(offset))).toBe(expected);
  });

  it.each(zoneVectors)('counts from the civil date in $timezone at $instant', (vector) => {
    const base = dateIn(new Date(vector.instant), vector.timezone);
    expect(base).toBe(vector.civil_base_date);
    expect(addDays(base, 84)).toBe(vector.plus_84_days);
    expect(addOffsets(base, { n: 1, unit: 'month' })).toBe(vector.plus_1_month_forward);
  });

  it.each([
    ['2024-02-29', '1 year', '2025-03-01'],
    ['2024-02-29', '4 years', '2028-02-29'],
    ['2023-11-30', '3 months', '2024-03-01'],
    ['2024-11-30', '3 months', '2025-03-01'],
    ['2023-11-29', '3 months', '2024-02-29'],
    ['2024-11-29', '3 months', '2025-03-01'],
    ['2026-01-31', '3 months', '2026-05-01'],
    ['2026-10-31', '1 month', '2026-12-01'],
    ['2026-12-31', '2 months', '2027-03-01'],
    ['2026-12-31', '0 months', '2026-12-31'],
    ['2026-05-31', '-3 months', '2026-03-01'],
    ['2024-03-31', '-1 month', '2024-03-01'],
    ['2026-01-15', '-1 month', '2025-12-15'],
    ['1900-01-29', '1 month', '1900-03-01'],
    ['2000-01-29', '1 month', '2000-02-29'],
    ['2026-01-31', '1 month + 4 days', '2026-03-05'],
  ])('%s + %s = %s', (base, offset, expected) => {
    expect(addOffsets(date(base), ...offsetsOf(offset))).toBe(expected);
  });

  it('does not depend on the order in which the units are named', () => {
    const month: Offset = { n: 1, unit: 'month' };
    const days: Offset = { n: -4, unit: 'day' };
    expect(addOffsets(date('2000-01-31'), days, month)).toBe(addOffsets(date('2000-01-31'), month, days));
  });

  it('is Temporal’s clamped result, or one day later exactly when the day does not exist', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -600, max: 600 }), (base, n) => {
        const ours = addOffsets(base, { n, unit: 'month' });
        const from = Temporal.PlainDate.from(base);
        const clamped = from.add({ months: n });
        const expected = clamped.day === from.day ? clamped : clamped.add({ days: 1 });
        expect(ours).toBe(expected.toString());
        if (clamped.day !== from.day) expect(ours.slice(8)).toBe('01');
      }),
      RUNS,
    );
  });

  it('never moves a later base to an earlier result', () => {
    fc.assert(
      fc.property(
        anyDate,
        fc.nat(60),
        fc.nat(60),
        fc.integer({ min: -40, max: 400 }),
        (base, later, months, days) => {
          const offsets: Offset[] = [
            { n: months, unit: 'month' },
            { n: days, unit: 'day' },
          ];
          expect(addOffsets(addDays(base, later), ...offsets) >= addOffsets(base, ...offsets)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('refuses a result outside the calendar and a broken number', () => {
    expect(() => addOffsets(date('9999-12-31'), { n: 1, unit: 'day' })).toThrow(NotACalendarDate);
    expect(() => addOffsets(date('9999-12-31'), { n: 2, unit: 'month' })).toThrow(NotACalendarDate);
    expect(() => addOffsets(date('0001-01-01'), { n: -1, unit: 'month' })).toThrow(NotACalendarDate);
    expect(() => addOffsets(date('2026-01-01'), { n: 0.5, unit: 'month' })).toThrow(NotACalendarDate);
    expect(() => addOffsets(date('2026-01-01'), { n: Number.NaN, unit: 'day' })).toThrow(NotACalendarDate);
  });
});

describe('a calendar date', () => {
  it.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2026-04-30'])('%s exists', (text) => {
    expect(isCalendarDate(text)).toBe(true);
  });

  it.each([
    '2023-02-29',
    '2023-02-30',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-01-01',
    '2023-2-3',
    '2023-02-03T00:00',
    ' 2023-02-03',
    '2023-02-03\n',
    '20230203',
    '+02023-02-03',
    '',
    null,
    20_230_203,
  ])('%j does not', (text) => {
    expect(isCalendarDate(text)).toBe(false);
  });

  it('says so when asked to read one that does not exist', () => {
    expect(() => calendarDate('2023-02-30')).toThrow(NotACalendarDate);
  });

  it('counts days as Temporal does, and back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: toEpochDay(date('0001-01-01')), max: toEpochDay(date('9999-12-31')) }),
        (day) => {
          const ours = fromEpochDay(day);
          expect(ours).toBe(Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString());
          expect(toEpochDay(ours)).toBe(day);
          expect(isCalendarDate(ours)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('exists exactly when Temporal can read it', () => {
    fc.assert(
      fc.property(number(9998, 4), number(14, 2), number(33, 2), (year, month, day) => {
        const text = `${year}-${month}-${day}`;
        expect(isCalendarDate(text)).toBe(year !== '0000' && readable(text));
      }),
      RUNS,
    );
  });

  it('counts the days between two dates over a leap day', () => {
    expect(daysBetween(date('2024-02-28'), date('2024-03-01'))).toBe(2);
    expect(daysBetween(date('2023-02-28'), date('2023-03-01'))).toBe(1);
    expect(daysBetween(date('2024-03-01'), date('2024-02-28'))).toBe(-2);
  });

  it('knows the latest of several', () => {
    expect(latest(date('2026-01-31'), date('2026-05-01'), date('2025-12-31'))).toBe('2026-05-01');
    expect(latest(date('2026-01-31'))).toBe('2026-01-31');
  });
});

describe('age', () => {
  it.each([
    ['2008-06-15', '2026-06-14', 17],
    ['2008-06-15', '2026-06-15', 18],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2004-02-29', '2024-02-28', 19],
    ['2004-02-29', '2024-02-29', 20],
    ['2026-06-15', '2026-06-15', 0],
    ['2026-06-15', '2026-06-14', -1],
  ])('of someone born %s on %s is %i', (birthDate, day, age) => {
    expect(ageOn(date(birthDate), date(day))).toBe(age);
  });

  it('changes only on the birthday, by one', () => {
    fc.assert(
      fc.property(anyDate, fc.nat(40_000), (birthDate, days) => {
        const day: CalendarDate = addDays(birthDate, days);
        const before = ageOn(birthDate, addDays(day, -1));
        const turned = addOffsets(birthDate, { n: before + 1, unit: 'year' }) === day;
        expect(ageOn(birthDate, day)).toBe(turned ? before + 1 : before);
      }),
      RUNS,
    );
  });
});
