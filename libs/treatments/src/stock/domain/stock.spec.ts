import { seedCatalogue, type Market } from '#catalogue';
import { addDays, calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { vialsOf } from './delivery.js';
import { watchExpiry, type StockedLot, type Use } from './expiry-watch.js';
import { comparePack } from './pack.js';
import { DeliveryUncounted, PackOfOtherProduct, PackOfOtherStrength } from './stock.errors.js';

const catalogue = seedCatalogue();

describe('a pack', () => {
  const compare = (
    product: string,
    gtin: string | null,
    vialUnits = 100,
    earlier: string | null = null,
    market: Market = 'US',
  ) => comparePack(catalogue, { product, gtin, vialUnits }, earlier, market);

  it('is what its code says', () => {
    expect(compare('ona', '00300239232013')).toEqual([]);
    expect(compare('ona', '04024787430498', 50, null, 'UK')).toEqual([]);
    expect(compare('ona', '4024787430498', 50, null, 'UK')).toEqual([]);
  });

  it('is refused under the name of another product, naming both', () => {
    expect(() => compare('inco', '00300239232013')).toThrow(PackOfOtherProduct);
    expect(() => compare('inco', '00300239232013')).toThrow(
      expect.objectContaining({
        facts: { gtin: '00300239232013', product: 'inco', packProduct: 'ona', packBrand: 'Botox Cosmetic' },
      }),
    );
  });

  it('is received with a warning where its brand is not licensed', () => {
    expect(compare('ona', '00300239232013', 100, null, 'UK')).toEqual(['brand_of_other_market']);
  });

  it('is known in a box of several too', () => {
    expect(() => compare('inco', '50300239232018')).toThrow(PackOfOtherProduct);
  });

  it('is refused as another strength', () => {
    expect(() => compare('ona', '00300239232013', 50)).toThrow(PackOfOtherStrength);
  });

  it('is received with a warning when the catalogue does not know its code, or it has none', () => {
    expect(compare('ona', '00300230221009')).toEqual(['gtin_unknown']);
    expect(compare('ona', null)).toEqual(['gtin_missing']);
  });

  it('is refused when the same code came under another name before', () => {
    expect(() => compare('inco', '00300230221009', 100, 'ona')).toThrow(PackOfOtherProduct);
    expect(compare('ona', '00300230221009', 100, 'ona')).toEqual(['gtin_unknown']);
  });
});

describe('a delivery', () => {
  it('has as many vials as are counted, the first of them with the serials', () => {
    expect(vialsOf({ vials: 3, serials: ['A', 'B'] })).toEqual(['A', 'B', null]);
    expect(vialsOf({ serials: ['A'] })).toEqual(['A']);
  });

  it.each([{}, { vials: 1, serials: ['A', 'B'] }, { serials: [] }, { serials: ['A', 'A'] }])(
    'is refused uncounted: %p',
    (counted) => {
      expect(() => vialsOf(counted)).toThrow(DeliveryUncounted);
    },
  );
});

describe('the expiry watch', () => {
  const on = calendarDate('2026-03-02');
  const lot = (lotId: string, inDays: number, hundredths: number): StockedLot => ({
    lotId,
    product: 'ona',
    locationId: 'here',
    expiresOn: addDays(on, inDays),
    hundredths,
  });
  const use = (given: number, planned = 0): Use => ({
    product: 'ona',
    locationId: 'here',
    given,
    planned,
    days: 84,
  });
  const risk = (lots: StockedLot[], uses: Use[]) =>
    watchExpiry(lots, uses, on).map(({ lotId, expected, atRisk }) => [lotId, expected, atRisk]);

  it('uses first what expires first', () => {
    const lots = [lot('b', 19, 100_00), lot('a', 9, 100_00)];
    expect(risk(lots, [use(84 * 8_00)])).toEqual([
      ['a', 80_00, 20_00],
      ['b', 80_00, 20_00],
    ]);
  });

  it('reckons at least with what is planned', () => {
    expect(risk([lot('a', 9, 100_00)], [use(0, 64_00)])).toEqual([['a', 64_00, 36_00]]);
  });

  it('puts what is over, or used nowhere, wholly at risk', () => {
    expect(risk([lot('a', -1, 100_00)], [use(84_00, 50_00)])).toEqual([['a', 0, 100_00]]);
    expect(risk([lot('a', 30, 100_00)], [{ ...use(84_00), product: 'inco' }])).toEqual([['a', 0, 100_00]]);
  });

  it('expects of no lot more than it has, nor of all more than is used', () => {
    const lots = fc.array(fc.tuple(fc.integer({ min: -5, max: 200 }), fc.integer({ min: 0, max: 900_00 })));
    fc.assert(
      fc.property(lots, fc.nat(5_000_00), fc.nat(500_00), (stocked, given, planned) => {
        const all = stocked.map(([days, hundredths], nth) => lot(String(nth), days, hundredths));
        const forecast = watchExpiry(all, [use(given, planned)], on);
        const most = Math.max(planned, Math.floor((given * 201) / 84));
        expect(forecast.reduce((sum, { expected }) => sum + expected, 0)).toBeLessThanOrEqual(most);
        for (const { hundredths, expected, atRisk } of forecast) {
          expect(expected).toBeGreaterThanOrEqual(0);
          expect(expected + atRisk).toBe(hundredths);
        }
      }),
    );
  });
});
