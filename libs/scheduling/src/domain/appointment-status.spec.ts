import { describe, expect, it } from '@jest/globals';
import {
  APPOINTMENT_STATUSES,
  APPOINTMENT_VERBS,
  type AppointmentStatus,
  type AppointmentVerb,
  assertTimely,
  blocksTime,
  next,
  takesTime,
  verbsFrom,
} from './appointment-status.js';
import { AppointmentStillAhead, AppointmentTransitionRefused } from './scheduling.errors.js';

const VERBS = [
  'confirm',
  'check-in',
  'start',
  'complete',
  'cancel',
  'no-show',
  'reinstate',
  'enter-in-error',
] as const;
const no = null;

/** Columns in the order of VERBS, written out by hand so that a change of the rule shows here. */
const TABLE: Record<AppointmentStatus, readonly (AppointmentStatus | null)[]> = {
  held: [no, no, no, no, no, no, no, no],
  booked: ['confirmed', 'arrived', no, no, 'cancelled', 'no-show', no, 'entered-in-error'],
  confirmed: [no, 'arrived', no, no, 'cancelled', 'no-show', no, 'entered-in-error'],
  arrived: [no, no, 'in-progress', no, 'cancelled', no, no, 'entered-in-error'],
  'in-progress': [no, no, no, 'fulfilled', no, no, no, 'entered-in-error'],
  fulfilled: [no, no, no, no, no, no, no, 'entered-in-error'],
  cancelled: [no, no, no, no, no, no, 'booked', 'entered-in-error'],
  'no-show': [no, no, no, no, no, no, 'booked', 'entered-in-error'],
  'entered-in-error': [no, no, no, no, no, no, no, no],
  released: [no, no, no, no, no, no, no, no],
};

const pairs = APPOINTMENT_STATUSES.flatMap((status) =>
  VERBS.map((verb, i): [AppointmentStatus, AppointmentVerb, AppointmentStatus | null] => [
    status,
    verb,
    TABLE[status][i] ?? null,
  ]),
);

describe('the life of an appointment', () => {
  it('covers every status and verb', () => {
    expect([...APPOINTMENT_VERBS]).toEqual([...VERBS]);
    expect(pairs).toHaveLength(80);
  });

  it.each(pairs)('%s · %s → %s', (status, verb, expected) => {
    if (expected) {
      expect(next(status, verb)).toBe(expected);
      return;
    }
    let refused: unknown;
    try {
      next(status, verb);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(AppointmentTransitionRefused);
    expect(refused).toMatchObject({ facts: { status, verb, allowed: verbsFrom(status) } });
  });

  it('says what can still be done', () => {
    expect(verbsFrom('arrived')).toEqual(['start', 'cancel', 'enter-in-error']);
    expect(verbsFrom('entered-in-error')).toEqual([]);
  });

  it('frees the time of a cancelled, missed or mistaken appointment only', () => {
    expect(APPOINTMENT_STATUSES.filter((status) => !blocksTime(status))).toEqual([
      'cancelled',
      'no-show',
      'entered-in-error',
      'released',
    ]);
  });

  it('is noted on its day at the location or later, a no-show from its beginning', () => {
    const visit = { startsAt: new Date('2026-03-03T01:00Z'), zone: 'America/New_York' };
    const isRefused = (verb: AppointmentVerb, now: string): boolean => {
      try {
        assertTimely(verb, new Date(now), visit);
        return false;
      } catch (error) {
        return error instanceof AppointmentStillAhead;
      }
    };
    expect(isRefused('check-in', '2026-03-02T04:59Z')).toBe(true);
    expect(isRefused('check-in', '2026-03-02T05:00Z')).toBe(false);
    expect(isRefused('no-show', '2026-03-03T00:59Z')).toBe(true);
    expect(isRefused('no-show', '2026-03-03T01:00Z')).toBe(false);
    expect(isRefused('cancel', '2026-01-01T00:00Z')).toBe(false);
  });

  it('takes a free span again only when reinstating', () => {
    const taking = pairs.filter(([from, , to]) => to && takesTime(from, to)).map(([, verb]) => verb);
    expect(new Set(taking)).toEqual(new Set(['reinstate']));
  });
});
