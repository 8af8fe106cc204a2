import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { aTreatment } from '../testing/recorded-treatment.builder.js';
import { returnCycles, type ReturnScope } from './return-cycles.js';
import { startsWith, widerThan, type ReturnFilter, type TreatmentFacts } from './return-filter.js';

const asOf = calendarDate('2025-12-31');
const treated = (day: string, facts: Pick<TreatmentFacts, 'practitionerId' | 'doses'>): TreatmentFacts => ({
  ...aTreatment('A', day, { areas: facts.doses.map(({ area }) => area) }),
  locationId: 'London',
  ...facts,
});
const ona = { area: 'glabella', product: 'ona' };
const abo = { area: 'lateral_canthal', product: 'abo' };
const treatments = [
  treated('2025-01-10', { practitionerId: 'P', doses: [ona, abo] }),
  treated('2025-05-10', { practitionerId: 'Q', doses: [ona] }),
];
const starts = (filter: ReturnFilter, scope: ReturnScope = 'same-area'): string[] =>
  returnCycles(treatments, [], { scope, asOf })
    .filter((cycle) => startsWith(filter, cycle))
    .map(({ treatedOn, area, outcome }) => `${treatedOn} ${area ?? 'any'} ${outcome}`);

describe('a filter of return cycles', () => {
  it('asks the index treatment, so a return to another practitioner is a return', () => {
    expect(starts({ practitionerId: 'P' }, 'any-area')).toEqual(['2025-01-10 any returned']);
    expect(starts({ practitionerId: 'Q' }, 'any-area')).toEqual(['2025-05-10 any open']);
  });

  it('asks in a cycle of one area for the product used there', () => {
    expect(starts({ product: 'abo' })).toEqual(['2025-01-10 lateral_canthal open']);
    expect(starts({ product: 'abo', area: 'glabella' })).toEqual([]);
    expect(starts({ area: 'glabella' })).toEqual([
      '2025-01-10 glabella returned',
      '2025-05-10 glabella open',
    ]);
  });

  it('includes the first and the last day of the span', () => {
    expect(starts({ from: calendarDate('2025-01-10'), to: calendarDate('2025-05-09') }, 'any-area')).toEqual([
      '2025-01-10 any returned',
    ]);
    expect(starts({ from: calendarDate('2025-01-11') }, 'any-area')).toEqual(['2025-05-10 any open']);
    expect(starts({ to: calendarDate('2025-01-10') }, 'any-area')).toEqual(['2025-01-10 any returned']);
  });

  it('wants one treatment of the day to meet all of it', () => {
    const sameDay = [
      treated('2025-01-10', { practitionerId: 'P', doses: [ona] }),
      treated('2025-01-10', { practitionerId: 'Q', doses: [abo] }),
    ];
    const [cycle] = returnCycles(sameDay, [], { scope: 'any-area', asOf });
    if (!cycle) throw new Error('There is a cycle');
    expect(startsWith({ practitionerId: 'P', product: 'ona' }, cycle)).toBe(true);
    expect(startsWith({ practitionerId: 'P', product: 'abo' }, cycle)).toBe(false);
  });
});

describe('less narrow questions', () => {
  const [from, to] = [calendarDate('2025-01-01'), calendarDate('2025-06-30')];

  it('leave one member out, or all; the days are one', () => {
    expect(widerThan({ practitionerId: 'P' })).toEqual([{}]);
    expect(widerThan({ from, to })).toEqual([{}]);
    expect(widerThan({ practitionerId: 'P', from, to })).toEqual([{}, { from, to }, { practitionerId: 'P' }]);
    expect(widerThan({ locationId: 'L', product: 'ona', area: 'glabella' })).toEqual([
      {},
      { product: 'ona', area: 'glabella' },
      { locationId: 'L', area: 'glabella' },
      { locationId: 'L', product: 'ona' },
    ]);
  });
});
