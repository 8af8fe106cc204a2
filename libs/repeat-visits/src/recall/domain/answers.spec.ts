import { describe, expect, it } from '@jest/globals';
import { calendarDate } from '#kernel';

import { FOR_GOOD } from '../../domain/suppression.js';
import { type Answer, answerFor } from './answers.js';

const answer = (outcome: Answer['outcome'], more: Partial<Answer> = {}): Answer => ({
  onDay: calendarDate('2026-06-01'),
  outcome,
  until: null,
  areas: [],
  ...more,
});
const until = calendarDate('2026-09-01');
const treated = calendarDate('2026-01-31');
const nothing = { declinedUntil: null, snoozedUntil: null };

describe('what a patient said', () => {
  it('is nothing before the first attempt, and when nobody picked up', () => {
    expect(answerFor([], 'glabella', treated)).toEqual(nothing);
    expect(answerFor([answer('no-answer'), answer('do-not-contact')], 'glabella', treated)).toEqual(nothing);
  });

  it('puts the question off, or ends it until the next treatment', () => {
    expect(answerFor([answer('later', { until })], 'glabella', treated).snoozedUntil).toBe(until);
    expect(answerFor([answer('declined', { until })], 'glabella', treated).declinedUntil).toBe(until);
    expect(answerFor([answer('declined')], 'glabella', treated).declinedUntil).toBe(FOR_GOOD);
  });

  it('is about one window: a treatment since then asks anew', () => {
    expect(answerFor([answer('declined')], 'glabella', calendarDate('2026-06-02'))).toEqual(nothing);
    expect(answerFor([answer('declined')], 'glabella', calendarDate('2026-06-01')).declinedUntil).toBe(
      FOR_GOOD,
    );
    expect(answerFor([answer('declined')], 'glabella', null).declinedUntil).toBe(FOR_GOOD);
  });

  it('is about the areas named', () => {
    const declined = [answer('declined', { areas: ['forehead'] })];
    expect(answerFor(declined, 'glabella', treated)).toEqual(nothing);
    expect(answerFor(declined, 'forehead', treated).declinedUntil).toBe(FOR_GOOD);
  });

  it('is what was said last: a booking or a new day takes the place of a refusal', () => {
    expect(
      answerFor([answer('no-answer'), answer('booked'), answer('declined')], 'glabella', treated),
    ).toEqual(nothing);
    expect(answerFor([answer('later', { until }), answer('declined')], 'glabella', treated)).toEqual({
      declinedUntil: null,
      snoozedUntil: until,
    });
  });
});
