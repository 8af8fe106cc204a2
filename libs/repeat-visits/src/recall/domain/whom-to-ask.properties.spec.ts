import { describe, expect, it } from '@jest/globals';
import { addDays, calendarDate, type CalendarDate } from '#kernel';
import * as fc from 'fast-check';

import { effectOf, type SuppressionFacts, suppress } from '../../domain/suppression.js';
import { stateOn } from '../../domain/window-status.js';
import { AREAS, dayFrom, type Happened, happenings, mayAsk } from '../../testing/recall-model.js';
import { answerFor } from './answers.js';

const TODAY = calendarDate('2026-06-01');
const CASES = 10_000;

const windows = fc
  .record({
    area: fc.constantFrom(...AREAS),
    treatedDaysAgo: fc.integer({ min: 20, max: 500 }),
    hasStart: fc.constantFrom(true, true, true, true, false),
    hasEnd: fc.boolean(),
  })
  .map(({ area, treatedDaysAgo, hasStart, hasEnd }) => {
    const lastTreatedOn = addDays(TODAY, -treatedDaysAgo);
    const earliest = addDays(lastTreatedOn, 90);
    const recommendedFrom = hasStart ? addDays(earliest, 5) : null;
    const recommendedTo = hasStart && hasEnd ? addDays(lastTreatedOn, 140) : null;
    const lapsedAfter = recommendedTo === null ? null : addDays(lastTreatedOn, 273);
    return { area, lastTreatedOn, earliest, recommendedFrom, target: null, recommendedTo, lapsedAfter };
  });

/** The same told to the rule. */
const factsOf = (happened: Happened, area: string, window: WindowOf): SuppressionFacts => {
  const departed = (how: string): CalendarDate | null =>
    happened.left?.how === how ? dayFrom(TODAY, -happened.left.daysAgo) : null;
  const answer = happened.screened.at(-1);
  const answers = happened.said
    .map(({ daysAgo, outcome, inDays, areas }) => ({
      onDay: dayFrom(TODAY, -daysAgo),
      outcome,
      until: inDays === null ? null : dayFrom(TODAY, inDays),
      areas,
    }))
    .toReversed();
  return {
    assessedOn: TODAY,
    area,
    earliest: window.earliest,
    lastTreatedOn: window.lastTreatedOn,
    deceasedOn: departed('deceased'),
    transferredOn: departed('transferred'),
    mergedInto: null,
    holds: [
      ...(answer?.pregnant
        ? [{ reason: 'pregnancy' as const, since: dayFrom(TODAY, -answer.daysAgo), until: null }]
        : []),
      ...(happened.adverseEvent?.active
        ? [
            {
              reason: 'adverse-event' as const,
              since: dayFrom(TODAY, -happened.adverseEvent.daysAgo),
              until: null,
            },
          ]
        : []),
    ],
    nonResponse: null,
    ...answerFor(answers, area, window.lastTreatedOn),
    doNotContact: happened.doNotContact,
    bookings: happened.booked.map(({ inDays, areas, status }, i) => ({
      appointmentId: String(i),
      on: dayFrom(TODAY, inDays),
      purpose: 'treatment' as const,
      status,
      areas,
    })),
    override:
      happened.decided?.area === area
        ? {
            by: 'ada',
            why: 'x',
            notBefore: dayFrom(TODAY, happened.decided.inDays),
            calculated: null,
            afterTreatmentOn: window.lastTreatedOn,
          }
        : null,
  };
};
type WindowOf = typeof windows extends fc.Arbitrary<infer W> ? W : never;

describe('whom to ask', () => {
  it(`is whom the model of the domain would ask, and nobody else (${CASES} histories)`, () => {
    fc.assert(
      fc.property(happenings, windows, (happened, window) => {
        const isDue = ['due', 'past-due', 'lapsed'].includes(stateOn(window, TODAY) ?? '');
        const { listed, messaged } = effectOf(suppress(factsOf(happened, window.area, window)));
        const asked = mayAsk(happened, window, TODAY);
        // Without an open non-response pathway whoever is listed may be messaged too.
        expect([isDue && listed, isDue && messaged]).toEqual([asked, asked]);
      }),
      { numRuns: CASES },
    );
  });

  it('comes back by itself when what kept somebody off the list is undone', () => {
    fc.assert(
      fc.property(happenings, windows, fc.integer({ min: 1, max: 40 }), (happened, window, inDays) => {
        const without = { ...happened, booked: [] };
        const booked: Happened = {
          ...happened,
          booked: [{ inDays, areas: [window.area], status: 'booked' }],
        };
        const cancelled: Happened = {
          ...happened,
          booked: [{ inDays, areas: [window.area], status: 'cancelled' }],
        };
        const listed = (one: Happened) => effectOf(suppress(factsOf(one, window.area, window))).listed;
        expect(listed(cancelled)).toBe(listed(without));
        if (dayFrom(TODAY, inDays) >= window.earliest) expect(listed(booked)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
