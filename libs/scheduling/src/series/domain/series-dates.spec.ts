import {
  addDays,
  calendarDate,
  dateIn,
  daysBetween,
  fromEpochDay,
  isWallTime,
  LocalTimeDoesNotExist,
  LocalTimeIsAmbiguous,
  NotAnInstant,
  wallIn,
} from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { locate, localMoment, wallAfter } from './series-dates.js';

const ZONES = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Nairobi'] as const;
const two = (n: number): string => String(n).padStart(2, '0');

const aSeries = fc.record({
  zone: fc.constantFrom(...ZONES),
  // 2020 to 2039.
  day: fc.integer({ min: 18_262, max: 25_566 }).map(fromEpochDay),
  minute: fc.integer({ min: 0, max: 1439 }),
  everyWeeks: fc.integer({ min: 1, max: 52 }),
  visits: fc.integer({ min: 2, max: 26 }),
});
const wallsOf = ({
  day,
  minute,
  everyWeeks,
  visits,
}: {
  day: string;
  minute: number;
  everyWeeks: number;
  visits: number;
}) => {
  const first = localMoment(`${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`);
  return Array.from({ length: visits }, (_, steps) => wallAfter(first, everyWeeks, steps));
};

describe('the dates of a series', () => {
  it.each([
    ['Europe/London', '2026-03-22T10:00', ['2026-03-22T10:00:00.000Z', '2026-03-29T09:00:00.000Z']],
    ['Europe/London', '2026-10-18T10:00', ['2026-10-18T09:00:00.000Z', '2026-10-25T10:00:00.000Z']],
    ['America/New_York', '2026-03-01T09:30', ['2026-03-01T14:30:00.000Z', '2026-03-08T13:30:00.000Z']],
    ['America/New_York', '2026-10-25T09:30', ['2026-10-25T13:30:00.000Z', '2026-11-01T14:30:00.000Z']],
    // Lord Howe changes by half an hour.
    ['Australia/Lord_Howe', '2026-09-27T09:00', ['2026-09-26T22:30:00.000Z', '2026-10-03T22:00:00.000Z']],
    ['Australia/Lord_Howe', '2026-03-29T09:00', ['2026-03-28T22:00:00.000Z', '2026-04-04T22:30:00.000Z']],
    ['Africa/Nairobi', '2026-03-22T10:00', ['2026-03-22T07:00:00.000Z', '2026-03-29T07:00:00.000Z']],
  ])('keep the wall clock of %s across a change', (zone, first, expected) => {
    const walls = [0, 1].map((steps) => wallAfter(localMoment(first), 1, steps));
    expect(walls.map((wall) => locate(wall, zone).startsAt?.toISOString())).toEqual(expected);
  });

  it.each([
    ['Europe/London', '2026-03-29T01:30', LocalTimeDoesNotExist, '2026-03-29T01:00:00.000Z'],
    ['America/New_York', '2026-03-08T02:30', LocalTimeDoesNotExist, '2026-03-08T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', LocalTimeDoesNotExist, '2026-10-03T15:30:00.000Z'],
    ['Europe/London', '2026-10-25T01:30', LocalTimeIsAmbiguous, '2026-10-25T00:30:00.000Z'],
    ['America/New_York', '2026-11-01T01:30', LocalTimeIsAmbiguous, '2026-11-01T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', LocalTimeIsAmbiguous, '2026-04-04T14:45:00.000Z'],
  ])('report a time the clocks of %s skip or show twice', (zone, wall, refusal, near) => {
    const found = locate(wall, zone);
    expect(found.startsAt).toBeNull();
    expect(found.refusal).toBeInstanceOf(refusal);
    expect(found.near.toISOString()).toBe(near);
  });

  it('take an hour that comes twice by its offset', () => {
    expect(locate('2026-10-25T01:30+00:00', 'Europe/London').startsAt?.toISOString()).toBe(
      '2026-10-25T01:30:00.000Z',
    );
  });

  it('refuse what is no moment', () => {
    expect(() => localMoment('2026-03-29T25:00')).toThrow(NotAnInstant);
    expect(() => locate('tomorrow', 'Europe/London')).toThrow(NotAnInstant);
  });

  it('are the same weekday and wall time, exactly so many weeks apart, or reported', () => {
    fc.assert(
      fc.property(aSeries, (series) => {
        const walls = wallsOf(series);
        walls.forEach((wall, steps) => {
          expect(isWallTime(wall.slice(11))).toBe(true);
          expect(daysBetween(calendarDate(String(series.day)), calendarDate(wall.slice(0, 10)))).toBe(
            7 * series.everyWeeks * steps,
          );
          const { startsAt, near, refusal } = locate(wall, series.zone);
          if (startsAt) expect(wallIn(startsAt, series.zone)).toBe(wall);
          else {
            expect(refusal).not.toBeNull();
            // Only on a day the clocks change: midnight to midnight is not 24 hours.
            const on = dateIn(near, series.zone);
            const hours = ['00:00', '00:00'].map(
              (time, i) => locate(`${addDays(on, i)}T${time}`, series.zone).near,
            );
            expect(Number(hours[1]) - Number(hours[0])).not.toBe(86_400_000);
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('always exist where the clocks never change', () => {
    fc.assert(
      fc.property(aSeries, (series) =>
        wallsOf(series).every((wall) => locate(wall, 'Africa/Nairobi').startsAt !== null),
      ),
      { numRuns: 50 },
    );
  });
});
