import { describe, expect, it } from '@jest/globals';
import { productOf, seedCatalogue } from '#catalogue';
import { addDays, calendarDate } from '#kernel';
import * as fc from 'fast-check';

import { adverseEventAfter, type AdverseEventStep } from './adverse-event-status.js';
import { judge, suspected, type AdverseEventStatus, type Observed } from './adverse-event.js';
import * as refused from './adverse-events.errors.js';
import { tasksOf, type Suspicion } from './reporting.js';

const catalogue = seedCatalogue();
const treatedOn = calendarDate('2026-03-02');
const observed = (over: Partial<Observed> = {}): Observed => ({
  term: 'Eyelid ptosis',
  onsetOn: addDays(treatedOn, 5),
  resolvedOn: null,
  seriousness: [],
  treatedOn,
  areas: ['glabella'],
  on: addDays(treatedOn, 20),
  ...over,
});
const codes = (over: Partial<Observed>) => judge(catalogue, observed(over)).notes.map(({ code }) => code);

describe('an adverse event', () => {
  it('is nothing unusual within the typical days and areas of its term', () => {
    expect(judge(catalogue, observed())).toMatchObject({ serious: false, notes: [] });
  });

  it('is noted when it begins earlier or later than is typical', () => {
    expect(judge(catalogue, observed({ onsetOn: addDays(treatedOn, 1) })).notes).toEqual([
      { code: 'onset_untypical', onsetDay: 1, typicalDays: [2, 14] },
    ]);
    expect(codes({ onsetOn: addDays(treatedOn, 2) })).toEqual([]);
    expect(codes({ onsetOn: addDays(treatedOn, 14) })).toEqual([]);
    expect(codes({ onsetOn: addDays(treatedOn, 15) })).toEqual(['onset_untypical']);
  });

  it('is noted in an area where it is not typical', () => {
    expect(codes({ areas: ['masseter'] })).toEqual(['area_untypical']);
    expect(codes({ areas: ['masseter', 'forehead'] })).toEqual([]);
  });

  it.each([
    'Neck weakness, dysphagia, dysphonia',
    'Distant spread of toxin (weakness, dyspnoea, dysphagia, dysarthria, incontinence)',
    'Anaphylaxis / serious hypersensitivity',
  ])('%s is always serious', (term) => {
    const judged = judge(catalogue, observed({ term, onsetOn: treatedOn, areas: ['platysma'] }));
    expect(judged.serious).toBe(true);
    expect(judged.notes.map(({ code }) => code)).toContain('serious_by_term');
  });

  it('asks for a decision where seriousness is not said', () => {
    expect(codes({ term: 'Diplopia / blurred vision' })).toEqual(['seriousness_to_decide']);
    const decided = judge(
      catalogue,
      observed({ term: 'Diplopia / blurred vision', seriousness: ['medically-important'] }),
    );
    expect(decided).toMatchObject({ serious: true, notes: [] });
  });

  it('is refused where its dates cannot be', () => {
    const onsetOn = addDays(treatedOn, -1);
    expect(() => judge(catalogue, observed({ onsetOn }))).toThrow(refused.OnsetBeforeTreatment);
    expect(() => judge(catalogue, observed({ onsetOn: addDays(treatedOn, 21) }))).toThrow(
      refused.OnsetInFuture,
    );
    expect(() => judge(catalogue, observed({ resolvedOn: treatedOn }))).toThrow(refused.ResolvedBeforeOnset);
    expect(() => judge(catalogue, observed({ term: 'Eyelid' }))).toThrow(refused.AdverseEventTermUnknown);
  });

  it('is suspected of the points in the areas of its term, or of all', () => {
    const points = ['glabella', 'forehead', 'masseter'].map((area) => ({ area }));
    const [ptosis] = catalogue.adverseEvents;
    expect(suspected(points, ptosis ?? null)).toEqual(points.slice(0, 2));
    expect(suspected(points.slice(2), ptosis ?? null)).toEqual(points.slice(2));
    expect(suspected(points, null)).toEqual(points);
  });

  it('is never changed once entered in error', () => {
    const steps: AdverseEventStep[] = ['change', 'resolve', 'reopen', 'enter-in-error'];
    for (const step of steps)
      expect(() => adverseEventAfter('entered-in-error', step)).toThrow(refused.AdverseEventStatusRefused);
    expect(() => adverseEventAfter('resolved', 'resolve')).toThrow(refused.AdverseEventStatusRefused);
    const known: AdverseEventStatus = adverseEventAfter('resolved', 'reopen');
    expect(known).toBe('active');
  });
});

describe('what has to be done about it', () => {
  const on = calendarDate('2026-03-10');
  const suspicion = (over: Partial<Suspicion> = {}): Suspicion => ({
    market: 'UK',
    listed: catalogue.adverseEvents[0] ?? null,
    serious: false,
    seriousness: [],
    outcome: 'unknown',
    products: [productOf(catalogue, 'ona')],
    on,
    ...over,
  });
  const due = (over: Partial<Suspicion>) =>
    tasksOf(suspicion(over)).map(({ kind, regulator, why, dueOn }) => [kind, regulator, why, dueOn]);

  it('is nothing for what is neither serious nor under additional monitoring', () => {
    expect(due({})).toEqual([]);
  });

  it.each([
    ['UK', 'yellow-card'],
    ['US', 'medwatch'],
    ['EU', 'national-authority'],
    ['CH', 'swissmedic'],
  ] as const)('is a look at once and a report in the %s, to %s, when serious', (market, regulator) => {
    expect(due({ market, serious: true, seriousness: ['hospitalisation'] })).toEqual([
      ['urgent-review', null, ['serious'], '2026-03-10'],
      ['report-to-regulator', regulator, ['serious'], '2026-03-25'],
    ]);
  });

  it('is due within a week when fatal or life-threatening', () => {
    const [, report] = due({ serious: true, seriousness: ['life-threatening'] });
    expect(report?.[3]).toBe('2026-03-17');
    expect(due({ serious: true, outcome: 'fatal' })[1]?.[3]).toBe('2026-03-17');
  });

  it('is a report of any reaction to a black-triangle product, but not in the US', () => {
    const products = [productOf(catalogue, 'rela')];
    expect(due({ products })).toEqual([
      ['report-to-regulator', 'yellow-card', ['black-triangle'], '2026-04-09'],
    ]);
    expect(due({ market: 'US', products: [productOf(catalogue, 'prabo')] })).toEqual([]);
  });

  it('does not take an unknown triangle for none', () => {
    expect(due({ products: [productOf(catalogue, 'leti')] })[0]?.[2]).toEqual(['black-triangle-unverified']);
  });

  it('is a report of what is in no list, in the US and in Switzerland', () => {
    expect(due({ market: 'US', listed: null })[0]?.[2]).toEqual(['unexpected']);
    expect(due({ market: 'CH', listed: null })[0]?.[2]).toEqual(['unexpected']);
    expect(due({ market: 'UK', listed: null })).toEqual([]);
  });

  it('never is less for something more serious', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UK' as const, 'US' as const, 'EU' as const, 'CH' as const),
        fc.constantFrom(...catalogue.products),
        fc.constantFrom(null, ...catalogue.adverseEvents),
        (market, product, listed) => {
          const mild = tasksOf(suspicion({ market, products: [product], listed }));
          const serious = tasksOf(suspicion({ market, products: [product], listed, serious: true }));
          const kinds = serious.map(({ kind }) => kind);
          expect(kinds).toEqual(['urgent-review', 'report-to-regulator']);
          for (const { kind, dueOn } of mild) {
            expect(kinds).toContain(kind);
            expect((serious.find((one) => one.kind === kind)?.dueOn ?? '9') <= dueOn).toBe(true);
          }
        },
      ),
    );
  });
});
