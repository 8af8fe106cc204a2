import { calendarDate, type Interval, type WallTime } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { freedBetween, servesMore, workedIn } from './freed-time.js';

const at = (time: string): number => Date.parse(`2027-03-${time}Z`);
const span = (start: string, end: string): Interval => ({ start: at(start), end: at(end) });
const HERE = { practitionerId: 'ada', locationId: 'london' };
const RANGE = span('27T00:00', '29T00:00');

const everyDay = [6, 7].map((weekday) => ({
  weekday,
  start: '00:00' as WallTime,
  end: '06:00' as WallTime,
  validFrom: calendarDate('2027-01-01'),
  validTo: null,
}));
const setUp = (active = true) => ({
  locations: [
    { id: 'london', name: '', zone: 'Europe/London', active, weekly: everyDay, closedDates: [], rooms: [] },
  ],
  practitioners: [
    {
      id: 'ada',
      isPrescriber: true,
      active: true,
      weekly: everyDay.map((shift) => ({ ...shift, locationId: 'london' })),
      extraHours: [],
      absences: [],
    },
  ],
});

describe('time that a change of the set-up frees', () => {
  it('is what is worked after and not before, the soonest first', () => {
    const before = [{ ...HERE, spans: [span('27T09:00', '27T12:00')] }];
    const after = [{ ...HERE, spans: [span('27T08:00', '27T13:00'), span('28T09:00', '28T10:00')] }];
    expect(freedBetween(before, after)).toEqual([
      { ...HERE, ...span('27T08:00', '27T09:00') },
      { ...HERE, ...span('27T12:00', '27T13:00') },
      { ...HERE, ...span('28T09:00', '28T10:00') },
    ]);
    expect(freedBetween(after, before)).toEqual([]);
  });

  it('is all that is worked where nobody worked before, right across a clock change', () => {
    // The clocks go forward on the 28th: six hours by the wall clock are five.
    expect(freedBetween(workedIn(setUp(false), RANGE), workedIn(setUp(), RANGE))).toEqual([
      { ...HERE, ...span('27T00:00', '27T06:00') },
      { ...HERE, ...span('28T00:00', '28T05:00') },
    ]);
  });

  it('is none of a room that serves for nothing more than before', () => {
    const room = { active: true, kind: 'treatment', equipment: ['cooling', 'laser'] };
    expect(servesMore(null, room)).toBe(true);
    expect(servesMore({ ...room, active: false }, room)).toBe(true);
    expect(servesMore({ ...room, kind: 'office' }, room)).toBe(true);
    expect(servesMore({ ...room, equipment: ['laser'] }, room)).toBe(true);
    expect(servesMore(room, room)).toBe(false);
    expect(servesMore(room, { ...room, equipment: ['laser'] })).toBe(false);
    expect(servesMore(room, { ...room, active: false })).toBe(false);
    expect(servesMore(null, { ...room, active: false })).toBe(false);
  });
});
