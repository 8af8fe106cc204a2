import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { canonicalJson, contentHash, NotHashable } from './content-hash.js';

describe('a content hash', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    expect(canonicalJson({ b: [1, 'ü', null], a: { d: true, c: undefined } })).toBe(
      '{"a":{"d":true},"b":[1,"ü",null]}',
    );
    expect(contentHash({})).toBe(createHash('sha256').update('{}').digest('hex'));
  });

  it('does not depend on the order of members, and changes with any value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.integer(), fc.boolean())),
        (content) => {
          const turned = Object.fromEntries(Object.entries(content).toReversed());
          expect(contentHash(turned)).toBe(contentHash(content));
          expect(contentHash({ ...content, extra: 1 })).not.toBe(contentHash({ ...content, extra: 2 }));
        },
      ),
    );
  });

  it.each([Number.NaN, Infinity, undefined, 1n, new Date(0), '\ud800', { a: () => 1 }])(
    'refuses %p',
    (value) => {
      expect(() => contentHash(value)).toThrow(NotHashable);
    },
  );
});
