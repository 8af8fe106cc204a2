import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays, calendarDate } from '#kernel';
import { hold, RUNS } from '../testing/any-history.js';
import { WindowNotOpen } from './repeat-visits.errors.js';
import {
  type Booking,
  effectOf,
  effectOnPlan,
  type Override,
  ownDayOf,
  suppress,
  type SuppressionFacts,
} from './suppression.js';
import { statusAfter, WINDOW_EVENTS, WINDOW_STATUSES, type WindowEvent } from './window-status.js';

const date = calendarDate;
const TODAY = date('2026-06-01');

const facts = (change: Partial<SuppressionFacts> = {}): SuppressionFacts => ({
  assessedOn: TODAY,
  area: 'glabella',
  earliest: date('2026-04-15'),
  lastTreatedOn: date('2026-01-15'),
  deceasedOn: null,
  transferredOn: null,
  mergedInto: null,
  holds: [],
  nonResponse: null,
  declinedUntil: null,
  snoozedUntil: null,
  doNotContact: false,
  bookings: [],
  override: null,
  ...change,
});

const booking = (change: Partial<Booking> = {}): Booking => ({
  appointmentId: 'b1',
  on: date('2026-06-10'),
  purpose: 'treatment',
  status: 'booked',
  areas: ['glabella'],
  ...change,
});

const override: Override = {
  by: 'staff-7',
  why: 'wants to wait for the wedding',
  notBefore: date('2026-07-01'),
  calculated: date('2026-05-07'),
  afterTreatmentOn: date('2026-01-15'),
};

const codes = (change: Partial<SuppressionFacts>): string[] =>
  suppress(facts(change)).map(({ code }) => code);
const effect = (change: Partial<SuppressionFacts>): boolean[] => {
  const { listed, messaged, counted } = effectOf(suppress(facts(change)));
  return [listed, messaged, counted];
};

describe('who is asked to come back', () => {
  it.each<[string, Partial<SuppressionFacts>, string[], boolean[]]>([
    ['someone due', {}, [], [true, true, true]],
    ['someone who died', { deceasedOn: date('2026-05-01') }, ['deceased'], [false, false, false]],
    [
      'someone who died after the day asked about',
      { deceasedOn: date('2026-06-02') },
      [],
      [true, true, true],
    ],
    ['someone who moved away', { transferredOn: TODAY }, ['transferred'], [false, false, false]],
    ['a merged record', { mergedInto: 'p2' }, ['merged'], [false, false, false]],
    [
      'a pregnant patient',
      { holds: [{ reason: 'pregnancy', since: TODAY, until: null }] },
      ['on-hold'],
      [false, false, false],
    ],
    [
      'a hold that has ended',
      { holds: [{ reason: 'breastfeeding', since: date('2026-01-01'), until: TODAY }] },
      [],
      [true, true, true],
    ],
    [
      'a hold not yet begun',
      { holds: [{ reason: 'pregnancy', since: date('2026-06-02'), until: null }] },
      [],
      [true, true, true],
    ],
    [
      'someone with an active adverse event',
      { holds: [{ reason: 'adverse-event', since: TODAY, until: null }] },
      ['on-hold'],
      [false, false, false],
    ],
    [
      'someone in whom the last treatment showed nothing',
      { nonResponse: { treatedOn: date('2026-01-15'), foundOn: date('2026-02-16') } },
      ['no-response'],
      [true, false, true],
    ],
    [
      'someone treated again since it showed nothing',
      { nonResponse: { treatedOn: date('2025-09-15'), foundOn: date('2025-10-16') } },
      [],
      [true, true, true],
    ],
    ['someone who declined', { declinedUntil: date('2026-06-02') }, ['declined'], [false, false, true]],
    ['someone whose pause is over', { declinedUntil: TODAY, snoozedUntil: TODAY }, [], [true, true, true]],
    ['someone who said later', { snoozedUntil: date('2026-07-01') }, ['snoozed'], [false, false, true]],
    ['someone who wants no contact', { doNotContact: true }, ['do-not-contact'], [false, false, true]],
    ['someone booked', { bookings: [booking()] }, ['booked'], [false, false, true]],
    [
      'someone booked today',
      { bookings: [booking({ on: TODAY, status: 'arrived' })] },
      ['booked'],
      [false, false, true],
    ],
    [
      'someone booked before earliest',
      { earliest: date('2026-06-11'), bookings: [booking()] },
      [],
      [true, true, true],
    ],
    [
      'someone booked on earliest',
      { earliest: date('2026-06-10'), bookings: [booking()] },
      ['booked'],
      [false, false, true],
    ],
    [
      'someone booked, earliest unknown',
      { earliest: null, bookings: [booking()] },
      ['booked'],
      [false, false, true],
    ],
    [
      'someone booked for another area',
      { bookings: [booking({ areas: ['forehead'] })] },
      ['combinable'],
      [true, true, true],
    ],
    [
      'someone booked for an area nobody named',
      { bookings: [booking({ areas: [] })] },
      ['booked'],
      [false, false, true],
    ],
    [
      'someone booked before earliest for an area nobody named',
      { earliest: date('2026-06-11'), bookings: [booking({ areas: [] })] },
      [],
      [true, true, true],
    ],
    [
      'someone booked for another area when this one is too early',
      { earliest: date('2026-06-11'), bookings: [booking({ areas: ['forehead'] })] },
      [],
      [true, true, true],
    ],
    [
      'someone booked for another area twice, the first time too early for this one',
      {
        earliest: date('2026-06-11'),
        bookings: [
          booking({ areas: ['forehead'] }),
          booking({ areas: ['forehead'], on: date('2026-06-20') }),
        ],
      },
      ['combinable'],
      [true, true, true],
    ],
    ['someone with a review only', { bookings: [booking({ purpose: 'other' })] }, [], [true, true, true]],
    [
      'someone whose visit passed unrecorded',
      { bookings: [booking({ on: date('2026-05-31') })] },
      [],
      [true, true, true],
    ],
    ['someone a clinician asked to wait', { override }, ['override-waiting'], [false, false, true]],
    [
      'someone whose wait is over',
      { override: { ...override, notBefore: TODAY } },
      ['override-reached'],
      [true, true, true],
    ],
    [
      'someone treated since the override',
      { override, lastTreatedOn: date('2026-05-01') },
      [],
      [true, true, true],
    ],
  ])('%s', (_, change, expectedCodes, expectedEffect) => {
    expect(codes(change)).toEqual(expectedCodes);
    expect(effect(change)).toEqual(expectedEffect);
  });

  it('shows every reason, also one that another makes moot', () => {
    expect(codes({ deceasedOn: TODAY, doNotContact: true, bookings: [booking()], override })).toEqual([
      'deceased',
      'do-not-contact',
      'booked',
      'override-waiting',
    ]);
  });

  it('shows the clinician’s date beside the calculated one', () => {
    expect(suppress(facts({ override }))).toEqual([
      {
        code: 'override-waiting',
        until: '2026-07-01',
        because: { by: 'staff-7', why: override.why, notBefore: '2026-07-01', calculated: '2026-05-07' },
      },
    ]);
  });

  it('plans a visit on or after the clinician’s date, and says which that is while it is in force', () => {
    const waiting = suppress(facts({ override }));
    expect([effectOf(waiting).listed, effectOnPlan(waiting).listed]).toEqual([false, true]);
    expect(effectOnPlan(suppress(facts({ override, doNotContact: true }))).listed).toBe(false);
    const reached = suppress(facts({ override: { ...override, notBefore: TODAY } }));
    const dropped = suppress(facts({ override, lastTreatedOn: date('2026-05-01') }));
    expect([waiting, reached, dropped].map(ownDayOf)).toEqual(['2026-07-01', TODAY, null]);
  });

  it('shows the hold that lasts longest', () => {
    const since = date('2026-05-01');
    const holds = [
      { reason: 'pregnancy', since, until: date('2026-08-01') },
      { reason: 'pregnancy', since, until: null },
    ] as const;
    expect(suppress(facts({ holds }))).toEqual([
      { code: 'on-hold', until: null, because: { reason: 'pregnancy', since: '2026-05-01' } },
    ]);
  });

  it('is as before once a booking is cancelled, missed or withdrawn, in any order of the bookings', () => {
    const aDay = fc.integer({ min: -60, max: 60 }).map((days) => addDays(TODAY, days));
    const anyBooking: fc.Arbitrary<Booking> = fc.record({
      appointmentId: fc.constantFrom('a', 'b', 'c', 'd'),
      on: aDay,
      purpose: fc.constantFrom('treatment', 'other'),
      status: fc.constantFrom('booked', 'confirmed', 'cancelled', 'no-show'),
      areas: fc.subarray(['glabella', 'forehead']),
    });
    const anyFacts: fc.Arbitrary<Partial<SuppressionFacts>> = fc.record({
      earliest: fc.option(aDay, { nil: null }),
      snoozedUntil: fc.option(aDay, { nil: null }),
      doNotContact: fc.boolean(),
      override: fc.option(
        aDay.map((notBefore) => ({ ...override, notBefore })),
        { nil: null },
      ),
      bookings: fc.uniqueArray(anyBooking, { maxLength: 4, selector: ({ appointmentId }) => appointmentId }),
    });
    const said = (change: Partial<SuppressionFacts>): string => JSON.stringify(suppress(facts(change)));
    fc.assert(
      fc.property(
        anyFacts,
        anyBooking,
        fc.constantFrom<Booking['status']>('cancelled', 'no-show', 'entered-in-error'),
        (x, added, status) => {
          const bookings = x.bookings ?? [];
          const [before, ended] = [said(x), { ...added, status }];
          hold(said({ ...x, bookings: [ended, ...bookings] }) === before, 'cancel(book(x)) = x');
          hold(said({ ...x, bookings: [...bookings, ended] }) === before, 'wherever it stands');
          hold(said({ ...x, bookings: bookings.toReversed() }) === before, 'in any order');
        },
      ),
      RUNS,
    );
  });
});

describe('a kept window', () => {
  it.each<[WindowEvent, string]>([
    ['treated-again', 'superseded'],
    ['recomputed', 'superseded'],
    ['merged', 'superseded'],
    ['withdrawn', 'closed'],
  ])('that is open is after %s %s', (event, status) => {
    expect(statusAfter('open', event)).toBe(status);
  });

  it('that has ended stays as the patient was told', () => {
    const ended = WINDOW_STATUSES.filter((status) => status !== 'open');
    for (const status of ended) {
      for (const event of Object.keys(WINDOW_EVENTS)) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table
        expect(() => statusAfter(status, event as WindowEvent)).toThrow(WindowNotOpen);
      }
    }
  });
});
