import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { recordDifferences } from './record-differences.js';

const signed = {
  note: null,
  injections: [
    { id: 'a', units: 4 },
    { id: 'b', units: 4 },
  ],
  findings: [1, 2],
};

describe('what differs between a signed record and the one that is there', () => {
  it.each([
    [{ ...signed, note: 'x' }, ['note changed']],
    [{ ...signed, injections: [{ id: 'b', units: 4 }] }, ['injections/a removed']],
    [{ ...signed, injections: [...signed.injections, { id: 'c', units: 1 }] }, ['injections/c added']],
    [
      {
        ...signed,
        injections: [
          { id: 'b', units: 5 },
          { id: 'a', units: 4 },
        ],
      },
      ['injections/b/units changed'],
    ],
    [{ ...signed, findings: [1] }, ['findings/1 removed']],
    [{ ...signed, gpLetter: 'declined' }, ['gpLetter added']],
    [[], ['content changed']],
  ])('names it: %j', (present, differences) => {
    expect(recordDifferences(signed, present)).toEqual(differences);
  });

  it('is nothing exactly when both say the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(recordDifferences(a, structuredClone(a))).toEqual([]);
        if (JSON.stringify(a) !== JSON.stringify(b) && typeof a !== 'object')
          expect(recordDifferences(a, b)).not.toEqual([]);
      }),
    );
  });
});
