import { describe, expect, it } from '@jest/globals';
import { seedCatalogue } from '../seed-catalogue.js';
import { MARKETS, type Market } from './catalogue.js';
import { UnknownArea, UnknownProduct } from './catalogue.errors.js';
import { protocolFor } from './protocol.js';

const figures = (market: Market, product: string, area: string) =>
  protocolFor(seedCatalogue(), { market, product, area });

const intervals = (market: Market, product: string, area = 'glabella') =>
  figures(market, product, area).minIntervals.map(
    ({ ruleId, offset }) => `${ruleId} ${offset.n} ${offset.unit}`,
  );

describe('the minimum interval in force', () => {
  it('is three months and 90 days for onabotulinumtoxinA in the US', () => {
    expect(intervals('US', 'ona')).toEqual([
      'interval/ona/US/label 3 month',
      'interval/ona/US/manufacturer 90 day',
    ]);
  });

  it('leaves the 90 days of the US site out elsewhere', () => {
    expect(intervals('EU', 'ona')).toEqual(['interval/ona/EU/label 3 month']);
    expect(intervals('UK', 'ona')).toEqual(['interval/ona/UK/label 3 month']);
  });

  it('keeps the weeks of the Relfydess label', () => {
    expect(intervals('EU', 'rela')).toEqual(['interval/rela/EU/label 12 week']);
    expect(intervals('CH', 'rela')).toEqual(['interval/rela/CH/label 12 week']);
  });

  it('stays empty for a licensed product whose market gives no figure', () => {
    const swiss = figures('CH', 'ona', 'platysma');
    expect(swiss).toMatchObject({ licensed: true, onLabel: true, minIntervals: [] });
    expect(swiss.notes).toContain('No minimum interval of ona is known for CH.');
  });

  it('comes from the manufacturer’s own label where the product has no licence', () => {
    expect(intervals('EU', 'daxi')).toEqual(['interval/daxi/US/label 3 month']);
    expect(intervals('US', 'rela')).toEqual(['interval/rela/EU/label 12 week']);
    expect(intervals('CH', 'abo')).toEqual(['interval/abo/US/label 3 month']);
    expect(figures('EU', 'daxi', 'glabella')).toMatchObject({ licensed: false, onLabel: false });
  });

  it('is cited, whatever the product, market and area', () => {
    const catalogue = seedCatalogue();
    for (const market of MARKETS) {
      for (const { id: product } of catalogue.products) {
        for (const { id: area } of catalogue.areas) {
          for (const figure of protocolFor(catalogue, { market, product, area }).minIntervals) {
            expect(figure.sources.length).toBeGreaterThan(0);
            expect(figure.confidence).not.toBe('');
          }
        }
      }
    }
  });
});

const weeks = (market: Market, product: string, area: string) => {
  const { window } = figures(market, product, area);
  return [window.from, window.target, window.to, window.lapse].map((figure) => figure?.weeks ?? null);
};

describe('the window in force', () => {
  it.each([
    ['US', 'ona', 'glabella', [null, 16, 20, 39]],
    ['UK', 'abo', 'glabella', [null, 17, 22, 39]],
    ['US', 'ona', 'platysma', [null, 16, 18, 39]],
    ['US', 'daxi', 'glabella', [20, 24, 28, 52]],
    ['EU', 'rela', 'glabella', [20, 24, 28, 48]],
    ['EU', 'rela', 'lateral_canthal', [16, 20, 25, 44]],
  ] as const)('%s %s %s', (market, product, area, expected) => {
    expect(weeks(market, product, area)).toEqual(expected);
  });

  it('is the same policy in a market off the label, and says it is off-label', () => {
    expect(weeks('US', 'abo', 'lateral_canthal')).toEqual([null, 16, 20, 39]);
    expect(figures('US', 'abo', 'lateral_canthal')).toMatchObject({ licensed: true, onLabel: false });
  });

  it('names its rules and its confidence', () => {
    expect(figures('US', 'ona', 'glabella').window.target).toEqual({
      ruleId: 'window/standard/target',
      weeks: 16,
      sources: ['POL'],
      confidence: 'policy (POL)',
    });
  });

  it('has only a target for an off-label example', () => {
    expect(weeks('US', 'ona', 'masseter')).toEqual([null, 24, null, null]);
    expect(figures('US', 'ona', 'masseter').window.target?.ruleId).toBe('window/off-label/masseter/target');
  });

  it('has no figure for what nobody has described', () => {
    expect(weeks('US', 'leti', 'forehead')).toEqual([null, null, null, null]);
    expect(weeks('EU', 'daxi', 'masseter')).toEqual([null, null, null, null]);
  });
});

describe('follow-ups in force', () => {
  it('review a treatment on days 14–21 and check the response on day 30', () => {
    expect(figures('UK', 'ona', 'glabella')).toMatchObject({
      review: { ruleId: 'review/default', fromDay: 14, toDay: 21 },
      nonResponse: { ruleId: 'non-response/default', day: 30 },
      touchUp: { ruleId: 'touch-up/default', fromDay: 14, toDay: 21, countsForInterval: true },
    });
  });

  it('review the masseter at four to six weeks whatever the product', () => {
    for (const product of ['abo', 'inco', 'daxi']) {
      expect(figures('UK', product, 'masseter').review).toMatchObject({ fromDay: 28, toDay: 42 });
    }
  });

  it('review the masseter at four to six weeks', () => {
    expect(figures('UK', 'ona', 'masseter').review).toMatchObject({
      ruleId: 'review/masseter',
      fromDay: 28,
      toDay: 42,
    });
  });

  it('refuse a product or area the catalogue does not have', () => {
    expect(() => figures('UK', 'botox', 'glabella')).toThrow(UnknownProduct);
    expect(() => figures('UK', 'ona', 'scalp')).toThrow(UnknownArea);
  });
});
