import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seedCatalogue } from '../seed-catalogue.js';
import { readFigures } from '../read-figures.js';
import { MARKETS } from './catalogue.js';
import { ProtocolOutOfOrder } from './catalogue.errors.js';
import { ownFigures, type ProtocolChange } from './own-protocol.js';
import { protocolFor } from './protocol.js';

const PUBLISHED = protocolFor(seedCatalogue(), { market: 'UK', product: 'ona', area: 'glabella' });
const decide = (change: ProtocolChange, present = PUBLISHED) => ownFigures(PUBLISHED, present, change);

describe('a clinic’s own figures', () => {
  it('change what the clinic names and nothing else, and say whose they are', () => {
    const own = decide({ targetWeeks: 14 });
    expect(own.window.target).toEqual({
      ruleId: 'clinic/ona/glabella/target',
      weeks: 14,
      sources: ['CLINIC'],
      confidence: 'the clinic’s own protocol',
    });
    expect({ ...own, window: { ...own.window, target: PUBLISHED.window.target } }).toEqual(PUBLISHED);
  });

  it('are the published ones again when the clinic goes back to them', () => {
    const own = decide({ targetWeeks: 14, minimumInterval: { n: 16, unit: 'week' } });
    expect(decide({ targetWeeks: 16, minimumInterval: null }, own)).toEqual(PUBLISHED);
  });

  it('keep what was decided before', () => {
    const first = decide({ minimumInterval: { n: 16, unit: 'week' }, nonResponseDay: 35 });
    const second = decide({ touchUpsCount: false }, first);
    expect(second.minIntervals.map(({ ruleId }) => ruleId)).toEqual([
      'interval/ona/UK/label',
      'clinic/ona/glabella/interval',
    ]);
    expect([second.nonResponse.day, second.touchUp.countsForInterval]).toEqual([35, false]);
  });

  it('can leave a date out', () => {
    expect(decide({ lapseWeeks: null }).window.lapse).toBeNull();
  });

  it('must be in order', () => {
    expect(() => decide({ targetWeeks: 21 })).toThrow(ProtocolOutOfOrder);
    expect(() => decide({ fromWeeks: 17 })).toThrow(ProtocolOutOfOrder);
    expect(() => decide({ review: { fromDay: 21, toDay: 14 } })).toThrow(ProtocolOutOfOrder);
    expect(decide({ targetWeeks: 21, toWeeks: 21 }).window.to?.weeks).toBe(21);
  });

  it('never lose a label interval, and are read back as they were kept', () => {
    const catalogue = seedCatalogue();
    const anyPublished = fc
      .tuple(
        fc.constantFrom(...MARKETS),
        fc.constantFrom(...catalogue.products),
        fc.constantFrom(...catalogue.areas),
      )
      .map(([market, product, area]) =>
        protocolFor(catalogue, { market, product: product.id, area: area.id }),
      );
    const weeks = fc.option(fc.integer({ min: 1, max: 60 }));
    const change = fc.record(
      {
        minimumInterval: fc.option(
          fc.record({ n: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom('day', 'week', 'month') }),
        ),
        fromWeeks: weeks,
        targetWeeks: weeks,
        toWeeks: weeks,
        lapseWeeks: weeks,
        touchUpsCount: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyPublished, change, change, (published, first, second) => {
        try {
          // Twice: what was decided before is what the next decision starts from.
          const own = ownFigures(published, ownFigures(published, published, first), second);
          if (
            !isDeepStrictEqual(
              own.minIntervals.slice(0, published.minIntervals.length),
              published.minIntervals,
            )
          )
            throw new Error(`lost a label interval: ${JSON.stringify(own.minIntervals)}`);
          const kept = JSON.stringify(own);
          if (!isDeepStrictEqual(readFigures(JSON.parse(kept)), own))
            throw new Error(`read back as another: ${kept}`);
        } catch (error) {
          if (!(error instanceof ProtocolOutOfOrder)) throw error;
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
