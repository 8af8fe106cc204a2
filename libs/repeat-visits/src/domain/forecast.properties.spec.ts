import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays, addOffsets, calendarDate, type CalendarDate } from '#kernel';
import { MARKETS, readCatalogue } from '#catalogue';
import { type AreaForecast, forecast } from './forecast.js';
import type { Dose, DoseKind } from './history.js';
import { catalogueProtocol } from './protocol.js';

const document: unknown = JSON.parse(
  readFileSync(new URL('../../../catalogue/data/catalogue.json', import.meta.url), 'utf8'),
);
const catalogue = readCatalogue(document);
const PROTOCOLS = MARKETS.map((market) => catalogueProtocol(catalogue, market));
const RUNS = { numRuns: 10_000 };
const FIRST = calendarDate('2023-01-01');
const HORIZON = 1200;
const AFTER_ALL = addDays(FIRST, HORIZON + 1000);
const WINDOW = ['earliest', 'recommendedFrom', 'target', 'recommendedTo', 'lapsedAfter'] as const;

const anyProtocol = fc.constantFrom(...PROTOCOLS);
const anyProduct = fc.constantFrom(...catalogue.products.map(({ id }) => id));
const anyKind = fc.constantFrom<DoseKind>('full', 'full', 'touch-up');
const anyDate = fc.nat(HORIZON).map((days) => addDays(FIRST, days));
const doseIn = (area: fc.Arbitrary<string>): fc.Arbitrary<Dose> =>
  fc.record({ treatedOn: anyDate, product: anyProduct, area, kind: anyKind });
const anyDose = doseIn(fc.constantFrom(...catalogue.areas.map(({ id }) => id)));
const glabellaDoses = fc.array(doseIn(fc.constant('glabella')), { minLength: 1, maxLength: 5 });

/** A history, and each of its doses twice in any order. */
const shuffledHistory = fc
  .array(anyDose, { maxLength: 7 })
  .chain((history) =>
    fc.tuple(
      fc.constant(history),
      fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }),
    ),
  );

const latestOf = (history: readonly Dose[]): CalendarDate =>
  history.reduce<CalendarDate>((last, { treatedOn }) => (treatedOn > last ? treatedOn : last), FIRST);

function glabella(history: readonly Dose[], protocol = PROTOCOLS[0]): AreaForecast {
  const [area] = protocol ? forecast(history, protocol, AFTER_ALL).areas : [];
  if (!area) throw new Error('the history is empty');
  return area;
}

/** `expect` costs more than the forecast itself; this one is free while it holds. */
function hold(condition: boolean, promise: string): void {
  if (!condition) throw new Error(`does not hold: ${promise}`);
}

function expectNoneEarlier(
  before: AreaForecast,
  after: AreaForecast,
  names: readonly (typeof WINDOW)[number][],
) {
  for (const name of names) {
    const [old, now] = [before[name], after[name]];
    if (old !== null && now !== null && now < old)
      throw new Error(`${name} moved from ${old} back to ${now}`);
  }
}

describe('whatever the history', () => {
  it('keeps the dates of a window in order and every state consistent with them', () => {
    fc.assert(
      fc.property(
        fc.array(anyDose, { maxLength: 8 }),
        anyProtocol,
        fc.nat(400),
        (history, protocol, wait) => {
          const on = addDays(latestOf(history), wait);
          for (const area of forecast(history, protocol, on).areas) {
            const { earliest, lapsedAfter, state } = area;
            const dates = WINDOW.map((name) => area[name]).filter((date) => date !== null);
            hold(dates.join() === dates.toSorted().join(), 'dates are in order');
            if (earliest === null)
              hold(dates.length === 0 && state === null, 'no window without an earliest date');
            else hold((state === 'too-early') === on < earliest, 'too early exactly before earliest');
            if (lapsedAfter !== null) hold((state === 'lapsed') === on > lapsedAfter, 'lapsed exactly after');
          }
        },
      ),
      RUNS,
    );
  });

  it('never permits a dose before the interval of any earlier one, and says which decided', () => {
    fc.assert(
      fc.property(fc.array(anyDose, { minLength: 1, maxLength: 8 }), anyProtocol, (history, protocol) => {
        for (const area of forecast(history, protocol, AFTER_ALL).areas) {
          const intervals = history
            .filter((dose) => dose.area === area.area)
            .map(({ treatedOn, product }) =>
              protocol
                .figures(product, area.area)
                .minIntervals.map(({ offset }) => addOffsets(treatedOn, offset)),
            );
          const unknown = intervals.some((bounds) => bounds.length === 0);
          const bound = intervals.flat().toSorted().at(-1);
          hold(area.earliest === (unknown ? null : bound), 'earliest is the latest bound of all doses');
          for (const { date, candidates, missing } of Object.values(area.explanation)) {
            const winners = candidates.filter(({ wins }) => wins);
            hold(winners.length === (date === null ? 0 : 1), 'one winner for each date');
            hold(date === null || winners[0]?.result === date, 'the winner is the date');
            hold(missing.length > 0 === (date === null), 'a missing figure, no date');
            hold(
              date === null || candidates.every(({ result }) => result <= date),
              'the latest candidate wins',
            );
          }
        }
      }),
      RUNS,
    );
  });

  it('gives the same bytes for any order of entry and for an entry made twice', () => {
    fc.assert(
      fc.property(shuffledHistory, anyProtocol, ([history, shuffled], protocol) => {
        const bytes = JSON.stringify(forecast(history, protocol, AFTER_ALL));
        hold(JSON.stringify(forecast(shuffled, protocol, AFTER_ALL)) === bytes, 'the same bytes');
      }),
      RUNS,
    );
  });

  it('answers for each area as if it were the only one', () => {
    fc.assert(
      fc.property(fc.array(anyDose, { maxLength: 8 }), anyProtocol, (history, protocol) => {
        const together = forecast(history, protocol, AFTER_ALL).areas;
        const names = [...new Set(history.map(({ area }) => area))].toSorted();
        const apart = names.flatMap(
          (name) =>
            forecast(
              history.filter(({ area }) => area === name),
              protocol,
              AFTER_ALL,
            ).areas,
        );
        hold(JSON.stringify(apart) === JSON.stringify(together), 'areas are separable');
      }),
      RUNS,
    );
  });
});

describe('a later dose never gives an earlier date', () => {
  it('for earliest, whatever was injected', () => {
    fc.assert(
      fc.property(glabellaDoses, doseIn(fc.constant('glabella')), anyProtocol, (history, dose, protocol) => {
        const before = glabella(history, protocol);
        const after = glabella([...history, dose], protocol);
        expectNoneEarlier(before, after, ['earliest']);
        hold(before.earliest !== null || after.earliest === null, 'unknown stays unknown');
      }),
      RUNS,
    );
  });

  it('for every date, when it is a touch-up or a full treatment with the product of the last', () => {
    fc.assert(
      fc.property(glabellaDoses, fc.nat(500), anyKind, anyProtocol, (history, wait, kind, protocol) => {
        const before = glabella(history, protocol);
        const dose: Dose = {
          treatedOn: addDays(latestOf(history), wait),
          product: before.product,
          area: 'glabella',
          kind,
        };
        expectNoneEarlier(before, glabella([...history, dose], protocol), WINDOW);
      }),
      RUNS,
    );
  });

  it('for the window up to recommendedTo, when a different product follows no sooner than permitted', () => {
    fc.assert(
      fc.property(glabellaDoses, anyProduct, fc.nat(200), anyProtocol, (history, product, wait, protocol) => {
        const before = glabella(history, protocol);
        fc.pre(before.earliest !== null);
        const treatedOn = addDays(before.earliest ?? FIRST, wait);
        const after = glabella(
          [...history, { treatedOn, product, area: 'glabella', kind: 'full' }],
          protocol,
        );
        expectNoneEarlier(before, after, ['earliest', 'recommendedFrom', 'target', 'recommendedTo']);
        const [old, now] = [before.lapsedAfter, after.lapsedAfter];
        hold(old === null || now === null || addDays(now, 2) >= old, 'lapsedAfter at most two days earlier');
      }),
      RUNS,
    );
  });

  it('but a shorter-lasting product inside the interval brings the target forward', () => {
    const daxi: Dose = {
      treatedOn: calendarDate('2026-03-01'),
      product: 'daxi',
      area: 'glabella',
      kind: 'full',
    };
    const ona: Dose = { ...daxi, treatedOn: calendarDate('2026-03-08'), product: 'ona' };
    const [before, after] = [glabella([daxi]), glabella([daxi, ona])];
    expect([before.target, after.target]).toEqual(['2026-08-16', '2026-06-28']);
    expect([before.earliest, after.earliest]).toEqual(['2026-06-01', '2026-06-08']);
  });

  it('and 89 days after Daxxify the lapse may come two days earlier', () => {
    const daxi: Dose = {
      treatedOn: calendarDate('2026-02-01'),
      product: 'daxi',
      area: 'glabella',
      kind: 'full',
    };
    const ona: Dose = { ...daxi, treatedOn: calendarDate('2026-05-01'), product: 'ona' };
    const [before, after] = [glabella([daxi]), glabella([daxi, ona])];
    expect(before.earliest).toBe('2026-05-01');
    expect([before.lapsedAfter, after.lapsedAfter]).toEqual(['2027-01-31', '2027-01-29']);
  });
});
