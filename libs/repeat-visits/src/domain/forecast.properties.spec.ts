import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addDays, addOffsets, calendarDate, type CalendarDate } from '#kernel';
import {
  AFTER_ALL,
  anyDay,
  anyDose,
  anyDoses,
  anyHistory,
  anyOptions,
  anyProduct,
  anyProtocol,
  FIRST,
  hold,
  PUBLISHED,
  publishedProtocol,
  regularVisits,
  RUNS,
} from '../testing/any-history.js';
import { type AreaForecast, forecast, type ForecastOptions } from './forecast.js';
import type { Dose, DoseKind } from './history.js';
import type { Protocol } from './protocol.js';

const WINDOW = ['earliest', 'recommendedFrom', 'target', 'recommendedTo', 'lapsedAfter'] as const;
const OWN_INTERVAL = { personalInterval: true };

const anyKind = fc.constantFrom<DoseKind>('full', 'full', 'touch-up');

const latestOf = (history: readonly Dose[]): CalendarDate =>
  history.reduce<CalendarDate>((last, { treatedOn }) => (treatedOn > last ? treatedOn : last), FIRST);

function only(
  history: readonly Dose[],
  protocol: Protocol | undefined = PUBLISHED[0],
  options: ForecastOptions = {},
): AreaForecast {
  const [area, ...others] = protocol ? forecast(history, protocol, AFTER_ALL, options).areas : [];
  if (!area || others.length > 0) throw new Error('one area expected');
  return area;
}

function expectNoneEarlier(
  before: AreaForecast,
  after: AreaForecast,
  names: readonly (typeof WINDOW)[number][],
): void {
  for (const name of names) {
    const [old, now] = [before[name], after[name]];
    if (old !== null && now !== null && now < old)
      throw new Error(`${name} moved from ${old} back to ${now}`);
  }
}

describe('whatever the history', () => {
  it('keeps the dates of a window in order and every state consistent with them', () => {
    fc.assert(
      fc.property(anyHistory, anyProtocol, anyOptions, fc.nat(400), (history, protocol, options, wait) => {
        const on = addDays(latestOf(history), wait);
        for (const area of forecast(history, protocol, on, options).areas) {
          const { earliest, lapsedAfter, state } = area;
          const dates = WINDOW.map((name) => area[name]).filter((date) => date !== null);
          hold(dates.join() === dates.toSorted().join(), 'dates are in order');
          if (earliest === null)
            hold(dates.length === 0 && state === null, 'no window without an earliest date');
          else hold((state === 'too-early') === on < earliest, 'too early exactly before earliest');
          if (lapsedAfter !== null) hold((state === 'lapsed') === on > lapsedAfter, 'lapsed exactly after');
        }
      }),
      RUNS,
    );
  });

  it('never permits a dose before the interval of any earlier one by the CDSi rule, and says which decided', () => {
    fc.assert(
      fc.property(anyHistory, anyProtocol, anyOptions, (history, protocol, options) => {
        for (const area of forecast(history, protocol, AFTER_ALL, options).areas) {
          const intervals = history
            .filter((dose) => dose.area === area.area)
            .map((dose) => ({ ...dose, figures: protocol.figures(dose.product, area.area) }))
            .filter(({ kind, figures }) => kind === 'full' || figures.touchUp.countsForInterval)
            .map(({ treatedOn, figures }) =>
              figures.minIntervals.map(({ offset }) => addOffsets(treatedOn, offset)),
            );
          const unknown = intervals.length === 0 || intervals.some((bounds) => bounds.length === 0);
          const bound = intervals.flat().toSorted().at(-1);
          hold(area.earliest === (unknown ? null : bound), 'earliest is the latest bound of all doses');
          for (const name of WINDOW)
            hold(area[name] === null || (!unknown && area[name] >= String(bound)), 'no date before it');
          for (const { date, candidates, missing } of Object.values(area.explanation)) {
            const winners = candidates.filter(({ wins }) => wins);
            hold(winners.length === (date === null ? 0 : 1), 'one winner for each date');
            hold(date === null || winners[0]?.result === date, 'the winner is the date');
            hold(missing.length > 0 === (date === null), 'a missing figure, no date');
            for (const { base, offsets, result } of candidates) {
              hold(date === null || result <= date, 'the latest candidate wins');
              const from = 'date' in base ? area.explanation[base.date].date : base.treatedOn;
              hold(
                from !== null && addOffsets(from, ...offsets) === result,
                'base and offsets give the result',
              );
            }
          }
        }
      }),
      RUNS,
    );
  });

  it('gives the same bytes for any order of entry and for an entry made twice', () => {
    fc.assert(
      fc.property(anyHistory, anyProtocol, anyOptions, fc.nat(), (history, protocol, options, turn) => {
        const bytes = (doses: readonly Dose[]): string =>
          JSON.stringify(forecast(doses, protocol, AFTER_ALL, options));
        const cut = turn % history.length;
        const shuffled = [...history.slice(cut), ...history.toReversed(), ...history.slice(0, cut)];
        hold(bytes(shuffled) === bytes(history), 'the same bytes');
      }),
      RUNS,
    );
  });

  it('gives the same dates on whatever later day it is asked', () => {
    fc.assert(
      fc.property(anyHistory, anyProtocol, anyOptions, fc.nat(900), (history, protocol, options, wait) => {
        const said = (on: CalendarDate): string =>
          JSON.stringify(forecast(history, protocol, on, options).areas.map((area) => area.explanation));
        hold(
          said(addDays(latestOf(history), wait)) === said(AFTER_ALL),
          'the same dates for the same reasons',
        );
      }),
      RUNS,
    );
  });

  it('answers for each area as if it were the only one', () => {
    fc.assert(
      fc.property(
        anyDoses(4),
        regularVisits('glabella'),
        anyProtocol,
        anyOptions,
        (many, one, protocol, options) => {
          const history = [...many, ...one];
          const areasOf = (doses: readonly Dose[]): readonly AreaForecast[] =>
            forecast(doses, protocol, AFTER_ALL, options).areas;
          const names = [...new Set(history.map(({ area }) => area))].toSorted();
          const apart = names.flatMap((name) => areasOf(history.filter(({ area }) => area === name)));
          hold(JSON.stringify(apart) === JSON.stringify(areasOf(history)), 'areas are separable');
        },
      ),
      RUNS,
    );
  });
});

describe('a later dose never gives an earlier date', () => {
  const anyArea = fc.constantFrom('glabella', 'masseter');

  it('for earliest, whatever was injected, whenever, with or without an own interval', () => {
    fc.assert(
      fc.property(
        anyArea.chain((area) => fc.tuple(fc.oneof(anyDoses(5, area), regularVisits(area)), anyDose(area))),
        anyProtocol,
        anyOptions,
        ([history, dose], protocol, options) => {
          const before = only(history, protocol, options);
          const after = only([...history, dose], protocol, options);
          expectNoneEarlier(before, after, ['earliest']);
          const said = before.explanation.earliest.missing.some(
            ({ figure }) => figure === 'minimum-interval',
          );
          hold(!said || after.earliest === null, 'unknown stays unknown');
        },
      ),
      RUNS,
    );
  });

  it('for every date, when it is a touch-up or a full treatment with the product of the last', () => {
    fc.assert(
      fc.property(
        anyArea.chain((area) => fc.oneof(anyDoses(5, area), regularVisits(area))),
        anyDay,
        fc.nat(500),
        anyKind,
        anyProtocol,
        (history, day, wait, kind, protocol) => {
          const before = only(history, protocol);
          const last = latestOf(history);
          // A day as such where it lies behind, for the ends of months; else some days on.
          const treatedOn = day >= last ? day : addDays(last, wait);
          const dose: Dose = { treatedOn, product: before.product, area: before.area, kind };
          expectNoneEarlier(before, only([...history, dose], protocol), WINDOW);
        },
      ),
      RUNS,
    );
  });

  it('for the window up to recommendedTo, when a different product follows no sooner than permitted', () => {
    fc.assert(
      fc.property(
        anyDoses(5, 'glabella'),
        anyProduct,
        fc.nat(200),
        publishedProtocol,
        (history, product, wait, protocol) => {
          const before = only(history, protocol);
          fc.pre(before.earliest !== null);
          const treatedOn = addDays(before.earliest ?? FIRST, wait);
          const after = only([...history, { treatedOn, product, area: 'glabella', kind: 'full' }], protocol);
          expectNoneEarlier(before, after, ['earliest', 'recommendedFrom', 'target', 'recommendedTo']);
          const [old, now] = [before.lapsedAfter, after.lapsedAfter];
          hold(
            old === null || now === null || addDays(now, 2) >= old,
            'lapsedAfter at most two days earlier',
          );
        },
      ),
      RUNS,
    );
  });

  describe('with the patient’s own interval', () => {
    it('for every date, when it is a touch-up', () => {
      fc.assert(
        fc.property(
          fc.constantFrom('glabella', 'forehead').chain(regularVisits),
          fc.nat(60),
          anyProtocol,
          (history, wait, protocol) => {
            const before = only(history, protocol, OWN_INTERVAL);
            const treatedOn = addDays(latestOf(history), wait);
            const dose: Dose = { treatedOn, product: before.product, area: before.area, kind: 'touch-up' };
            expectNoneEarlier(before, only([...history, dose], protocol, OWN_INTERVAL), WINDOW);
          },
        ),
        RUNS,
      );
    });

    it('for every date, when they come at their target or later, with the product of the last', () => {
      fc.assert(
        fc.property(
          fc.constantFrom('glabella', 'forehead').chain(regularVisits),
          fc.nat(400),
          anyProtocol,
          (history, wait, protocol) => {
            const before = only(history, protocol, OWN_INTERVAL);
            fc.pre(before.target !== null);
            const treatedOn = addDays(before.target ?? FIRST, wait);
            const dose: Dose = { treatedOn, product: before.product, area: before.area, kind: 'full' };
            expectNoneEarlier(before, only([...history, dose], protocol, OWN_INTERVAL), WINDOW);
          },
        ),
        RUNS,
      );
    });

    it('but whoever comes sooner may have a target before the one they were given: their own visits say so', () => {
      const visits = (...days: string[]): Dose[] =>
        days.map((day) => ({
          treatedOn: calendarDate(day),
          product: 'rela',
          area: 'glabella',
          kind: 'full',
        }));
      // Two intervals of 12 weeks and two of 70: the median is 41. A third of 12 weeks makes it 12.
      const history = visits('2022-01-03', '2022-03-28', '2022-06-20', '2023-10-23', '2025-02-24');
      const [before, after] = [
        only(history, undefined, OWN_INTERVAL),
        only([...history, ...visits('2025-05-19')], undefined, OWN_INTERVAL),
      ];
      expect([before.personal?.personalDays, after.personal?.personalDays]).toEqual([236, 116]);
      expect([before.target, after.target]).toEqual(['2025-10-18', '2025-09-12']);
      expect([before.earliest, after.earliest]).toEqual(['2025-05-19', '2025-08-11']);
    });
  });

  it('but a shorter-lasting product inside the interval brings the target forward', () => {
    const daxi: Dose = {
      treatedOn: calendarDate('2026-03-01'),
      product: 'daxi',
      area: 'glabella',
      kind: 'full',
    };
    const ona: Dose = { ...daxi, treatedOn: calendarDate('2026-03-08'), product: 'ona' };
    const [before, after] = [only([daxi]), only([daxi, ona])];
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
    const [before, after] = [only([daxi]), only([daxi, ona])];
    expect(before.earliest).toBe('2026-05-01');
    expect([before.lapsedAfter, after.lapsedAfter]).toEqual(['2027-01-31', '2027-01-29']);
  });
});

describe('the generated histories', () => {
  it('reach what the rule has to say something about', () => {
    const seen = new Map<string, number>();
    const count = (what: string, is: boolean): void => {
      if (is) seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    const cases = fc.sample(fc.tuple(anyHistory, anyProtocol, anyOptions), { numRuns: 2000, seed: 7 });
    for (const [history, protocol, options] of cases) {
      const { areas } = forecast(history, protocol, AFTER_ALL, options);
      const days = history.map(({ treatedOn }) => treatedOn);
      count('leap day', days.includes(calendarDate('2024-02-29')));
      count(
        'month end',
        days.some((day) => addDays(day, 1).endsWith('-01')),
      );
      count(
        'moved forward',
        areas.some(({ earliest }) => earliest?.endsWith('-01') === true),
      );
      count(
        'touch-up',
        history.some(({ kind }) => kind === 'touch-up'),
      );
      count(
        'only touch-ups',
        areas.some(({ lastFullTreatment }) => lastFullTreatment === null),
      );
      count(
        'masseter',
        areas.some(({ area }) => area === 'masseter'),
      );
      count(
        'off-label',
        areas.some(({ onLabel }) => !onLabel),
      );
      count(
        'missing interval',
        areas.some(({ earliest }) => earliest === null),
      );
      count(
        'missing end',
        areas.some(({ target, recommendedTo }) => target !== null && recommendedTo === null),
      );
      count(
        'own interval',
        areas.some(({ personal }) => personal !== null),
      );
      count(
        'switch',
        areas.some(
          ({ area }) => new Set(history.filter((d) => d.area === area).map((d) => d.product)).size > 1,
        ),
      );
      count('same day', new Set(days).size < days.length);
    }
    expect(Object.entries(Object.fromEntries(seen)).filter(([, times]) => times < 100)).toEqual([]);
    expect(seen.size).toBe(12);
  });
});
