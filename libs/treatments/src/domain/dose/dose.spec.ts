import { describe, expect, it } from '@jest/globals';
import { productOf, seedCatalogue } from '#catalogue';
import * as fc from 'fast-check';
import { NotADilution, NotADose, UnitsOfDifferentProducts } from './dose.errors.js';
import { compareVolume, dose, labelVolumeMl, sumDoses, unitsOf, volumeMl } from './dose.js';

const points = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 40 });

describe('a dose', () => {
  it.each([0, -1, Number.NaN, Infinity, 1.005, 10_001])('refuses %p units', (units) => {
    expect(() => dose('ona', units)).toThrow(NotADose);
  });

  it('keeps two decimals exactly', () => {
    expect(sumDoses([dose('ona', 0.1), dose('ona', 0.2)])).toBe(30);
    expect(unitsOf(30)).toBe(0.3);
  });

  it('never adds units of different products', () => {
    expect(() => sumDoses([dose('ona', 20), dose('abo', 50)])).toThrow(UnitsOfDifferentProducts);
  });

  it('is the sum of its points in any order and grouping', () => {
    fc.assert(
      fc.property(points, fc.nat(40), (hundredths, cut) => {
        const doses = hundredths.map((each) => ({ product: 'ona', hundredths: each }));
        const parts = sumDoses(doses.slice(0, cut)) + sumDoses(doses.slice(cut));
        expect(sumDoses(doses)).toBe(parts);
        expect(sumDoses(doses.toReversed())).toBe(parts);
      }),
    );
  });
});

describe('the volume of a dose', () => {
  it.each([
    [20, 100, 2.5, 0.5],
    [50, 300, 2.5, 0.4167],
    [50, 300, 1.5, 0.25],
    [50, 125, 0.63, 0.252],
    [40, 100, 1.2, 0.48],
    [31, 100, 2.5, 0.775],
  ])('%p U of a %p U vial in %p mL is %p mL', (units, vialUnits, ml, expected) => {
    expect(volumeMl(units * 100, { vialUnits, ml })).toBe(expected);
  });

  it.each([
    [0, 2.5],
    [100, 0],
    [Number.NaN, 1],
    [100, Infinity],
  ])('refuses a vial of %p U in %p mL', (vialUnits, ml) => {
    expect(() => volumeMl(2000, { vialUnits, ml })).toThrow(NotADilution);
  });

  it('of a whole vial is its diluent, and grows with the dose', () => {
    const dilution = fc.record({
      vialUnits: fc.integer({ min: 1, max: 500 }),
      ml: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(dilution, fc.integer({ min: 1, max: 50_000 }), (made, hundredths) => {
        expect(volumeMl(made.vialUnits * 100, made)).toBe(made.ml);
        expect(volumeMl(hundredths + 1, made)).toBeGreaterThanOrEqual(volumeMl(hundredths, made));
      }),
    );
  });

  it.each([
    ['abo', 50, 300, 2.5, 0.4],
    ['abo', 50, 300, 1.5, 0.25],
    ['abo', 50, 125, 0.63, 0.25],
    ['daxi', 40, 100, 1.2, 0.5],
    ['rela', 50, 150, 1.5, 0.5],
    ['abo_rtu', 50, 125, 0.625, 0.25],
    ['ona', 20, 100, 4, null],
  ])('on the label of %s: %p U of %p U in %p mL is %p mL', (product, units, vialUnits, ml, expected) => {
    const found = productOf(seedCatalogue(), product);
    expect(labelVolumeMl(found, units * 100, { vialUnits, ml })).toBe(expected);
  });

  it('may differ from the label by its rounding of five percent', () => {
    expect(compareVolume(0.4167, 0.4)).toBe('label_rounding_tolerance');
    expect(compareVolume(0.42, 0.4)).toBe('label_rounding_tolerance');
    expect(compareVolume(0.421, 0.4)).toBe('volume_outside_label');
    expect(compareVolume(0.4, 0.4)).toBe('exact');
  });
});
