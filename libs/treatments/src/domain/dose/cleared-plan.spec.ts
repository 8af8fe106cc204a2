import { describe, expect, it } from '@jest/globals';

import { clearedFindings } from './cleared-plan.js';

const cleared = [{ product: 'ona', area: 'glabella', units: 20 }];
const total = (product: string, area: string, units: number) => ({ product, area, hundredths: units * 100 });

describe('what a clearance was given for', () => {
  it('covers the planned area, product and units, and less', () => {
    expect(clearedFindings(cleared, [total('ona', 'glabella', 20)])).toEqual([]);
    expect(clearedFindings(cleared, [total('ona', 'glabella', 16)])).toEqual([]);
    expect(clearedFindings(cleared, [])).toEqual([]);
  });

  it('counts what was given under it before: a prescription is not filled twice', () => {
    const before = [{ product: 'ona', area: 'glabella', units: 20 }];
    expect(clearedFindings(cleared, [total('ona', 'glabella', 4)], before)).toMatchObject([
      { code: 'outside_cleared_plan', flag: 'outside_cleared_plan(20)', limit: 20, actual: 24 },
    ]);
    const other = [{ product: 'ona', area: 'forehead', units: 20 }];
    expect(clearedFindings(cleared, [total('ona', 'glabella', 20)], other)).toEqual([]);
    const some = [{ product: 'ona', area: 'glabella', units: 16 }];
    expect(clearedFindings(cleared, [total('ona', 'glabella', 4)], some)).toEqual([]);
  });

  it.each([
    ['more units than planned', total('ona', 'glabella', 20.5), 20],
    ['another product', total('inco', 'glabella', 20), 0],
    ['another area', total('ona', 'lateral_canthal', 24), 0],
  ])('leaves %s to a prescriber', (_, injected, limit) => {
    expect(clearedFindings(cleared, [injected])).toMatchObject([
      {
        code: 'outside_cleared_plan',
        severity: 'prescriber-decision',
        limit,
        actual: injected.hundredths / 100,
      },
    ]);
  });
});
