import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Interval } from '#kernel';
import { type AvailabilitySearch, slots } from './availability.js';
import { AppointmentSpanInvalid, AvailabilityRangeInvalid, SlotStepInvalid } from './scheduling.errors.js';
import { nearestFree, type Slot } from './slot.js';

const MINUTE = 60_000;
const span = (start: string, end: string): Interval => ({ start: Date.parse(start), end: Date.parse(end) });
const shown = (found: readonly Slot[]): string[] =>
  found.map(
    (slot) => `${slot.startsAt.toISOString().slice(11, 16)} ${slot.practitionerId} ${slot.roomId ?? '-'}`,
  );

const morning: AvailabilitySearch = {
  range: span('2026-05-04T00:00Z', '2026-05-05T00:00Z'),
  zone: 'UTC',
  stepMinutes: 30,
  type: { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 },
  practitioners: [{ id: 'ada', working: [span('2026-05-04T09:00Z', '2026-05-04T10:30Z')], busy: [] }],
  rooms: [{ id: 'one', busy: [] }],
  notBefore: 0,
};
const [ada] = morning.practitioners;
if (!ada) throw new Error('the morning has a practitioner');

describe('free slots', () => {
  it('fills the working time', () => {
    expect(shown(slots(morning))).toEqual(['09:00 ada one', '09:30 ada one', '10:00 ada one']);
  });

  it('keeps the buffers inside working time and clear of what is booked', () => {
    const type = { durationMinutes: 30, bufferBeforeMinutes: 10, bufferAfterMinutes: 10 };
    expect(shown(slots({ ...morning, type }))).toEqual(['09:30 ada one']);
    const busy = [span('2026-05-04T09:00Z', '2026-05-04T09:21Z')];
    expect(slots({ ...morning, type, practitioners: [{ ...ada, busy }] })).toEqual([]);
  });

  it('offers everyone who is free at a time, each in the first free room', () => {
    const found = slots({
      ...morning,
      practitioners: [ada, { ...ada, id: 'ben', busy: [span('2026-05-04T09:30Z', '2026-05-04T10:00Z')] }],
      rooms: [
        { id: 'one', busy: [span('2026-05-04T09:10Z', '2026-05-04T09:20Z')] },
        { id: 'two', busy: [] },
      ],
    });
    expect(shown(found)).toEqual([
      '09:00 ada two',
      '09:00 ben two',
      '09:30 ada one',
      '10:00 ada one',
      '10:00 ben one',
    ]);
  });

  it('offers nothing without a free room, unless the type needs none', () => {
    expect(slots({ ...morning, rooms: [] })).toEqual([]);
    expect(shown(slots({ ...morning, rooms: null }))[0]).toBe('09:00 ada -');
  });

  it('leaves out what the patient already has and what starts too soon', () => {
    const patientBusy = [span('2026-05-04T09:45Z', '2026-05-04T09:50Z')];
    expect(shown(slots({ ...morning, patientBusy }))).toEqual(['09:00 ada one', '10:00 ada one']);
    expect(shown(slots({ ...morning, notBefore: Date.parse('2026-05-04T09:30:01Z') }))).toEqual([
      '10:00 ada one',
    ]);
  });

  it('starts on the wall clock of a zone 30 minutes off, before and after a half-hour change', () => {
    const night = { ...ada, working: [span('2026-10-03T14:00Z', '2026-10-03T17:00Z')] };
    const search = { ...morning, zone: 'Australia/Lord_Howe', stepMinutes: 60, practitioners: [night] };
    const range = span('2026-10-03T13:30Z', '2026-10-04T13:00Z');
    // 01:00 +10:30, then 02:00 is skipped, then 03:00 and 04:00 at +11.
    expect(shown(slots({ ...search, range })).map((slot) => slot.slice(0, 5))).toEqual(['14:30', '16:00']);
  });

  it.each([0, 4, 7, 7.5, 1441, Number.NaN])('refuses a step of %d minutes', (stepMinutes) =>
    expect(() => slots({ ...morning, stepMinutes })).toThrow(SlotStepInvalid),
  );

  it('searches 60 days of the calendar, also across the clock change, and no more', () => {
    const sixty = span('2026-10-01T00:00+01:00', '2026-11-30T00:00Z');
    const search = { ...morning, zone: 'Europe/London' };
    expect(slots({ ...search, range: sixty })).toEqual([]);
    const refuse = (range: Interval) =>
      expect(() => slots({ ...search, range })).toThrow(AvailabilityRangeInvalid);
    refuse({ ...sixty, end: sixty.end + 1 });
    refuse({ start: sixty.end, end: sixty.start });
    refuse({ start: sixty.end, end: sixty.end });
  });

  it('refuses a type without length', () => {
    const type = { ...morning.type, durationMinutes: 0 };
    expect(() => slots({ ...morning, type })).toThrow(AppointmentSpanInvalid);
  });
});

/** Zone, first instant of three local days around a clock change. */
const DAYS: [string, string][] = [
  ['Europe/London', '2026-03-28T00:00Z'],
  ['Europe/London', '2026-10-23T23:00Z'],
  ['America/New_York', '2026-03-07T05:00Z'],
  ['America/New_York', '2026-10-31T04:00Z'],
  ['Australia/Lord_Howe', '2026-10-02T13:30Z'],
  ['Australia/Lord_Howe', '2026-04-03T13:00Z'],
  ['Asia/Kolkata', '2026-03-27T18:30Z'],
];
const WINDOW = 3 * 1440;

/** The minute of the local day at each minute of the window, read off Intl and so independent of the code under test. */
const wallMinutes = DAYS.map(([zone, first]) => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  return Array.from({ length: WINDOW }, (_, minute) => {
    const [hour, past] = clock.format(Date.parse(first) + minute * MINUTE).split(':');
    return Number(hour) * 60 + Number(past);
  });
});

const spans = (most: number, longest: number) =>
  fc.array(fc.tuple(fc.nat(WINDOW - 1), fc.integer({ min: 1, max: longest })), { maxLength: most });
const scenario = fc.record({
  day: fc.nat(DAYS.length - 1),
  range: fc.tuple(fc.nat(WINDOW - 400), fc.integer({ min: 1, max: WINDOW })),
  stepMinutes: fc.constantFrom(5, 10, 15, 20, 30, 45, 60, 90),
  durationMinutes: fc.integer({ min: 5, max: 120 }),
  bufferBeforeMinutes: fc.integer({ min: 0, max: 30 }),
  bufferAfterMinutes: fc.integer({ min: 0, max: 30 }),
  people: fc.array(fc.record({ working: spans(4, 900), busy: spans(8, 90) }), { minLength: 1, maxLength: 3 }),
  rooms: fc.option(fc.array(spans(8, 300), { maxLength: 3 })),
  patientBusy: spans(3, 120),
  notBefore: fc.integer({ min: -500, max: WINDOW }),
});

type Minutes = [start: number, length: number][];
const covers = (list: Minutes, minute: number): boolean =>
  list.some(([start, length]) => start <= minute && minute < start + length);

describe('against counting minute by minute', () => {
  it('finds exactly the same slots, also on the days the clocks change', () => {
    let compared = 0;
    fc.assert(
      fc.property(scenario, (s) => {
        const [zone, first] = DAYS[s.day] ?? ['', ''];
        const wall = wallMinutes[s.day] ?? [];
        const [from, to] = [s.range[0], Math.min(WINDOW, s.range[0] + s.range[1])];
        const instant = (minute: number): number => Date.parse(first) + minute * MINUTE;
        const toSpans = (list: Minutes): Interval[] =>
          list.map(([start, length]) => ({ start: instant(start), end: instant(start + length) }));

        const expected: string[] = [];
        for (let t = from; t + s.durationMinutes <= to; t += 1) {
          if (t < s.notBefore || (wall[t] ?? 1) % s.stepMinutes !== 0) continue;
          const busy: number[] = [];
          for (let m = t - s.bufferBeforeMinutes; m < t + s.durationMinutes + s.bufferAfterMinutes; m += 1)
            busy.push(m);
          const clear = (list: Minutes): boolean => !busy.some((m) => covers(list, m));
          if (!clear(s.patientBusy)) continue;
          const room = s.rooms ? s.rooms.findIndex(clear) : -1;
          if (s.rooms && room < 0) continue;
          s.people.forEach(({ working, busy: taken }, index) => {
            if (busy.every((m) => covers(working, m)) && clear(taken))
              expected.push(
                `${instant(t)} p${index} ${room < 0 ? '-' : `r${room}`} ${instant(t + s.durationMinutes)}`,
              );
          });
        }

        const found = slots({
          range: { start: instant(from), end: instant(to) },
          zone,
          stepMinutes: s.stepMinutes,
          type: s,
          practitioners: s.people.map(({ working, busy }, index) => ({
            id: `p${index}`,
            working: toSpans(working),
            busy: toSpans(busy),
          })),
          rooms: s.rooms?.map((busy, index) => ({ id: `r${index}`, busy: toSpans(busy) })) ?? null,
          patientBusy: toSpans(s.patientBusy),
          notBefore: instant(s.notBefore),
        });
        compared += expected.length;
        expect(
          found.map(
            (f) => `${f.startsAt.getTime()} ${f.practitionerId} ${f.roomId ?? '-'} ${f.endsAt.getTime()}`,
          ),
        ).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
});

const at = (time: string, practitionerId = 'ada'): Slot => ({
  startsAt: new Date(`2026-05-04T${time}Z`),
  endsAt: new Date(`2026-05-04T${time}Z`),
  practitionerId,
  roomId: 'one',
});

describe('the nearest free times', () => {
  const free = [at('08:00'), at('09:30'), at('10:00'), at('10:00', 'ben'), at('10:30'), at('15:00')];

  it('gives three different times, nearest first, the earlier of two equally near', () => {
    const near = nearestFree(free, { startsAt: new Date('2026-05-04T10:00Z') });
    expect(shown(near)).toEqual(['10:00 ada one', '09:30 ada one', '10:30 ada one']);
  });

  it('keeps the wanted practitioner where free', () => {
    const near = nearestFree(free, { startsAt: new Date('2026-05-04T10:00Z'), practitionerId: 'ben' }, 2);
    expect(shown(near)).toEqual(['10:00 ben one', '09:30 ada one']);
  });

  it('gives fewer when there are fewer', () => {
    expect(nearestFree([], { startsAt: new Date(0) })).toEqual([]);
  });
});
