import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import type { TreatmentWindow } from '../../domain/booking-rules.js';
import { type Days, daysToSearch, type VisitFacts } from './visit-days.js';

const days = (from: string, to: string): Days => ({ from: calendarDate(from), to: calendarDate(to) });
const window = (earliest: string, recommendedFrom: string, recommendedTo: string): TreatmentWindow => ({
  areaId: 'glabella',
  earliest: calendarDate(earliest),
  recommendedFrom: calendarDate(recommendedFrom),
  recommendedTo: calendarDate(recommendedTo),
});
const WINDOW = window('2026-06-10', '2026-06-15', '2026-06-26');

const facts = (change: Partial<VisitFacts>): VisitFacts => ({
  kind: 'treatment',
  today: calendarDate('2026-03-10'),
  windows: [WINDOW],
  reviews: [days('2026-03-24', '2026-03-31')],
  ...change,
});

describe('where no days are named', () => {
  it.each<[string, Partial<VisitFacts>, string, string]>([
    ['a treatment is searched inside the window', {}, '2026-06-15', '2026-06-26'],
    [
      'inside what several windows have in common',
      { windows: [WINDOW, window('2026-06-12', '2026-06-20', '2026-07-30')] },
      '2026-06-20',
      '2026-06-26',
    ],
    [
      'from the day the last of them is permitted, where they have nothing in common',
      { windows: [WINDOW, window('2026-07-01', '2026-07-05', '2026-07-30')] },
      '2026-07-01',
      '2026-08-29',
    ],
    [
      'from today on once the window is over',
      { today: calendarDate('2026-06-27') },
      '2026-06-27',
      '2026-08-25',
    ],
    ['from today on before a first treatment', { windows: [] }, '2026-03-10', '2026-05-08'],
    [
      'a review is searched on the days of the one that waits',
      { kind: 'review' },
      '2026-03-24',
      '2026-03-31',
    ],
    [
      'on those that several have in common',
      { kind: 'review', reviews: [days('2026-03-24', '2026-03-31'), days('2026-03-28', '2026-04-20')] },
      '2026-03-28',
      '2026-03-31',
    ],
    [
      'on those of the one to come, beside one that was missed',
      { kind: 'review', reviews: [days('2026-03-24', '2026-03-31'), days('2026-02-01', '2026-02-08')] },
      '2026-03-24',
      '2026-03-31',
    ],
    [
      'from today on once those days are over',
      { kind: 'review', today: calendarDate('2026-04-01') },
      '2026-04-01',
      '2026-05-30',
    ],
    [
      'a review nobody waits for is searched from today on',
      { kind: 'review', reviews: [] },
      '2026-03-10',
      '2026-05-08',
    ],
    [
      'a complication check is searched from today on',
      { kind: 'complication-check' },
      '2026-03-10',
      '2026-05-08',
    ],
    ['a consultation is searched from today on', { kind: 'consultation' }, '2026-03-10', '2026-05-08'],
  ])('%s', (_, change, from, to) => {
    expect(daysToSearch(facts(change))).toEqual({ from, to });
  });
});
