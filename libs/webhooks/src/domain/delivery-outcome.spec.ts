import { describe, expect, it } from '@jest/globals';

import { MOST_ATTEMPTS, outcomeOf } from './delivery-outcome.js';

const now = new Date('2026-11-27T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const after = (status: number, attempts = 1, failingSince: Date | null = null) =>
  outcomeOf({ status, failure: null }, { attempts, failingSince, now });

describe('an attempt to deliver', () => {
  it.each([200, 201, 202, 204, 299])('has delivered when %i was answered', (status) => {
    expect(after(status, MOST_ATTEMPTS, daysAgo(9))).toEqual({ delivery: 'delivered', disables: false });
  });

  it.each([199, 301, 302, 307, 400, 404, 429, 500, 503])('is made again when %i was answered', (status) => {
    expect(after(status)).toEqual({ delivery: 'pending', disables: false });
  });

  it('is given up after the last, the endpoint being told of later events still', () => {
    expect(after(500, MOST_ATTEMPTS)).toEqual({ delivery: 'failed', disables: false });
  });

  it('disables an endpoint that has failed for more than three days', () => {
    expect(after(500, 2, daysAgo(3))).toEqual({ delivery: 'pending', disables: false });
    expect(after(500, 2, daysAgo(3.01))).toEqual({ delivery: 'failed', disables: true });
  });

  it('disables an endpoint that says it is gone', () => {
    expect(after(410)).toEqual({ delivery: 'failed', disables: true });
  });

  it('counts no answer at all as a failure', () => {
    expect(
      outcomeOf({ status: null, failure: 'no-answer' }, { attempts: 1, failingSince: null, now }),
    ).toEqual({
      delivery: 'pending',
      disables: false,
    });
  });
});
