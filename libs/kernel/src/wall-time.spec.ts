import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { calendarDate, fromEpochDay, NotACalendarDate, toEpochDay } from './calendar-date.js';
import {
  boundaryOf,
  dateIn,
  instantOf,
  isInstant,
  isMoment,
  isWallTime,
  isZone,
  LocalTimeDoesNotExist,
  LocalTimeIsAmbiguous,
  newestDay,
  NotAnInstant,
  oldestDay,
  readMoment,
  timeIn,
  UnknownZone,
  wallIn,
  type WallTime,
} from './wall-time.js';

const date = calendarDate;

function time(text: string): WallTime {
  if (!isWallTime(text)) throw new Error(`${text} is not a wall time`);
  return text;
}

const two = (max: number): fc.Arbitrary<string> => fc.nat(max).map((n) => String(n).padStart(2, '0'));

const ZONES = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
] as const;

describe('a local time', () => {
  it.each([
    ['Europe/London', '2026-01-15', '09:00', '2026-01-15T09:00:00.000Z'],
    ['Europe/London', '2026-07-15', '09:00', '2026-07-15T08:00:00.000Z'],
    ['America/New_York', '2026-01-15', '09:00', '2026-01-15T14:00:00.000Z'],
    ['America/New_York', '2026-07-15', '09:00', '2026-07-15T13:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-01-15', '09:00', '2026-01-14T22:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-07-15', '09:00', '2026-07-14T22:30:00.000Z'],
    ['Pacific/Apia', '2026-07-15', '09:00', '2026-07-14T20:00:00.000Z'],
  ])('in %s on %s at %s is %s', (zone, day, clock, instant) => {
    expect(instantOf(date(day), time(clock), zone).toISOString()).toBe(instant);
  });

  it.each([
    ['Europe/London', '2026-03-29', '01:00'],
    ['Europe/London', '2026-03-29', '01:59'],
    ['America/New_York', '2026-03-08', '02:30'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15'],
    ['Pacific/Apia', '2011-12-30', '09:00'],
  ])('in %s on %s at %s was skipped by the clocks', (zone, day, clock) => {
    expect(() => instantOf(date(day), time(clock), zone)).toThrow(LocalTimeDoesNotExist);
  });

  it.each([
    ['Europe/London', '2026-10-25', '01:00'],
    ['Europe/London', '2026-10-25', '01:59'],
    ['America/New_York', '2026-11-01', '01:30'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45'],
  ])('in %s on %s at %s happens twice', (zone, day, clock) => {
    expect(() => instantOf(date(day), time(clock), zone)).toThrow(LocalTimeIsAmbiguous);
  });

  it.each([
    ['Europe/London', '2026-03-29', '00:59'],
    ['Europe/London', '2026-03-29', '02:00'],
    ['Europe/London', '2026-10-25', '00:59'],
    ['Europe/London', '2026-10-25', '02:00'],
    ['Australia/Lord_Howe', '2026-10-04', '02:30'],
    ['Australia/Lord_Howe', '2026-04-05', '01:29'],
    ['Pacific/Apia', '2011-12-31', '00:00'],
  ])('in %s on %s at %s, beside the change, is plain', (zone, day, clock) => {
    const instant = instantOf(date(day), time(clock), zone);
    expect([dateIn(instant, zone), timeIn(instant, zone)]).toEqual([day, clock]);
  });

  it('read back in its zone is itself wherever it exists once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: toEpochDay(date('2005-01-01')), max: toEpochDay(date('2035-12-31')) }),
        fc.nat(1439),
        (zone, epochDay, minute) => {
          const day = fromEpochDay(epochDay);
          const clock = time(
            `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
          );
          const boundary = boundaryOf(day, clock, zone);
          try {
            const instant = instantOf(day, clock, zone);
            expect([dateIn(instant, zone), timeIn(instant, zone)]).toEqual([day, clock]);
            expect(boundary).toEqual(instant);
          } catch (error) {
            if (error instanceof LocalTimeIsAmbiguous) {
              expect([dateIn(boundary, zone), timeIn(boundary, zone)]).toEqual([day, clock]);
            } else {
              expect(error).toBeInstanceOf(LocalTimeDoesNotExist);
              expect(`${dateIn(boundary, zone)}T${timeIn(boundary, zone)}` > `${day}T${clock}`).toBe(true);
              const before = new Date(boundary.getTime() - 1);
              expect(`${dateIn(before, zone)}T${timeIn(before, zone)}` < `${day}T${clock}`).toBe(true);
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a boundary of working hours', () => {
  it.each([
    ['Europe/London', '2026-03-29', '01:30', '2026-03-29T01:00:00.000Z'],
    ['America/New_York', '2026-03-08', '02:45', '2026-03-08T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00.000Z'],
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T10:00:00.000Z'],
  ])(
    'in a gap (%s, %s %s) is the moment the clocks jump, so the shift still starts',
    (zone, day, clock, instant) => {
      expect(boundaryOf(date(day), time(clock), zone).toISOString()).toBe(instant);
    },
  );

  it('on a later wall clock is never earlier, so no shift is turned round by a change of the clocks', () => {
    const days = [
      '2026-03-29',
      '2026-10-25',
      '2026-03-08',
      '2026-11-01',
      '2026-10-04',
      '2026-04-05',
      '2011-12-30',
    ];
    for (const zone of ZONES) {
      for (const day of days) {
        const instants = Array.from({ length: 96 }, (_, i) =>
          boundaryOf(
            date(day),
            time(`${String(Math.floor(i / 4)).padStart(2, '0')}:${String((i % 4) * 15).padStart(2, '0')}`),
            zone,
          ).getTime(),
        );
        instants.push(boundaryOf(date(day), '24:00', zone).getTime());
        expect(instants).toEqual(instants.toSorted((a, b) => a - b));
      }
    }
  });

  it('in a repeated hour is its first occurrence', () => {
    expect(boundaryOf(date('2026-10-25'), time('01:30'), 'Europe/London').toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    );
  });

  it.each([
    ['Europe/London', '2026-03-29', 23],
    ['Europe/London', '2026-10-25', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Pacific/Apia', '2011-12-29', 24],
    ['Pacific/Apia', '2011-12-30', 0],
    ['Pacific/Apia', '2026-06-01', 24],
  ])('24:00 closes a day: in %s %s has %s hours', (zone, day, hours) => {
    const start = boundaryOf(date(day), time('00:00'), zone).getTime();
    expect((boundaryOf(date(day), '24:00', zone).getTime() - start) / 3_600_000).toBe(hours);
  });
});

describe('a moment someone typed', () => {
  it('is an instant with its offset or a local time in the zone of the location', () => {
    expect(readMoment('2026-03-29T09:30:00Z', 'Europe/London').toISOString()).toBe(
      '2026-03-29T09:30:00.000Z',
    );
    expect(readMoment('2026-03-29T09:30+02:00', 'Europe/London').toISOString()).toBe(
      '2026-03-29T07:30:00.000Z',
    );
    expect(readMoment('2026-03-29T09:30', 'Europe/London').toISOString()).toBe('2026-03-29T08:30:00.000Z');
    expect(readMoment('2026-03-29T09:30:00', 'America/New_York').toISOString()).toBe(
      '2026-03-29T13:30:00.000Z',
    );
  });

  it('tells the two occurrences of a repeated hour apart by the offset', () => {
    expect(() => readMoment('2026-10-25T01:30', 'Europe/London')).toThrow(LocalTimeIsAmbiguous);
    expect(readMoment('2026-10-25T01:30+01:00', 'Europe/London').toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(readMoment('2026-10-25T01:30+00:00', 'Europe/London').toISOString()).toBe(
      '2026-10-25T01:30:00.000Z',
    );
  });

  it.each([
    '',
    'tomorrow',
    '2026-03-29',
    '2026-03-29 09:30',
    '2026-03-29T24:00',
    '2026-03-29T09:60',
    '2026-03-29T9:30',
  ])('%j is none', (text) => {
    expect(isMoment(text)).toBe(false);
    expect(() => readMoment(text, 'Europe/London')).toThrow(NotAnInstant);
  });

  it.each([
    '2026-02-30T09:30:00Z',
    '2026-03-29T25:00:00Z',
    '2026-03-29T09:30:00+25:00',
    '2026-03-29T09:30:00',
  ])('%j is no instant', (text) => {
    expect(isInstant(text)).toBe(false);
  });

  it.each([
    '2026-02-30T09:30',
    '2026-13-01T09:30',
    '0000-10-25T09:30:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:00Z',
    '9999-12-31T09:30',
  ])('%j is none a request may hold', (text) => {
    expect(isMoment(text)).toBe(false);
  });

  it('on a day that does not exist is refused as such', () => {
    expect(() => readMoment('2026-02-30T09:30', 'Europe/London')).toThrow(NotACalendarDate);
  });

  it('always yields a moment in time, whatever instant passes', () => {
    fc.assert(
      fc.property(
        two(13),
        two(32),
        two(25),
        two(61),
        two(61),
        two(24),
        (month, day, hour, minute, second, offset) => {
          const text = `2026-${month}-${day}T${hour}:${minute}:${second}+${offset}:00`;
          if (isInstant(text)) expect(Number.isNaN(readMoment(text, 'Europe/London').getTime())).toBe(false);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('the day it is somewhere on earth', () => {
  it.each([
    ['2026-06-01T09:59:00Z', '2026-05-31', '2026-06-01'],
    ['2026-06-01T10:00:00Z', '2026-05-31', '2026-06-02'],
    ['2026-06-01T12:00:00Z', '2026-06-01', '2026-06-02'],
  ])('at %s lies between %s and %s', (instant, oldest, newest) => {
    expect([oldestDay(new Date(instant)), newestDay(new Date(instant))]).toEqual([oldest, newest]);
  });
});

describe('zones', () => {
  it.each([...ZONES, 'UTC', 'Etc/GMT+5'])('%s is one', (zone) => {
    expect(isZone(zone)).toBe(true);
  });

  it.each(['', 'Mars/Olympus', '+01:00', 'Europe/London ', 'Europe/../London', null, 1])(
    '%j is none',
    (zone) => {
      expect(isZone(zone)).toBe(false);
    },
  );

  it('refuses an unknown one everywhere', () => {
    expect(() => dateIn(new Date(0), 'Mars/Olympus')).toThrow(UnknownZone);
    expect(() => instantOf(date('2026-01-01'), time('09:00'), 'Mars/Olympus')).toThrow(UnknownZone);
    expect(() => boundaryOf(date('2026-01-01'), time('09:00'), 'Mars/Olympus')).toThrow(UnknownZone);
  });

  it('reads the civil date on the wall, not in UTC', () => {
    const lateEvening = new Date('2026-02-01T03:30:00Z');
    expect(dateIn(lateEvening, 'America/New_York')).toBe('2026-01-31');
    expect(dateIn(lateEvening, 'Europe/London')).toBe('2026-02-01');
    expect(timeIn(new Date('2026-02-01T03:30:59.999Z'), 'Europe/London')).toBe('03:30');
  });
});

describe('the wall clock at an instant', () => {
  it('is the zone’s own, also at and around every clock change, in whatever order it is asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.array(fc.integer({ min: -2_208_988_800, max: 4_102_444_800 }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (zone, seconds, atChange) => {
          for (const second of seconds) {
            const near = Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO(zone);
            const moment = (atChange ? near.getTimeZoneTransition('next') : null) ?? near;
            for (const shift of [-1, 0, 1]) {
              const there = moment.add({ milliseconds: shift });
              const wall = there
                .toPlainDateTime()
                .toString({ smallestUnit: 'minute', roundingMode: 'floor' });
              expect(wallIn(new Date(there.epochMilliseconds), zone)).toBe(wall);
            }
          }
        },
      ),
    );
  });

  it('refuses a zone that is none', () => {
    expect(() => wallIn(new Date(0), 'Mars/Olympus')).toThrow(UnknownZone);
  });
});
