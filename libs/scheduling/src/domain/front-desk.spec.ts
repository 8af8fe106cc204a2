import { describe, expect, it } from '@jest/globals';
import { afterMoving, stampsAfter } from './appointment-status.js';
import {
  AppointmentTransitionRefused,
  type Blocker,
  inTheWay,
  WorkingHoursInvalid,
} from './scheduling.errors.js';
import { localTimeOf } from './slot.js';
import { checkWeeklyShifts } from './working-time.js';

const at = new Date('2026-05-04T09:00Z');
const blocker = (resource: Blocker['resource'], resourceId: string): Blocker => ({
  resource,
  resourceId,
  appointmentId: `of ${resourceId}`,
  startsAt: at,
  endsAt: at,
});

describe('who is in the way', () => {
  it('is whoever holds the practitioner or the patient', () => {
    const blockers = [blocker('practitioner', 'ada'), blocker('patient', 'zoe')];
    expect(inTheWay(blockers, ['one', 'two'])).toEqual(blockers);
    expect(inTheWay(blockers, [null])).toEqual(blockers);
  });

  it('is a room only when none that would do is free', () => {
    const [one, two] = [blocker('room', 'one'), blocker('room', 'two')];
    expect(inTheWay([one], ['one', 'two'])).toEqual([]);
    expect(inTheWay([one, two], ['one', 'two'])).toEqual([one, two]);
    expect(inTheWay([], ['one'])).toEqual([]);
  });
});

describe('moving', () => {
  it('asks for a new confirmation only at another time', () => {
    expect(afterMoving('confirmed', true)).toBe('booked');
    expect(afterMoving('confirmed', false)).toBe('confirmed');
    expect(afterMoving('arrived', false)).toBe('arrived');
  });

  it.each(['in-progress', 'fulfilled', 'cancelled', 'no-show', 'entered-in-error'] as const)(
    'is refused when %s',
    (status) => expect(() => afterMoving(status, false)).toThrow(AppointmentTransitionRefused),
  );
});

describe('stamps', () => {
  const none = { arrivedAt: null, startedAt: null, completedAt: null, lateCancel: null };

  it('say when the patient came, was seen and was done', () => {
    expect(stampsAfter('check-in', at, none)).toEqual({ ...none, arrivedAt: at });
    expect(stampsAfter('start', at, none)).toEqual({ ...none, startedAt: at });
    expect(stampsAfter('complete', at, none)).toEqual({ ...none, completedAt: at });
    expect(stampsAfter('confirm', at, none)).toEqual(none);
  });

  it('begin afresh when taken up again', () =>
    expect(stampsAfter('reinstate', at, { ...none, arrivedAt: at, lateCancel: true })).toEqual(none));
});

it('tells the wall clock of the location', () => {
  expect(localTimeOf(new Date('2026-07-01T08:05:59Z'), 'Europe/London')).toBe('2026-07-01T09:05');
});

describe('weekly shifts as entered', () => {
  const shift = { weekday: 1, start: '09:00', end: '17:00', validFrom: '2026-01-01' };

  it('are taken with an end on the same day', () =>
    expect(() =>
      checkWeeklyShifts([shift, { ...shift, end: '24:00', validTo: '2026-01-01' }]),
    ).not.toThrow());

  it.each([{ end: '09:00' }, { end: '08:00' }, { validTo: '2025-12-31' }])('are refused with %j', (change) =>
    expect(() => checkWeeklyShifts([shift, { ...shift, ...change }])).toThrow(WorkingHoursInvalid),
  );
});
