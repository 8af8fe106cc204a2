import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { type OpenReview, reviewsAnswered } from './review-booking.js';

const aReview = (
  id: string,
  treatedOn: string,
  dueFrom: string,
  dueTo: string,
  areas = ['glabella'],
): OpenReview => ({
  id,
  status: 'due',
  areas,
  treatedOn: calendarDate(treatedOn),
  dueFrom: calendarDate(dueFrom),
  dueTo: calendarDate(dueTo),
  bookedFor: null,
});
const january = aReview('a', '2026-01-05', '2026-01-19', '2026-01-26');
const masseter = aReview('b', '2026-01-05', '2026-02-02', '2026-02-16', ['masseter']);
const answered = (on: string, areas: string[] = []): string[] =>
  reviewsAnswered([masseter, january], calendarDate(on), areas).map(({ id }) => id);

describe('a booked review visit', () => {
  it('answers the review whose days contain it', () => {
    expect(answered('2026-01-20')).toEqual(['a']);
    expect(answered('2026-02-16')).toEqual(['b']);
  });

  it('answers the nearest review when it lies outside all', () => {
    expect(answered('2026-01-28')).toEqual(['a']);
    expect(answered('2026-01-31')).toEqual(['b']);
    expect(answered('2026-01-10')).toEqual(['a']);
  });

  it('answers only reviews of the areas it names', () => {
    expect(answered('2026-01-20', ['masseter'])).toEqual(['b']);
    expect(answered('2026-01-20', ['forehead'])).toEqual([]);
  });

  it('answers no review of a treatment that is still to come', () => {
    expect(answered('2026-01-05')).toEqual([]);
  });

  it('answers several when their days overlap', () => {
    const second = aReview('c', '2026-01-10', '2026-01-24', '2026-01-31', ['forehead']);
    expect(reviewsAnswered([january, second], calendarDate('2026-01-25'), []).map(({ id }) => id)).toEqual([
      'a',
      'c',
    ]);
  });
});
