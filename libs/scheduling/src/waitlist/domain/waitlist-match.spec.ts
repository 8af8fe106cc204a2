import { calendarDate, dateIn, type Interval, overlaps, timeIn, type WallTime } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { MINUTE } from '../../domain/appointment.js';
import { type FreeTime, fitOf, ranked, type Waiting } from './waitlist-match.js';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `HH:MM` as written here
const at = (time: string): WallTime => time as WallTime;
const instant = (text: string): number => Date.parse(text);

const someone = (change: Partial<Waiting> = {}): Waiting => ({
  id: 'e',
  patient: { id: 'p', birthDate: calendarDate('1984-03-12'), standing: 'active' },
  type: {
    id: 't',
    kind: 'treatment',
    durationMinutes: 30,
    bufferBeforeMinutes: 5,
    bufferAfterMinutes: 10,
    roomKind: 'treatment',
    equipment: [],
    needsPrescriber: false,
    practitionerIds: [],
  },
  practitionerIds: [],
  locationIds: [],
  weekdays: [],
  timeFrom: at('00:00'),
  timeTo: '24:00',
  from: calendarDate('2026-01-01'),
  to: calendarDate('2026-12-31'),
  areaIds: [],
  priority: 2,
  joinedAt: new Date('2026-02-01T09:00:00Z'),
  replacesAt: null,
  busy: [],
  windows: [],
  ...change,
});
const free = (change: Partial<FreeTime> = {}): FreeTime => ({
  zone: 'Europe/London',
  locationId: 'l',
  practitioner: { id: 'dr', isPrescriber: false },
  free: [{ start: instant('2026-03-03T09:55Z'), end: instant('2026-03-03T12:00Z') }],
  rooms: [{ id: 'r1', kind: 'treatment', equipment: [], busy: [] }],
  market: 'UK',
  notBefore: instant('2026-03-02T09:00Z'),
  lastDay: calendarDate('2026-12-31'),
  ...change,
});
const startOf = (waiting: Waiting, time: FreeTime): string | undefined =>
  fitOf(waiting, time)?.startsAt.toISOString().slice(11, 16);

describe('whom freed time fits', () => {
  it('keeps the buffers of the visit inside, on the quarter of the hour where that is possible', () => {
    expect(startOf(someone(), free())).toBe('10:00');
    const odd = { start: instant('2026-03-03T10:02Z'), end: instant('2026-03-03T10:47Z') };
    expect(startOf(someone(), free({ free: [odd] }))).toBe('10:07');
    expect(startOf(someone(), free({ free: [{ ...odd, end: odd.end - MINUTE }] }))).toBeUndefined();
  });

  it('moves on to when a room is free and the patient is', () => {
    const busy = [{ start: instant('2026-03-03T10:00Z'), end: instant('2026-03-03T10:20Z') }];
    expect(startOf(someone({ busy }), free())).toBe('10:30');
    const rooms = [{ id: 'r1', kind: 'treatment', equipment: [], busy }];
    expect(startOf(someone(), free({ rooms }))).toBe('10:30');
    expect(startOf(someone(), free({ rooms: [{ id: 'o', kind: 'office', equipment: [], busy: [] }] }))).toBe(
      undefined,
    );
  });

  it('reads the times of day and weekdays by the clock of the location, on the days the clocks change too', () => {
    // Sunday 29 March: London jumps from one to two, so eight in the morning is seven UTC.
    const sunday = { start: instant('2026-03-29T06:00Z'), end: instant('2026-03-29T10:00Z') };
    const early = { weekdays: [7], timeFrom: at('08:00'), timeTo: at('08:30') };
    expect(startOf(someone(early), free({ free: [sunday] }))).toBe('07:00');
    expect(startOf(someone({ ...early, weekdays: [6] }), free({ free: [sunday] }))).toBeUndefined();
    // In New York it is still Saturday evening.
    const evening = { start: instant('2026-03-29T00:00Z'), end: instant('2026-03-29T03:00Z') };
    const time = free({ zone: 'America/New_York', free: [evening] });
    expect(startOf(someone({ weekdays: [6], timeFrom: at('20:30') }), time)).toBe('00:30');
  });

  it('asks for a prescriber, and for the practitioners who offer the type', () => {
    const needy = someone({ type: { ...someone().type, needsPrescriber: true } });
    expect(fitOf(needy, free())).toBeNull();
    expect(fitOf(needy, free({ practitioner: { id: 'dr', isPrescriber: true } }))).not.toBeNull();
    const elsewhere = someone({ type: { ...someone().type, practitionerIds: ['other'] } });
    expect(fitOf(elsewhere, free())).toBeNull();
  });

  it('offers a place beyond no horizon, and only what is earlier than what it replaces', () => {
    expect(fitOf(someone(), free({ lastDay: calendarDate('2026-03-02') }))).toBeNull();
    expect(fitOf(someone({ replacesAt: new Date('2026-03-03T10:00Z') }), free())).toBeNull();
    expect(fitOf(someone({ replacesAt: new Date('2026-03-03T10:01Z') }), free())).not.toBeNull();
  });

  const minute = fc.integer({ min: 0, max: 2879 }).map((n) => instant('2026-10-24T00:00Z') + n * MINUTE);
  const span = fc
    .tuple(minute, fc.integer({ min: 1, max: 400 }))
    .map(([start, length]): Interval => ({ start, end: start + length * MINUTE }));

  it('whatever is free: what fits is free, wished for, and clear of room and patient', () => {
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 3 }),
        fc.array(span, { maxLength: 3 }),
        fc.array(span, { maxLength: 3 }),
        minute,
        fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        (spans, taken, busy, notBefore, zone) => {
          const rooms = [{ id: 'r1', kind: 'treatment', equipment: [], busy: taken }];
          const wish = someone({ busy, timeFrom: at('09:00'), timeTo: at('17:00') });
          const fit = fitOf(wish, free({ free: spans, rooms, notBefore, zone }));
          if (!fit) return;
          const start = fit.startsAt.getTime();
          const whole = { start: start - 5 * MINUTE, end: start + 40 * MINUTE };
          expect(spans.some((one) => one.start <= whole.start && whole.end <= one.end)).toBe(true);
          expect([...taken, ...busy].some((one) => overlaps(one, whole))).toBe(false);
          expect(start).toBeGreaterThanOrEqual(notBefore);
          expect(timeIn(fit.startsAt, zone) >= '09:00' && timeIn(fit.endsAt, zone) <= '17:00').toBe(true);
          expect(dateIn(fit.startsAt, zone)).toBe(dateIn(fit.endsAt, zone));
        },
      ),
    );
  });

  it('ranks alike whatever the order they are given in', () => {
    const people = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        priority: fc.integer({ min: 0, max: 2 }),
        joinedAt: fc.integer({ min: 0, max: 3 }).map((n) => new Date(n * 1000)),
      }),
      { selector: ({ id }) => id, maxLength: 8 },
    );
    fc.assert(
      fc.property(people, (list) => {
        const everyone = list.map(someone);
        const order = ranked(everyone, free());
        expect(ranked(everyone.toReversed(), free())).toEqual(order);
        for (const [i, { waiting, rank }] of order.entries()) {
          const before = order[i - 1]?.waiting;
          expect(rank).toBe(i + 1);
          if (before) expect(before.priority).toBeLessThanOrEqual(waiting.priority);
          if (before?.priority === waiting.priority)
            expect(before.joinedAt.getTime()).toBeLessThanOrEqual(waiting.joinedAt.getTime());
        }
      }),
    );
  });
});
