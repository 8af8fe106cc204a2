import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { calendarDate } from '#kernel';
import { protocolFor, readCatalogue } from '#catalogue';
import {
  FOLLOW_UP_ACTIONS,
  FOLLOW_UP_STATUSES,
  type FollowUpAction,
  followUpAfter,
  type FollowUpStatus,
} from './follow-up-status.js';
import {
  FollowUpReasonMissing,
  FollowUpTransitionNotAllowed,
  OutcomeAreasDiffer,
  ReviewedBeforeTreatment,
} from './follow-ups.errors.js';
import { assessOutcome, type Outcome } from './outcome.js';
import { planFollowUps, type TreatedArea } from './planned-follow-ups.js';

const catalogue = readCatalogue(
  JSON.parse(readFileSync(new URL('../../../catalogue/data/catalogue.json', import.meta.url), 'utf8')),
);
const figures = (product: string, area: string) => protocolFor(catalogue, { market: 'UK', product, area });
const date = calendarDate;
const TREATED = date('2026-01-15');
const full = (area: string, product = 'ona'): TreatedArea => ({ area, product, kind: 'full' });
const plan = (...treated: TreatedArea[]) =>
  planFollowUps(TREATED, treated, figures).map(({ kind, areas, dueFrom, dueTo }) => [
    kind,
    areas,
    dueFrom,
    dueTo,
  ]);

describe('signing a treatment', () => {
  it('plans a review on days 14 to 21 and the check for no response on day 30', () => {
    expect(plan(full('glabella'))).toEqual([
      ['review', ['glabella'], '2026-01-29', '2026-02-05'],
      ['non-response-check', ['glabella'], '2026-02-14', '2026-02-14'],
    ]);
  });

  it('reviews masseter after four to six weeks, apart from the areas reviewed together', () => {
    expect(
      plan(full('masseter'), full('lateral_canthal', 'inco'), full('glabella'), full('glabella')),
    ).toEqual([
      ['review', ['glabella', 'lateral_canthal'], '2026-01-29', '2026-02-05'],
      ['review', ['masseter'], '2026-02-12', '2026-02-26'],
      ['non-response-check', ['glabella', 'lateral_canthal', 'masseter'], '2026-02-14', '2026-02-14'],
    ]);
  });

  it('plans nothing for a touch-up: the review of the full treatment stands', () => {
    expect(plan({ area: 'glabella', product: 'ona', kind: 'touch-up' })).toEqual([]);
  });

  it('plans the same whatever the order of the injections, each area once a kind', () => {
    const anyArea = fc
      .constantFrom('glabella', 'forehead', 'lateral_canthal', 'masseter')
      .chain((area) => fc.constantFrom('ona', 'inco').map((product) => full(area, product)));
    fc.assert(
      fc.property(fc.uniqueArray(anyArea, { maxLength: 4, selector: ({ area }) => area }), (treated) => {
        const planned = planFollowUps(TREATED, treated, figures);
        const again = planFollowUps(TREATED, treated.toReversed(), figures);
        if (JSON.stringify(again) !== JSON.stringify(planned)) throw new Error('the order matters');
        const areas = treated.map(({ area }) => area).toSorted();
        for (const kind of ['review', 'non-response-check']) {
          const covered = planned.filter((one) => one.kind === kind).flatMap((one) => one.areas);
          if (covered.toSorted().join() !== areas.join()) throw new Error(`not each area once: ${kind}`);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the status of a follow-up', () => {
  const allowed: readonly [FollowUpStatus, FollowUpAction, FollowUpStatus][] = [
    ['due', 'book', 'booked'],
    ['due', 'complete', 'completed'],
    ['due', 'miss', 'missed'],
    ['due', 'waive', 'waived'],
    ['booked', 'book', 'booked'],
    ['booked', 'cancel-booking', 'due'],
    ['booked', 'complete', 'completed'],
    ['booked', 'miss', 'missed'],
    ['booked', 'waive', 'waived'],
    ['missed', 'book', 'booked'],
    ['missed', 'complete', 'completed'],
    ['missed', 'waive', 'waived'],
  ];

  it.each(allowed)('%s, %s: %s', (status, action, after) => {
    expect(followUpAfter(status, action, 'patient moved away')).toBe(after);
  });

  it('allows nothing else', () => {
    for (const status of FOLLOW_UP_STATUSES) {
      for (const action of FOLLOW_UP_ACTIONS) {
        if (allowed.some(([from, doing]) => from === status && doing === action)) continue;
        expect(() => followUpAfter(status, action, 'why')).toThrow(FollowUpTransitionNotAllowed);
      }
    }
  });

  it('is waived only with a reason', () => {
    expect(() => followUpAfter('due', 'waive')).toThrow(FollowUpReasonMissing);
    expect(() => followUpAfter('due', 'waive', '  ')).toThrow(FollowUpReasonMissing);
  });
});

const outcome = (reviewedOn: string, ...results: ('full' | 'partial' | 'none')[]): Outcome => ({
  reviewedOn: date(reviewedOn),
  areas: ['glabella', 'forehead'].slice(0, results.length).map((area, i) => ({
    area,
    result: results[i] ?? 'full',
    touchUp: results[i] === 'partial' ? 'advised' : 'not-needed',
  })),
  satisfaction: 4,
  adverseEventIds: [],
});

describe('the outcome of a review', () => {
  const followUp = { treatedOn: TREATED, areas: ['glabella', 'forehead'], nonResponseDay: 30 };
  it('advises a touch-up for the area that responded in part', () => {
    expect(assessOutcome(outcome('2026-01-29', 'full', 'partial'), followUp)).toEqual({
      nonResponse: [],
      tooSoonToTell: [],
      touchUps: ['forehead'],
    });
  });

  it('opens the pathway for no response from day 30 on, not on day 29', () => {
    expect(assessOutcome(outcome('2026-02-13', 'none', 'full'), followUp).nonResponse).toEqual([]);
    expect(assessOutcome(outcome('2026-02-13', 'none', 'full'), followUp).tooSoonToTell).toEqual([
      'glabella',
    ]);
    expect(assessOutcome(outcome('2026-02-14', 'none', 'full'), followUp).nonResponse).toEqual(['glabella']);
  });

  it('is refused before the treatment, without an area, or with one that was not treated', () => {
    expect(() => assessOutcome(outcome('2026-01-14', 'full', 'full'), followUp)).toThrow(
      ReviewedBeforeTreatment,
    );
    expect(() => assessOutcome(outcome('2026-01-29', 'full'), followUp)).toThrow(OutcomeAreasDiffer);
    const other = { ...followUp, areas: ['glabella'] };
    expect(() => assessOutcome(outcome('2026-01-29', 'full', 'full'), other)).toThrow(OutcomeAreasDiffer);
  });
});
