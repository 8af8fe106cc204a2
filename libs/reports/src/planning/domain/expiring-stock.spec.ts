import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expiringBeforeUse, stockByProduct, type LotOnHand, type PlannedUse } from './expiring-stock.js';

const lot = (lotId: string, expiresOn: string, units: number, product = 'ona'): LotOnHand => ({
  lotId,
  lotNumber: lotId,
  product,
  vials: 1,
  units,
  expiresOn: calendarDate(expiresOn),
});
const use = (on: string, units: number, product = 'ona'): PlannedUse => ({
  product,
  on: calendarDate(on),
  units,
});

describe('stock that expires before it is used', () => {
  it('is what is left on the day of expiry when what expires first is taken first', () => {
    const lots = [
      lot('late', '2027-01-31', 100),
      lot('soon', '2026-07-31', 100),
      lot('other', '2026-07-31', 50, 'abo'),
    ];
    const plan = [use('2026-07-31', 30), use('2026-07-10', 20), use('2026-08-01', 40)];
    expect(
      expiringBeforeUse(lots, plan).map(({ lotId, planned, expiring }) => [lotId, planned, expiring]),
    ).toEqual([
      ['other', 0, 50],
      ['soon', 50, 50],
      ['late', 40, 60],
    ]);
  });

  it('adds up by product, never across products', () => {
    const outlook = expiringBeforeUse(
      [
        lot('late', '2027-01-31', 100),
        lot('soon', '2026-07-31', 62.5),
        lot('other', '2026-07-31', 500, 'abo'),
      ],
      [use('2026-07-10', 20.25)],
    );
    expect(stockByProduct(outlook)).toEqual([
      { product: 'abo', vials: 1, units: 500, planned: 0, expiring: 500 },
      { product: 'ona', vials: 2, units: 162.5, planned: 20.25, expiring: 142.25 },
    ]);
  });

  it('never plans more than is there, nor more than is wanted, and keeps products apart', () => {
    const day = fc.integer({ min: 10, max: 28 }).map((n) => `2026-07-${n}`);
    const product = fc.constantFrom('ona', 'abo');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(day, fc.nat(200), product), { maxLength: 6 }),
        fc.array(fc.tuple(day, fc.nat(80), product), { maxLength: 12 }),
        (stock, wanted) => {
          const lots = stock.map(([on, units, what], i) => lot(String(i), on, units, what));
          const plan = wanted.map(([on, units, what]) => use(on, units, what));
          const outlook = expiringBeforeUse(lots, plan);
          for (const { units, planned, expiring } of outlook) {
            expect(planned + expiring).toBe(units);
            expect(Math.min(planned, expiring)).toBeGreaterThanOrEqual(0);
          }
          for (const what of ['ona', 'abo']) {
            const sum = (rows: readonly { product: string }[], of: (row: never) => number): number =>
              rows.filter((row) => row.product === what).reduce((total, row) => total + of(row as never), 0);
            const planned = sum(outlook, ({ planned: n }: { planned: number }) => n);
            expect(planned).toBeLessThanOrEqual(sum(plan, ({ units }: { units: number }) => units));
          }
        },
      ),
    );
  });
});
