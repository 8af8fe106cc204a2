import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { assertExpiry, assertOwnScopes, overlapEnd } from './api-key-rules.js';

const now = new Date('2026-11-27T12:00:00Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

describe('an API key', () => {
  it('never may more than who made it', () => {
    const own = new Set(['patients:read', 'reports:read']);
    expect(() => assertOwnScopes(['reports:read'], own)).not.toThrow();
    expect(() => assertOwnScopes(['reports:read', 'charts:read'], own)).toThrow(
      expect.objectContaining({ facts: { scopes: ['charts:read'] } }),
    );
  });

  it('ends on a day ahead, within a year', () => {
    for (const good of [0.001, 1, 366]) expect(() => assertExpiry(inDays(good), now)).not.toThrow();
    for (const bad of [0, -1, 366.01]) expect(() => assertExpiry(inDays(bad), now)).toThrow('within a year');
    expect(() => assertExpiry(new Date(Number.NaN), now)).toThrow('within a year');
  });

  it('lives no longer for being replaced', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 168 }), fc.integer({ min: -5, max: 400 }), (hours, days) => {
        const end = overlapEnd(now, hours, inDays(days));
        expect(end <= inDays(days)).toBe(true);
        expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(hours * 3_600_000);
      }),
    );
  });
});
