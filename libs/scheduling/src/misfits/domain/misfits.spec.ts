import { calendarDate, isWallTime, type WallTime } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { spanOf } from '../../domain/appointment.js';
import { type Misfit, misfitsAmong, newlyUnfit, type StandingSetUp, type StandingVisit } from './misfits.js';

const time = (text: string): WallTime => {
  if (!isWallTime(text)) throw new Error(`not a wall time: ${text}`);
  return text;
};
const week = (start: string, end: string) =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    start: time(start),
    end: time(end),
    validFrom: calendarDate('2026-01-01'),
    validTo: null,
  }));
const HERE = { locationId: 'london' };
const setUp: StandingSetUp = {
  locations: [
    {
      id: 'london',
      name: 'London',
      zone: 'Europe/London',
      active: true,
      weekly: week('08:00', '18:00'),
      closedDates: [],
      rooms: [{ id: 'one', kind: 'treatment', equipment: ['couch'], active: true }],
    },
  ],
  types: [
    {
      id: 'treatment',
      roomKind: 'treatment',
      equipment: ['couch'],
      needsPrescriber: false,
      practitionerIds: [],
      active: true,
    },
  ],
  practitioners: [
    {
      id: 'ada',
      isPrescriber: true,
      active: true,
      weekly: week('09:00', '17:00').map((shift) => ({ ...shift, ...HERE })),
      extraHours: [],
      absences: [],
    },
  ],
};
const visit = (startsAt: string, change: Partial<StandingVisit> = {}): StandingVisit => ({
  id: startsAt,
  ...HERE,
  typeId: 'treatment',
  practitionerId: 'ada',
  roomId: 'one',
  span: spanOf(new Date(startsAt), { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 }),
  overriddenCodes: [],
  ...change,
});
type Of<K extends keyof StandingSetUp> = Partial<StandingSetUp[K][number]>;
const having = ({
  location = {},
  type = {},
  practitioner = {},
}: {
  location?: Of<'locations'>;
  type?: Of<'types'>;
  practitioner?: Of<'practitioners'>;
}): StandingSetUp => ({
  locations: setUp.locations.map((one) => ({ ...one, ...location })),
  types: setUp.types.map((one) => ({ ...one, ...type })),
  practitioners: setUp.practitioners.map((one) => ({ ...one, ...practitioner })),
});
const codes = (found: readonly Misfit[]): string[][] =>
  found.map(({ reasons }) => reasons.map(({ spec }) => spec.code));
const TEN = visit('2026-05-04T10:00Z');

describe('what no longer fits', () => {
  it('is nothing while nothing changed', () => expect(misfitsAmong([TEN], setUp)).toEqual([]));

  it.each([
    ['a closed day', { location: { closedDates: [calendarDate('2026-05-04')] } }, ['outside_opening_hours']],
    ['shorter hours', { practitioner: { weekly: [] } }, ['practitioner_not_working']],
    [
      'a day away',
      {
        practitioner: { absentDays: [{ from: calendarDate('2026-05-04'), to: calendarDate('2026-05-04') }] },
      },
      ['practitioner_not_working'],
    ],
    ['someone who left', { practitioner: { active: false, weekly: [] } }, ['staff_not_found']],
    ['a location given up', { location: { active: false, weekly: [] } }, ['location_not_found']],
    ['a type given up', { type: { active: false } }, ['appointment_type_not_found']],
    [
      'a room given up',
      { location: { rooms: [{ id: 'one', kind: 'store', equipment: [], active: false }] } },
      ['room_not_found'],
    ],
    [
      'a room without its couch',
      { location: { rooms: [{ id: 'one', kind: 'treatment', equipment: [], active: true }] } },
      ['room_not_suitable'],
    ],
    ['a type for others', { type: { practitionerIds: ['nurse'] } }, ['appointment_type_not_offered']],
    [
      'a type for prescribers',
      { type: { needsPrescriber: true }, practitioner: { isPrescriber: false } },
      ['prescriber_needed'],
    ],
  ])('is a visit on %s', (_, change, expected) => {
    expect(codes(misfitsAmong([TEN], having(change)))).toEqual([expected]);
  });

  it('is a visit whose buffers no longer fit, and not its neighbour', () => {
    const later = having({
      practitioner: { weekly: week('11:00', '17:00').map((one) => ({ ...one, ...HERE })) },
    });
    const [early, onTime] = [visit('2026-05-04T10:00Z'), visit('2026-05-04T10:05Z')];
    // 11:00 in London is 10:00Z: setting up would begin at 09:55Z.
    expect(misfitsAmong([early, onTime], later).map(({ visitId }) => visitId)).toEqual([early.id]);
  });

  it('counts hours at another location for nothing', () => {
    const elsewhere = week('09:00', '17:00').map((one) => ({ ...one, locationId: 'paris' }));
    expect(codes(misfitsAmong([TEN], having({ practitioner: { weekly: elsewhere } })))).toEqual([
      ['practitioner_not_working'],
    ]);
  });

  it('keeps apart what somebody set aside', () => {
    const overridden = { ...TEN, overriddenCodes: ['practitioner_not_working'] };
    const [found] = misfitsAmong(
      [overridden],
      having({ practitioner: { weekly: [], isPrescriber: false }, type: { needsPrescriber: true } }),
    );
    expect(found?.reasons.map(({ spec }) => spec.code)).toEqual(['prescriber_needed']);
    expect(found?.overridden.map(({ spec }) => spec.code)).toEqual(['practitioner_not_working']);
  });

  it('is counted by what is new, not by what was unfit before', () => {
    const before = misfitsAmong(
      [TEN],
      having({ type: { needsPrescriber: true }, practitioner: { isPrescriber: false } }),
    );
    const after = misfitsAmong(
      [TEN, visit('2026-05-05T10:00Z')],
      having({
        type: { needsPrescriber: true, practitionerIds: ['nurse'] },
        practitioner: { isPrescriber: false },
      }),
    );
    expect(newlyUnfit(before, before)).toBe(0);
    expect(newlyUnfit(before, after)).toBe(2);
    expect(newlyUnfit(after, before)).toBe(0);
  });

  it('is told of each visit alone, whatever others are looked at with it', () => {
    const night = having({
      practitioner: { weekly: week('12:00', '15:00').map((one) => ({ ...one, ...HERE })) },
    });
    const minute = fc.integer({ min: 0, max: 400 * 24 * 60 });
    fc.assert(
      fc.property(fc.array(minute, { minLength: 1, maxLength: 12 }), (minutes) => {
        const visits = [...new Set(minutes)].map((at) =>
          visit(new Date(Date.parse('2026-01-05T00:00Z') + at * 60_000).toISOString()),
        );
        const together = misfitsAmong(visits, night).map(({ visitId }) => visitId);
        const alone = visits.flatMap((one) => misfitsAmong([one], night).map(({ visitId }) => visitId));
        expect(together).toEqual(alone);
      }),
      { numRuns: 40 },
    );
  });
});
