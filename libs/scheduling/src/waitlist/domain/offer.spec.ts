import type { WallTime } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { offerEnds, quietUntil } from './offer-time.js';
import { OfferOver, WaitlistTransitionRefused } from './waitlist.errors.js';
import {
  afterAnswer,
  afterVerb,
  OFFER_STATUSES,
  offerStatusAt,
  WAITLIST_STATUSES,
} from './waitlist-status.js';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `HH:MM` as written here
const at = (time: string): WallTime => time as WallTime;
const NOW = new Date('2026-03-02T09:00:00Z');

describe('how long an offer stands', () => {
  const ends = (startsAt: string, noticeMinutes = 0): string | undefined =>
    offerEnds({ now: NOW, startsAt: new Date(startsAt), offerMinutes: 30, noticeMinutes })
      ?.toISOString()
      .slice(11, 16);

  it.each([
    ['2026-03-03T09:00Z', 0, '09:30'],
    ['2026-03-02T09:31Z', 0, '09:30'],
    ['2026-03-02T09:30Z', 0, '09:29'],
    ['2026-03-02T09:06Z', 0, '09:05'],
    ['2026-03-02T09:05Z', 0, undefined],
    ['2026-03-02T08:00Z', 0, undefined],
    ['2026-03-02T10:20Z', 60, '09:20'],
    ['2026-03-02T10:04Z', 60, undefined],
  ])('for a visit at %s with %i minutes of notice: until %s', (startsAt, notice, until) => {
    expect(ends(startsAt, notice)).toBe(until);
  });
});

describe('the quiet hours', () => {
  const until = (now: string, from: string, to: string, zone = 'Europe/London'): string | undefined =>
    quietUntil(new Date(now), { from: at(from), to: at(to) }, zone)?.toISOString();

  it('last over midnight, on the clock of the location', () => {
    expect(until('2026-03-02T19:59Z', '20:00', '08:00')).toBeUndefined();
    expect(until('2026-03-02T20:00Z', '20:00', '08:00')).toBe('2026-03-03T08:00:00.000Z');
    expect(until('2026-03-03T07:59Z', '20:00', '08:00')).toBe('2026-03-03T08:00:00.000Z');
    expect(until('2026-03-03T08:00Z', '20:00', '08:00')).toBeUndefined();
    expect(until('2026-03-03T08:00Z', '20:00', '08:00', 'America/New_York')).toBe('2026-03-03T13:00:00.000Z');
  });

  it('are an hour shorter in the night the clocks go forward', () => {
    expect(until('2026-03-28T22:00Z', '20:00', '08:00')).toBe('2026-03-29T07:00:00.000Z');
  });

  it('may lie within a day, or not be at all', () => {
    expect(until('2026-03-02T12:30Z', '12:00', '13:00')).toBe('2026-03-02T13:00:00.000Z');
    expect(until('2026-03-02T13:00Z', '12:00', '13:00')).toBeUndefined();
    expect(until('2026-03-02T12:30Z', '12:00', '12:00')).toBeUndefined();
  });
});

describe('what becomes of a place and of an offer', () => {
  it.each(WAITLIST_STATUSES)('%s: only who waits is served', (status) => {
    for (const [verb, to] of [
      ['offer', 'waiting'],
      ['decline', 'waiting'],
      ['accept', 'booked'],
      ['leave', 'left'],
      ['lapse', 'lapsed'],
    ] as const) {
      if (status === 'waiting') expect(afterVerb(status, verb)).toBe(to);
      else expect(() => afterVerb(status, verb)).toThrow(WaitlistTransitionRefused);
    }
  });

  it.each(OFFER_STATUSES)('%s: only what is open is answered', (status) => {
    const offer = { id: 'o', status, expiresAt: new Date('2026-03-02T09:30Z') };
    if (status === 'open') {
      expect(afterAnswer(offer, 'accept', NOW)).toBe('accepted');
      expect(afterAnswer(offer, 'decline', NOW)).toBe('declined');
      expect(offerStatusAt(offer, offer.expiresAt)).toBe('expired');
      expect(() => afterAnswer(offer, 'accept', offer.expiresAt)).toThrow(OfferOver);
    } else expect(() => afterAnswer(offer, 'accept', NOW)).toThrow(OfferOver);
  });
});
