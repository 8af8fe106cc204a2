import { calendarDate, type Interval, overlaps } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type Affected, collide, inWords, type Place, propose, type Taken } from './proposals.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MONDAY = Date.parse('2026-03-02T00:00Z');
const at = (text: string): Date => new Date(`${text}Z`);
const hours = (from: number, days: readonly number[]): Interval[] =>
  days.map((day) => ({ start: MONDAY + day * DAY + from * HOUR, end: MONDAY + day * DAY + 18 * HOUR }));
const WEEKS = Array.from({ length: 40 }, (_, day) => day - 10);

const affected = (appointmentId: string, startsAt: string, change: Partial<Affected> = {}): Affected => {
  const start = at(startsAt).getTime();
  return {
    appointmentId,
    patientId: `patient of ${appointmentId}`,
    locationId: 'london',
    startsAt: at(startsAt),
    busy: { start, end: start + HOUR / 2 },
    roomId: 'one',
    type: { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 },
    able: ['away', 'ada', 'ben'],
    roomIds: ['one', 'two'],
    from: null,
    to: null,
    ...change,
  };
};
const place = (working: Record<string, readonly Interval[]>): Map<string, Place> =>
  new Map([['london', { zone: 'Europe/London', working: new Map(Object.entries(working)) }]]);
const taken = (change: Partial<Taken> = {}): Taken => ({
  practitioners: new Map(),
  rooms: new Map(),
  patients: new Map(),
  ...change,
});
const bounds = { absentId: 'away', notBefore: MONDAY, horizon: MONDAY + 100 * DAY };
const best = (found: ReturnType<typeof propose>, id: string) => {
  const [first] = found.get(id) ?? [];
  return first && `${first.startsAt.toISOString().slice(5, 16)} ${first.practitionerId} ${first.roomId}`;
};
const after = {
  away: hours(
    8,
    WEEKS.filter((day) => day > 2),
  ),
  ada: hours(8, WEEKS),
  ben: hours(8, WEEKS),
};

describe('proposals for the patients of somebody away', () => {
  it('keep time and room where another practitioner is free', () => {
    const found = propose([affected('a', '2026-03-03T10:00')], place(after), taken(), bounds);
    expect(best(found, 'a')).toBe('03-03T10:00 ada one');
    expect(found.get('a')).toHaveLength(4);
  });

  it('let those choose first who have the fewest to step in', () => {
    const choosy = [
      affected('a', '2026-03-03T10:00'),
      affected('b', '2026-03-03T10:00', { able: ['away', 'ada'], roomId: 'two' }),
    ];
    const found = propose(choosy, place(after), taken(), bounds);
    expect([best(found, 'a'), best(found, 'b')]).toEqual(['03-03T10:00 ben one', '03-03T10:00 ada two']);
  });

  it('find a time near with the same practitioner where nobody else can', () => {
    const alone = affected('a', '2026-03-03T10:00', { able: ['away'] });
    expect(best(propose([alone], place(after), taken(), bounds), 'a')).toBe('03-05T10:00 away one');
    const morning = { ...after, away: hours(13, WEEKS) };
    expect(best(propose([alone], place(morning), taken(), bounds), 'a')).toBe('03-03T13:00 away one');
  });

  it('stay within the days of a window, the horizon and what patient and rooms have', () => {
    const alone = affected('a', '2026-03-03T10:00', { able: ['away'], to: calendarDate('2026-03-04') });
    expect(propose([alone], place(after), taken(), bounds).get('a')).toEqual([]);
    const later = { ...alone, to: null };
    expect(
      propose([later], place(after), taken(), { ...bounds, horizon: MONDAY + 2 * DAY }).get('a'),
    ).toEqual([]);
    const thursday = { start: MONDAY + 3 * DAY, end: MONDAY + 4 * DAY };
    const busy = taken({ patients: new Map([[later.patientId, [thursday]]]) });
    expect(best(propose([later], place(after), busy, bounds), 'a')).toBe('03-06T10:00 away one');
    const rooms = taken({ rooms: new Map([['one', [thursday]]]) });
    expect(best(propose([later], place(after), rooms, bounds), 'a')).toBe('03-05T10:00 away two');
  });

  it('say in words what changes', () => {
    const before = { startsAt: at('2026-03-03T10:00'), absentId: 'away', zone: 'Europe/London' };
    const slot = (startsAt: string, practitionerId: string) => ({
      startsAt: at(startsAt),
      endsAt: at(startsAt),
      practitionerId,
      roomId: null,
    });
    expect(inWords(slot('2026-03-03T10:00', 'ada'), before, 'Ada')).toBe('same time, with Ada');
    expect(inWords(slot('2026-03-04T10:00', 'away'), before, 'Nadia')).toBe(
      '1 day later, same time, still with Nadia',
    );
    expect(inWords(slot('2026-03-01T11:30', 'ada'), before, 'Ada')).toBe(
      '2 days earlier, at 11:30, with Ada',
    );
  });

  it('never collide with each other, with what is taken, or with the absence', () => {
    const start = fc.integer({ min: 0, max: 3 * 40 }).map((quarter) => {
      const day = Math.floor(quarter / 40);
      return new Date(MONDAY + day * DAY + 8 * HOUR + (quarter % 40) * (HOUR / 4)).toISOString().slice(0, 16);
    });
    const spans = fc.array(
      fc.record({ who: fc.constantFrom('ada', 'ben', 'one', 'two'), from: fc.integer({ min: 0, max: 300 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.array(start, { minLength: 1, maxLength: 25 }), spans, (starts, drawn) => {
        const busy: Map<string, Interval[]> = Map.groupBy(
          drawn.map(({ who, from }) => ({
            who,
            start: MONDAY + from * HOUR,
            end: MONDAY + (from + 2) * HOUR,
          })),
          ({ who }) => who,
        );
        const all = starts.map((one, i) => affected(`a${i}`, one, { patientId: `p${i % 20}` }));
        const own = all.map(({ patientId, busy: span }) => ({ patientId, ...span }));
        const found = propose(
          all,
          place(after),
          taken({
            practitioners: busy,
            rooms: new Map([...busy, ['one', [...(busy.get('one') ?? []), ...own]]]),
            patients: Map.groupBy(own, ({ patientId }) => patientId),
          }),
          bounds,
        );
        const chosen = all.flatMap(({ appointmentId, patientId }) => {
          const [first] = found.get(appointmentId) ?? [];
          return first ? [{ ...first, patientId }] : [];
        });
        for (const [i, one] of chosen.entries()) {
          expect(chosen.slice(i + 1).some((other) => collide(one, other))).toBe(false);
          const meets = (id: string | null) =>
            (busy.get(id ?? '') ?? []).some((span) => overlaps(span, one.busy));
          expect(meets(one.practitionerId) || meets(one.roomId)).toBe(false);
          const works = one.practitionerId === 'away' ? after.away : after.ada;
          expect(works.some((span) => span.start <= one.busy.start && one.busy.end <= span.end)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});
