import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isId, newId } from './ids.js';

describe('ids', () => {
  it('are version 7 UUIDs that carry their millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
        const id = newId(now);
        expect(isId(id)).toBe(true);
        expect(id[14]).toBe('7');
        expect('89ab').toContain(id[19]);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
      }),
      { numRuns: 2000 },
    );
  });

  it('sort by the time they were made', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 40 }), (now, later) => {
        expect(newId(now) < newId(now + later)).toBe(true);
      }),
    );
  });

  it('are never the same twice in one millisecond', () => {
    const made = new Set(Array.from({ length: 10_000 }, () => newId(1_800_000_000_000)));
    expect(made.size).toBe(10_000);
  });

  it.each([
    '',
    'abc',
    '00000000-0000-0000-0000-000000000000',
    '0190163d-8694-739b-aea5-966c26f8ad9',
    '0190163d8694739baea5966c26f8ad91',
    '0190163d-8694-739b-2ea5-966c26f8ad91',
    ' 0190163d-8694-739b-aea5-966c26f8ad91',
    '0190163d-8694-739b-aea5-966c26f8ad91\n',
    "0190163d-8694-739b-aea5-966c26f8ad9'",
    null,
    undefined,
    7,
  ])('%j is not one', (text) => {
    expect(isId(text)).toBe(false);
  });

  it('are read in capital letters too', () => {
    expect(isId('0190163D-8694-739B-AEA5-966C26F8AD91')).toBe(true);
  });
});
