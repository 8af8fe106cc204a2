import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  addDays,
  boundaryOf,
  calendarDate,
  dateIn,
  fromEpochDay,
  intersect,
  type Interval,
  isWallTime,
  timeIn,
  type WallTime,
} from '#kernel';
import { WorkingHoursInvalid } from './scheduling.errors.js';
import {
  checkWeeklyHours,
  checkWeeklyShifts,
  type ExtraOpening,
  localDays,
  openIntervals,
  type WeeklyHours,
  workingIntervals,
} from './working-time.js';

const time = (text: string): WallTime => {
  if (!isWallTime(text)) throw new Error(`not a wall time: ${text}`);
  return text;
};
const hours = (
  weekday: number,
  start: string,
  end: string,
  validFrom = '2026-01-01',
  validTo?: string,
): WeeklyHours => ({
  weekday,
  start: time(start),
  end: end === '24:00' ? end : time(end),
  validFrom: calendarDate(validFrom),
  validTo: validTo === undefined ? null : calendarDate(validTo),
});
const span = (start: string, end: string): Interval => ({ start: Date.parse(start), end: Date.parse(end) });
const shown = (spans: readonly Interval[]): string[] =>
  spans.map(
    ({ start, end }) =>
      `${new Date(start).toISOString().slice(0, 16)}/${new Date(end).toISOString().slice(0, 16)}`,
  );
const dayOf = (date: string, zone: string): Interval => ({
  start: boundaryOf(calendarDate(date), time('00:00'), zone).getTime(),
  end: boundaryOf(calendarDate(date), '24:00', zone).getTime(),
});
const open = (
  zone: string,
  weekly: WeeklyHours[],
  range: Interval,
  closed: string[] = [],
  extra: ExtraOpening[] = [],
) =>
  openIntervals(
    { weekly, closedDates: closed.map(calendarDate), extraOpenings: extra },
    localDays(range, zone),
  );

const SUNDAY = 7;
/** Length of the local day, and the hours of a Saturday-to-Sunday night shift 22:00–06:00. */
const CLOCK_CHANGES: [string, string, number, number][] = [
  ['Europe/London', '2026-03-29', 23, 7],
  ['Europe/London', '2026-10-25', 25, 9],
  ['America/New_York', '2026-03-08', 23, 7],
  ['America/New_York', '2026-11-01', 25, 9],
  ['Australia/Lord_Howe', '2026-10-04', 23.5, 7.5],
  ['Australia/Lord_Howe', '2026-04-05', 24.5, 8.5],
  ['Asia/Kolkata', '2026-03-29', 24, 8],
];
const total = (spans: readonly Interval[]): number =>
  spans.reduce((sum, { start, end }) => sum + (end - start), 0) / 3_600_000;

describe('weekly hours by the wall clock', () => {
  it('keeps nine to five on both sides of the clock change', () => {
    const weekly = [6, 7, 1].map((weekday) => hours(weekday, '09:00', '17:00'));
    const range = span('2026-03-28T00:00Z', '2026-03-31T00:00Z');
    expect(shown(open('Europe/London', weekly, range))).toEqual([
      '2026-03-28T09:00/2026-03-28T17:00',
      '2026-03-29T08:00/2026-03-29T16:00',
      '2026-03-30T08:00/2026-03-30T16:00',
    ]);
  });

  it.each(CLOCK_CHANGES)('%s on %s has a day of %d h and a night shift of %d h', (zone, date, day, night) => {
    const range = dayOf(date, zone);
    expect(total(open(zone, [hours(SUNDAY, '00:00', '24:00')], range))).toBe(day);
    const around = { start: range.start - 86_400_000, end: range.end };
    expect(total(open(zone, [hours(6, '22:00', '06:00')], around))).toBe(night);
  });

  it('starts a shift at the jump when its start is skipped, and counts a repeated hour once from its first', () => {
    const weekly = [hours(SUNDAY, '01:30', '03:00')];
    expect(shown(open('Europe/London', weekly, dayOf('2026-03-29', 'Europe/London')))).toEqual([
      '2026-03-29T01:00/2026-03-29T02:00',
    ]);
    expect(shown(open('Europe/London', weekly, dayOf('2026-10-25', 'Europe/London')))).toEqual([
      '2026-10-25T00:30/2026-10-25T03:00',
    ]);
  });

  it('splits any day at any minute without gap or overlap', () => {
    const anyDay = fc.constantFrom(...CLOCK_CHANGES);
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 1439 }), ([zone, date], minute) => {
        const cut = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const range = dayOf(date, zone);
        expect(open(zone, [hours(SUNDAY, '00:00', cut), hours(SUNDAY, cut, '24:00')], range)).toEqual([
          range,
        ]);
      }),
    );
  });

  it('shows the rest of a night shift that began before the range', () => {
    const range = span('2026-05-04T23:00Z', '2026-05-05T23:00Z');
    expect(shown(open('Europe/London', [hours(1, '20:00', '02:00')], range))).toEqual([
      '2026-05-04T23:00/2026-05-05T01:00',
    ]);
  });

  it('holds from the first to the last valid day, both included', () => {
    const weekly = [hours(1, '09:00', '10:00', '2026-06-08', '2026-06-15')];
    const range = span('2026-06-01T00:00Z', '2026-06-30T00:00Z');
    expect(shown(open('Africa/Lagos', weekly, range))).toEqual([
      '2026-06-08T08:00/2026-06-08T09:00',
      '2026-06-15T08:00/2026-06-15T09:00',
    ]);
  });

  it('knows its weekdays', () => {
    for (let i = 0; i < 7; i += 1) {
      const monday = calendarDate('2026-06-01');
      const range = dayOf(addDays(monday, i), 'Asia/Kolkata');
      expect(open('Asia/Kolkata', [hours(i + 1, '00:00', '24:00')], range)).toEqual([range]);
    }
  });
});

describe('weeks that alternate', () => {
  const every = (everyWeeks: number, anchorMonday: string, weekday = 1) => ({
    ...hours(weekday, '09:00', '12:00'),
    everyWeeks,
    anchorMonday: calendarDate(anchorMonday),
  });
  const mornings = (zone: string, weekly: WeeklyHours[], from: string, to: string): string[] =>
    open(zone, weekly, { start: dayOf(from, zone).start, end: dayOf(to, zone).end }).map(({ start }) =>
      dateIn(new Date(start), zone),
    );

  it('goes on counting over the end of a year with 53 weeks', () => {
    const weekly = [every(2, '2026-11-30')];
    expect(mornings('Europe/London', weekly, '2026-12-07', '2027-01-31')).toEqual([
      '2026-12-14',
      '2026-12-28',
      '2027-01-11',
      '2027-01-25',
    ]);
  });

  it('belongs to the week of its Monday from Monday to Sunday, on both sides of a clock change', () => {
    const weekly = [every(2, '2026-03-23', 1), every(2, '2026-03-23', 7)];
    expect(mornings('Europe/London', weekly, '2026-03-09', '2026-04-12')).toEqual([
      '2026-03-09',
      '2026-03-15',
      '2026-03-23',
      '2026-03-29',
      '2026-04-06',
      '2026-04-12',
    ]);
    expect(shown(open('Europe/London', weekly, dayOf('2026-03-29', 'Europe/London')))).toEqual([
      '2026-03-29T08:00/2026-03-29T11:00',
    ]);
  });

  it('holds only while valid, whatever the anchor', () => {
    const weekly = [{ ...every(2, '2030-01-07'), validFrom: calendarDate('2026-06-16') }];
    expect(mornings('Europe/London', weekly, '2026-06-01', '2026-07-15')).toEqual([
      '2026-06-29',
      '2026-07-13',
    ]);
  });

  it('gives each day of the week to exactly one of n shifts whose anchors are a week apart', () => {
    const anyDay = fc.integer({ min: 10_000, max: 40_000 }).map((day) => fromEpochDay(day));
    const anyZone = fc.constantFrom(...CLOCK_CHANGES.map(([zone]) => zone));
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), anyDay, anyZone, (n, day, zone) => {
        const rota = Array.from({ length: n }, (_, week) =>
          Array.from({ length: 7 }, (__, weekday) => ({
            ...every(n, addDays(calendarDate('2026-01-05'), week * 7), weekday + 1),
            validFrom: calendarDate('1970-01-01'),
          })),
        );
        const working = rota.filter((shifts) => mornings(zone, shifts, day, day).length > 0);
        expect(working).toHaveLength(1);
        const next = addDays(day, n * 7);
        expect(mornings(zone, working[0] ?? [], next, next)).toEqual([next]);
      }),
    );
  });
});

describe('a range of any length and place', () => {
  it('gives the same hours in whatever pieces it is asked', () => {
    const weekly = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [
      hours(day, '20:00', '02:45'),
      hours(day, '09:05', '11:00'),
    ]);
    const minutes = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(fc.constantFrom(...CLOCK_CHANGES), minutes, minutes, ([zone, date], lead, length) => {
        const { start } = dayOf(date, zone);
        const whole = { start: start - 4000 * 60_000, end: start + 6000 * 60_000 };
        const piece = { start: start - lead * 60_000, end: start + (length - lead) * 60_000 };
        expect(open(zone, weekly, piece)).toEqual(intersect(open(zone, weekly, whole), [piece]));
      }),
    );
  });
});

describe('opening, holidays, absences and extra hours', () => {
  const zone = 'Europe/London';
  const week = [1, 2].map((weekday) => hours(weekday, '09:00', '17:00'));
  const range = span('2026-05-03T23:00Z', '2026-05-05T23:00Z');

  it('closes on a holiday unless opened for the day', () => {
    expect(shown(open(zone, week, range, ['2026-05-04']))).toEqual(['2026-05-05T08:00/2026-05-05T16:00']);
    const special = [{ day: calendarDate('2026-05-04'), start: time('10:00'), end: time('12:00') }];
    expect(shown(open(zone, week, range, ['2026-05-04'], special))).toEqual([
      '2026-05-04T09:00/2026-05-04T11:00',
      '2026-05-05T08:00/2026-05-05T16:00',
    ]);
  });

  it('cuts a night shift at the midnight a holiday begins', () => {
    const nights = [hours(1, '20:00', '04:00')];
    expect(shown(open(zone, nights, range, ['2026-05-05']))).toEqual(['2026-05-04T19:00/2026-05-04T23:00']);
  });

  it('opens for a day by the wall clock, on the days the clocks change too', () => {
    for (const [changing, date] of CLOCK_CHANGES) {
      const special = [{ day: calendarDate(date), start: time('10:00'), end: '24:00' as const }];
      const day = dayOf(date, changing);
      const opened = open(changing, [], day, [date], special);
      expect(opened.map(({ start }) => timeIn(new Date(start), changing))).toEqual(['10:00']);
      expect(opened[0]?.end).toBe(day.end);
    }
  });

  const working = (extraHours: Interval[], absences: Interval[]) =>
    shown(
      workingIntervals(
        { weekly: [hours(1, '10:00', '14:00')], extraHours, absences },
        open(zone, week, range),
        localDays(range, zone),
      ),
    );

  it('leaves out a part-day absence', () => {
    expect(working([], [span('2026-05-04T10:00Z', '2026-05-04T11:00Z')])).toEqual([
      '2026-05-04T09:00/2026-05-04T10:00',
      '2026-05-04T11:00/2026-05-04T13:00',
    ]);
  });

  it('leaves out a whole day by the clock of the location, the part of a night shift that lies in it too', () => {
    for (const [changing, date] of CLOCK_CHANGES) {
      const { start, end } = dayOf(date, changing);
      const around = { start: start - 86_400_000, end: end + 86_400_000 };
      const everyNight = [1, 2, 3, 4, 5, 6, 7].map((weekday) => hours(weekday, '20:00', '06:00'));
      const always = open(
        changing,
        [1, 2, 3, 4, 5, 6, 7].map((day) => hours(day, '00:00', '24:00')),
        around,
      );
      const day = calendarDate(date);
      const away = { weekly: everyNight, extraHours: [], absences: [], absentDays: [{ from: day, to: day }] };
      const left = workingIntervals(away, always, localDays(around, changing));
      expect(intersect(left, [{ start, end }])).toEqual([]);
      expect(left.map((one) => one.end)).toContain(start);
    }
  });

  it('adds extra hours, but only while the location is open', () => {
    expect(working([span('2026-05-04T13:00Z', '2026-05-04T20:00Z')], [])).toEqual([
      '2026-05-04T09:00/2026-05-04T16:00',
    ]);
  });

  it('lets an absence beat extra hours', () => {
    const tuesday = span('2026-05-05T08:00Z', '2026-05-05T12:00Z');
    expect(working([tuesday], [tuesday])).toEqual(['2026-05-04T09:00/2026-05-04T13:00']);
  });
});

describe('entering weekly hours', () => {
  const [MONDAY, TUESDAY] = [calendarDate('2026-01-05'), calendarDate('2026-01-06')];

  it.each([
    ['weekday 0', hours(0, '09:00', '17:00')],
    ['weekday 8', hours(8, '09:00', '17:00')],
    ['an empty shift', hours(1, '09:00', '09:00')],
    ['validity the wrong way round', hours(1, '09:00', '17:00', '2026-02-01', '2026-01-31')],
    ['every other week, counted from nowhere', { ...hours(1, '09:00', '17:00'), everyWeeks: 2 }],
    ['weeks counted from a Tuesday', { ...hours(1, '09:00', '17:00'), everyWeeks: 2, anchorMonday: TUESDAY }],
    ['every ninth week', { ...hours(1, '09:00', '17:00'), everyWeeks: 9, anchorMonday: MONDAY }],
    ['no week at all', { ...hours(1, '09:00', '17:00'), everyWeeks: 0, anchorMonday: MONDAY }],
  ])('refuses %s', (_, entry) => {
    expect(() => checkWeeklyHours(entry)).toThrow(WorkingHoursInvalid);
    if (entry.weekday === 1) expect(() => checkWeeklyShifts([entry])).toThrow(WorkingHoursInvalid);
  });

  it('accepts a night shift and a whole day', () => {
    expect(checkWeeklyHours(hours(5, '22:00', '06:00'))).toMatchObject({ weekday: 5 });
    expect(checkWeeklyHours(hours(5, '00:00', '24:00'))).toMatchObject({ end: '24:00' });
  });
});
