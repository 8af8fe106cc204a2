import { describe, expect, it } from '@jest/globals';

import { BEGINNING, forgedBecause, macOf, NO_MAC, RowsHash, type Seal, type SealClaim } from './seal.js';

const key = Buffer.alloc(32, 7);
const keys = new Map([['2026', key]]);
const claim: SealClaim = {
  clinicId: '01900000-0000-7000-8000-000000000001',
  number: 1,
  after: BEGINNING,
  last: { xact: 12n, id: 3n },
  rows: 3,
  rowsHash: Buffer.alloc(32, 1),
  previousMac: NO_MAC,
  keyId: '2026',
  sealedAt: '2026-11-27T10:00:00.000Z',
};
const sealed = (changed: Partial<SealClaim> = {}, by = key): Seal => {
  const said = { ...claim, ...changed };
  return { ...said, mac: macOf(said, by) };
};
const first = sealed();
const second = { number: 2, after: first.last, last: { xact: 20n, id: 1n }, previousMac: first.mac };

describe('a seal over the audit trail', () => {
  it('is believed when the key made it and it follows the one before', () => {
    expect(forgedBecause(first, null, keys)).toBeNull();
    expect(forgedBecause(sealed(second), first, keys)).toBeNull();
  });

  it.each<[string, Seal, Pick<Seal, 'number' | 'last' | 'mac'> | null]>([
    ['was not made with the key', sealed({}, Buffer.alloc(32, 8)), null],
    ['was not made with the key', { ...first, rows: 2 }, null],
    ['is not among those given', sealed({ keyId: '1999' }), null],
    ['no seal 1 stands before it', sealed(second), null],
    ['follows another seal', sealed({ ...second, previousMac: NO_MAC }), first],
    ['leaves out rows', sealed({ ...second, after: { xact: 13n, id: 0n } }), first],
  ])('is not believed when it %s', (why, seal, before) => {
    expect(forgedBecause(seal, before, keys)).toMatch(why);
  });

  it('reads rows so that no content can pass for another', () => {
    const hash = (...rows: (string | null)[][]): string => {
      const all = new RowsHash();
      for (const content of rows) all.add({ xact: '1', id: '1', content });
      return all.digest().toString('hex');
    };
    const alike = [
      hash(['a', 'b']),
      hash(['a,b', null]),
      hash(['ab', '']),
      hash(['a'], ['b']),
      hash(['b', 'a']),
    ];
    expect(new Set(alike).size).toBe(alike.length);
  });
});
