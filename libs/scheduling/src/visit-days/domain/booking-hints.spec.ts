import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import type { TreatmentWindow } from '../../domain/booking-rules.js';
import { bookingHints } from './booking-hints.js';

const window = (areaId: string, earliest: string | null, withoutResponse = false): TreatmentWindow => ({
  areaId,
  earliest: earliest === null ? null : calendarDate(earliest),
  recommendedFrom: null,
  recommendedTo: null,
  ...(withoutResponse ? { withoutResponse } : {}),
});
const WINDOWS = [window('glabella', '2026-06-10'), window('forehead', '2026-06-20')];

const hints = (
  on: string,
  change: {
    kind?: 'treatment' | 'review';
    birthDate?: string;
    standing?: 'active' | 'deceased';
    market?: 'UK' | 'EU';
    windows?: readonly TreatmentWindow[];
  } = {},
) =>
  bookingHints({
    on: calendarDate(on),
    market: change.market ?? 'UK',
    type: { kind: change.kind ?? 'treatment' },
    patient: {
      id: 'p1',
      birthDate: calendarDate(change.birthDate ?? '1990-01-01'),
      standing: change.standing ?? 'active',
    },
    windows: change.windows ?? WINDOWS,
  }).map(({ code, until }) => [code, until]);

describe('what speaks against a booking before it is tried', () => {
  it('tells a treatment that is too early, until every area may be treated', () => {
    expect(hints('2026-06-01')).toEqual([['treatment_before_earliest', '2026-06-20']]);
    expect(hints('2026-06-19')).toEqual([['treatment_before_earliest', '2026-06-20']]);
    expect(hints('2026-06-20')).toEqual([]);
  });

  it('tells a treatment after no response, without an end where the earliest date is not known', () => {
    const silent = [window('glabella', '2026-06-10', true), ...WINDOWS];
    expect(hints('2026-06-01', { windows: silent })).toEqual([
      ['reinjection_too_early', '2026-06-10'],
      ['treatment_before_earliest', '2026-06-20'],
    ]);
    expect(hints('2026-06-01', { windows: [window('glabella', null, true)] })).toEqual([
      ['reinjection_too_early', null],
    ]);
  });

  it('tells a patient under age, until the eighteenth birthday, where the law is about booking', () => {
    const young = { birthDate: '2008-02-29', windows: [] };
    expect(hints('2026-02-28', young)).toEqual([['patient_under_age', '2026-03-01']]);
    expect(hints('2026-03-01', young)).toEqual([]);
    expect(hints('2026-02-28', { ...young, market: 'EU' })).toEqual([]);
  });

  it('tells a record that takes no appointments, and nothing more of a review', () => {
    expect(hints('2026-06-01', { standing: 'deceased', kind: 'review' })).toEqual([
      ['patient_not_bookable', null],
    ]);
    expect(hints('2026-06-01', { kind: 'review', birthDate: '2010-01-01' })).toEqual([]);
  });
});
