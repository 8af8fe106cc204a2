import { describe, expect, it } from '@jest/globals';
import { seedCatalogue, UnknownArea, UnknownProduct, type Market } from '#catalogue';
import { calendarDate } from '#kernel';
import * as fc from 'fast-check';
import vectors from '../../testing/vectors/clinical.json' with { type: 'json' };
import { NotADose } from './dose.errors.js';
import type { Dilution } from './dose.js';
import { guardDose, type DosePlan, type PlannedInjection } from './dose-guard.js';

const catalogue = seedCatalogue();
const on = calendarDate('2026-04-05');

const spread = (
  product: string,
  area: string,
  points: number,
  units: number,
  dilution?: Dilution,
): PlannedInjection[] =>
  Array.from({ length: points }, () => ({
    product,
    area,
    hundredths: Math.round((units * 100) / points),
    ...(dilution && { dilution }),
  }));

const guard = (market: Market, injections: PlannedInjection[], rest: Partial<DosePlan> = {}) =>
  guardDose({ catalogue, market, on, injections, history: [], ...rest });

const flags = (check: ReturnType<typeof guard>): string[] => check.findings.map(({ flag }) => flag);

const past = (date: string, product: string, area: string | null, units: number, medical = false) => ({
  on: calendarDate(date),
  product,
  area,
  hundredths: units * 100,
  medical,
});

const frown = (product: string) => ({ product, area: 'glabella' });

const expected = (id: string): unknown => {
  const vector = vectors.dose.find((candidate) => candidate.id === id);
  if (!vector) throw new Error(`no vector ${id}`);
  return vector.expect;
};

describe('the worked dose examples', () => {
  it('D01 frown lines on label', () => {
    const check = guard('US', spread('ona', 'glabella', 5, 20, { vialUnits: 100, ml: 2.5 }));
    expect({
      total_units: (check.areas[0]?.hundredths ?? 0) / 100,
      volume_ml: check.areas[0]?.volumeMl,
      on_label: check.onLabel,
      flags: flags(check),
    }).toEqual(expected('D01'));
  });

  it('D02 above the area total and the site maximum', () => {
    const check = guard('US', spread('ona', 'glabella', 5, 25));
    expect({ total_units: 25, on_label: check.onLabel, flags: flags(check) }).toEqual(expected('D02'));
    expect(check.findings).toMatchObject([
      { limit: 20, actual: 25 },
      { limit: 4, actual: 5 },
    ]);
  });

  it('D03 the increased dose the label allows', () => {
    const check = guard('UK', spread('inco', 'glabella', 5, 30));
    expect({ total_units: 30, on_label: check.onLabel, flags: flags(check) }).toEqual(expected('D03'));
  });

  it('D06 forehead without the frown lines', () => {
    const check = guard('US', spread('ona', 'forehead', 5, 20));
    expect({ on_label: check.onLabel, flags: flags(check) }).toEqual(expected('D06'));
  });

  it('D08 the label’s own rounding', () => {
    const check = guard('US', spread('abo', 'glabella', 5, 50, { vialUnits: 300, ml: 2.5 }));
    expect({
      total_units: (check.areas[0]?.hundredths ?? 0) / 100,
      volume_ml_exact: check.areas[0]?.volumeMl,
      volume_ml_label: check.areas[0]?.labelVolumeMl,
      flags: flags(check),
    }).toEqual(expected('D08'));
    expect(check.onLabel).toBe(true);
  });

  it('D12 the whole session of Relfydess', () => {
    const check = guard('EU', [
      ...spread('rela', 'glabella', 5, 50),
      ...spread('rela', 'lateral_canthal', 6, 60),
    ]);
    expect({ total_units: (check.sessions[0]?.hundredths ?? 0) / 100, on_label: check.onLabel }).toEqual(
      expected('D12'),
    );
    expect(flags(check)).toEqual([]);
  });

  it('D15 the trailing three months of one product, medical use included', () => {
    const history = [past('2026-01-10', 'ona', null, 64), past('2026-02-20', 'ona', null, 155, true)];
    const check = guard('US', [{ product: 'ona', area: 'platysma', hundredths: 19_000 }], { history });
    expect(expected('D15')).toEqual({ trailing_3_months_units: 409, flags: ['cumulative_above_400'] });
    expect(check.trailing).toEqual([{ product: 'ona', hundredths: 40_900 }]);
    expect(flags(check)).toEqual(
      expect.arrayContaining(['cumulative_above_400', 'therapeutic_toxin_within_4_months']),
    );
  });

  it('D17 another toxin eight weeks ago, never added', () => {
    const check = guard('US', spread('ona', 'glabella', 5, 20), {
      history: [past('2026-02-08', 'abo', null, 50)],
    });
    expect(flags(check)).toEqual(['different_toxin_within_4_months']);
    expect(check.trailing).toEqual([{ product: 'ona', hundredths: 2000 }]);
  });
});

describe('the dose guard', () => {
  it('lets 400 units in three months pass and forgets a dose exactly three months old', () => {
    const history = [past('2026-01-05', 'ona', null, 300), past('2026-01-06', 'ona', null, 380)];
    expect(guard('US', spread('ona', 'glabella', 5, 20), { history }).trailing).toEqual([
      { product: 'ona', hundredths: 40_000 },
    ]);
    expect(flags(guard('US', spread('ona', 'glabella', 5, 20), { history }))).toEqual([]);
  });

  it('flags one unit too many over the Relfydess session', () => {
    const check = guard('EU', [
      ...spread('rela', 'glabella', 5, 50),
      ...spread('rela', 'lateral_canthal', 7, 61.04),
    ]);
    expect(flags(check)).toEqual(['above_label_total(60)', 'above_session_max(110)']);
  });

  it('stops at 30 units of incobotulinumtoxinA in the UK and at 20 in the US', () => {
    expect(flags(guard('UK', spread('inco', 'glabella', 5, 31)))).toEqual(['above_label_total(30)']);
    expect(flags(guard('US', spread('inco', 'glabella', 5, 30)))).toEqual(['above_label_total(20)']);
  });

  it('accepts the forehead with the frown lines by the same product only', () => {
    const forehead = spread('ona', 'forehead', 5, 20);
    expect(flags(guard('UK', [...forehead, ...spread('ona', 'glabella', 5, 20)]))).toEqual([]);
    expect(flags(guard('UK', [...forehead, ...spread('inco', 'glabella', 5, 20)]))).toEqual([
      'requires_same_session:glabella',
      'different_toxin_within_4_months',
      'different_toxin_within_4_months',
    ]);
  });

  it('takes the platysma total from the bands', () => {
    const plan = [{ product: 'ona', area: 'platysma', hundredths: 3100 }];
    expect(flags(guard('US', plan, { bands: { left: 2, right: 1 } }))).toEqual([]);
    expect(flags(guard('US', plan, { bands: { left: 1, right: 1 } }))).toEqual(['above_label_total(26)']);
  });

  it('tells an off-label area from an unlicensed product', () => {
    expect(guard('US', spread('abo', 'lateral_canthal', 6, 60))).toMatchObject({
      onLabel: false,
      findings: [{ code: 'off_label_area', severity: 'acknowledge' }],
    });
    expect(guard('UK', spread('daxi', 'glabella', 5, 40))).toMatchObject({
      onLabel: false,
      findings: [{ code: 'unlicensed_product', severity: 'prescriber-decision' }],
    });
  });

  it('calls another area inside the interval staggered and the same area too early', () => {
    const history = [past('2026-03-01', 'ona', 'glabella', 20)];
    expect(flags(guard('UK', spread('ona', 'lateral_canthal', 6, 24), { history }))).toEqual([
      'staggered_treatment',
    ]);
    expect(flags(guard('UK', spread('ona', 'glabella', 5, 20), { history }))).toEqual([
      'before_minimum_interval',
    ]);
    expect(
      flags(guard('UK', spread('ona', 'glabella', 5, 20), { history, on: calendarDate('2026-06-01') })),
    ).toEqual([]);
  });

  it('calls the same area a second time on the same day too early, and another area on that day not staggered', () => {
    const sameDay = { on: calendarDate('2026-03-01') };
    const history = [past('2026-03-01', 'ona', 'glabella', 20)];
    expect(flags(guard('UK', spread('ona', 'glabella', 5, 20), { history, ...sameDay }))).toEqual([
      'before_minimum_interval',
    ]);
    expect(flags(guard('UK', spread('ona', 'lateral_canthal', 6, 24), { history, ...sameDay }))).toEqual([]);
  });

  it('does not call a touch-up early because of the treatment it completes', () => {
    const history = [
      past('2026-03-20', 'ona', 'glabella', 20),
      past('2026-03-20', 'ona', 'lateral_canthal', 24),
    ];
    const touchUpOf = calendarDate('2026-03-20');
    expect(flags(guard('UK', spread('ona', 'glabella', 1, 4), { history, touchUpOf }))).toEqual([]);
  });

  it('lets a touch-up of the forehead stand with the frown lines of the treatment it completes', () => {
    const history = [past('2026-03-20', 'ona', 'glabella', 20), past('2026-03-20', 'ona', 'forehead', 20)];
    const touchUpOf = calendarDate('2026-03-20');
    const completed = [frown('ona'), { product: 'ona', area: 'forehead' }];
    const touchUp = (over: Partial<DosePlan>) =>
      flags(guard('UK', spread('ona', 'forehead', 1, 2), { history, touchUpOf, ...over }));
    expect(touchUp({ completed })).toEqual([]);
    expect(touchUp({ completed: [frown('inco')] })).toEqual(['requires_same_session:glabella']);
    expect(touchUp({})).toEqual(['requires_same_session:glabella']);
  });

  it('takes a toxin nobody can name as a different one, and looks at no later day', () => {
    const unknown = { ...past('2026-03-01', 'ona', null, 1), product: null, hundredths: null };
    expect(flags(guard('UK', spread('ona', 'glabella', 5, 20), { history: [unknown] }))).toEqual([
      'different_toxin_within_4_months',
    ]);
    const later = past('2026-04-06', 'abo', 'forehead', 50);
    expect(flags(guard('UK', spread('ona', 'glabella', 5, 20), { history: [later] }))).toEqual([]);
  });

  it('flags a dilution far from the label', () => {
    const check = guard('UK', spread('abo', 'glabella', 5, 50, { vialUnits: 125, ml: 0.63 }));
    expect(flags(check)).toEqual(['label_rounding_tolerance']);
  });

  it('refuses a dose of nothing, an unknown product and an unknown area', () => {
    expect(() => guard('UK', [{ product: 'ona', area: 'glabella', hundredths: 0 }])).toThrow(NotADose);
    expect(() => guard('UK', spread('botox', 'glabella', 1, 4))).toThrow(UnknownProduct);
    expect(() => guard('UK', spread('ona', 'scalp', 1, 4))).toThrow(UnknownArea);
  });

  it('adds up per product and area, whatever the order of the points', () => {
    const point = fc.record({
      product: fc.constantFrom('ona', 'abo', 'rela'),
      area: fc.constantFrom('glabella', 'forehead', 'masseter'),
      hundredths: fc.integer({ min: 1, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const check = guard('EU', points);
        const total = (product: string): number =>
          points
            .filter((each) => each.product === product)
            .reduce((sum, { hundredths }) => sum + hundredths, 0);
        for (const { product, hundredths } of check.sessions) expect(hundredths).toBe(total(product));
        const reversed = guard('EU', points.toReversed());
        expect(flags(reversed).toSorted()).toEqual(flags(check).toSorted());
        expect(reversed.onLabel).toBe(check.onLabel);
      }),
    );
  });
});
