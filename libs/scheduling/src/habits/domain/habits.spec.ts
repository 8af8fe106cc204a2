import { describe, expect, it } from '@jest/globals';

import type { Slot } from '../../domain/slot.js';
import { habitsOf, orderExplained, type PastVisit, rankByHabits } from './habits.js';

const zone = 'Europe/London';
const visit = (startsAt: string, practitionerId = 'okafor'): PastVisit => ({
  practitionerId,
  practitionerName: practitionerId === 'okafor' ? 'Dr Okafor' : 'Nadia Nurse',
  startsAt: new Date(startsAt),
  zone,
});
const slot = (startsAt: string, practitionerId = 'okafor'): Slot => ({
  startsAt: new Date(startsAt),
  endsAt: new Date(startsAt),
  practitionerId,
  roomId: null,
});
// Thursdays: by the clock of London, not of UTC, it is after four in summer too.
const THURSDAYS = [
  visit('2026-01-15T16:30Z'),
  visit('2026-04-16T15:15Z'),
  visit('2026-07-16T15:00Z', 'nurse'),
];

describe('the habits of a patient', () => {
  it('are what most of their visits have in common', () => {
    expect(orderExplained(habitsOf(THURSDAYS))).toBe(
      'By habit, usually Thursdays after 16:00 with Dr Okafor (3 past visits), then by time',
    );
    expect(habitsOf(THURSDAYS.toReversed())).toEqual(habitsOf(THURSDAYS));
  });

  it('put the slots that have most of them first, each with what it has, and leave the rest by time', () => {
    const slots = [
      slot('2026-10-14T09:00Z', 'nurse'),
      slot('2026-10-14T16:00Z'),
      slot('2026-10-15T09:00Z', 'nurse'),
      slot('2026-10-15T16:00Z'),
      slot('2026-10-16T09:00Z', 'nurse'),
    ];
    expect(rankByHabits(slots, habitsOf(THURSDAYS), zone).map(({ why }) => why)).toEqual([
      'usually Thursdays after 16:00 with Dr Okafor',
      'usually after 16:00 with Dr Okafor',
      'usually Thursdays',
      null,
      null,
    ]);
    expect(rankByHabits(slots, habitsOf(THURSDAYS), zone).map((one) => slots.indexOf(one.slot))).toEqual([
      3, 1, 2, 0, 4,
    ]);
  });

  it('are none for a new patient, nor where visits have nothing in common, and that is said', () => {
    const slots = [slot('2026-10-14T09:00Z'), slot('2026-10-15T16:00Z')];
    for (const visits of [[], THURSDAYS.slice(0, 1)]) {
      expect(orderExplained(habitsOf(visits))).toBe('By time: too few past visits to know a habit');
      expect(rankByHabits(slots, habitsOf(visits), zone)).toEqual(
        slots.map((one) => ({ slot: one, why: null })),
      );
    }
    const mixed = [visit('2026-01-15T16:30Z'), visit('2026-01-16T09:30Z', 'nurse')];
    expect(orderExplained(habitsOf(mixed))).toBe('By time: the past visits have nothing in common');
  });
});
