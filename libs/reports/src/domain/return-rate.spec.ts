import { addDays, calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../testing/close.js';
import { aDeparture, aTreatment } from '../testing/recorded-treatment.builder.js';
import vectors from '../testing/vectors/survival.json' with { type: 'json' };
import { returnRate } from './return-cohorts.js';
import { returnCycles, type Departure } from './return-cycles.js';
import { returnFigures } from './return-rate.js';
import { kaplanMeier } from './statistics/survival.js';
import { survivalQuantile } from './statistics/survival-quantile.js';

const example = vectors.definitions_worked_example;
const question = { scope: 'any-area', asOf: calendarDate(example.as_of) } as const;
// Patient G's second visit came 14 days after the first: the touch-up the example leaves out.
const visits = example.visits.map(({ patient, visit }) =>
  aTreatment(patient, visit, { kind: patient === 'G' && visit === '2025-02-24' ? 'touch-up' : 'full' }),
);
const cycles = returnCycles(visits, [aDeparture('M', '2025-03-01')], question);
const figures = returnFigures(cycles, question, [90, 120, 180, 270, 365]);
const by120 = figures.horizons[1];

describe('the worked example: 22 visits of 13 patients', () => {
  it('has the published index treatments', () => {
    const outcomes = { open: 0, returned: 1, left: 2 };
    const published = example.index_treatments.map(({ patient, visit, nextv, cause, time }) => [
      patient,
      visit,
      nextv,
      cause,
      time,
    ]);
    const ours = cycles.map(({ patientId, treatedOn, outcome, endedOn, days }) => [
      patientId,
      treatedOn,
      outcome === 'returned' ? endedOn : null,
      outcomes[outcome],
      days,
    ]);
    expect(new Set(ours.map(String))).toEqual(new Set(published.map(String)));
    expect(ours).toHaveLength(published.length);
    expect(visits.length - ours.length).toBe(example.touch_ups_excluded);
    expect(figures).toMatchObject({ treatments: 21, patients: 13, returned: 8, left: 1, open: 12 });
  });

  it('28.6 %: what the usual formula would say, from the counts shown beside the probability', () => {
    const { numerator, denominator } = by120?.probability ?? { numerator: 0, denominator: 0 };
    const { x, n, rate } = example.naive_120d_return_all_in_denominator;
    expect([numerator, denominator]).toEqual([x, n]);
    expectClose(numerator / denominator, rate);
  });

  it('33.3 %: matured treatments only', () => {
    const { x, n, rate, wilson } = example.matured_only_120d;
    expect(by120?.maturedOnly).toMatchObject({ numerator: x, denominator: n });
    expectClose(by120?.maturedOnly.proportion, rate);
    expectClose(by120?.maturedOnly.lower, wilson[0]);
    expectClose(by120?.maturedOnly.upper, wilson[1]);
  });

  it('50.0 %: Kaplan–Meier, with Greenwood’s and the clustered interval', () => {
    const { return_prob, lower, upper, n_risk, robust_lower, robust_upper } = example.km_120d;
    expectClose(by120?.probability.probability, return_prob);
    expectClose(by120?.probability.lower, lower);
    expectClose(by120?.probability.upper, upper);
    expectClose(by120?.probability.clusteredLower, robust_lower);
    expectClose(by120?.probability.clusteredUpper, robust_upper);
    expect(by120?.probability.nAtRisk).toBe(n_risk);
  });

  it('46.9 %: Aalen–Johansen, the death ruling a return out', () => {
    const { cif_returned, cif_left, se_returned } = example.aalen_johansen_120d;
    expectClose(by120?.withDepartures.probability, cif_returned);
    expectClose(by120?.withDepartures.leftProbability, cif_left);
    expectClose(by120?.withDepartures.standardError, se_returned);
  });

  it('has its median on the first day at one half, 99; R prints the middle of the stretch, 110.5', () => {
    const [midpoint, lower] = example.median_days_to_return;
    expect(figures.median).toMatchObject({ days: 99, lower, upper: 'not-reached' });
    const curve = kaplanMeier(
      cycles.map(({ days, outcome }) => ({ time: days, event: outcome === 'returned' })),
    );
    expect(survivalQuantile(curve, 0.5, 'midpoint').estimate).toBe(midpoint);
  });

  it('says nothing beyond day 192, the longest anyone was watched', () => {
    expect(figures.horizons.map(({ probability }) => probability.unsaid)).toEqual([
      null,
      null,
      null,
      'beyond-follow-up',
      'beyond-follow-up',
    ]);
    expect(figures.horizons[3]?.probability).toMatchObject({ probability: null, lower: null, nAtRisk: 0 });
    expect(figures.horizons[3]?.withDepartures.probability).toBeNull();
    expect(figures.horizons[4]?.maturedOnly).toMatchObject({ denominator: 0, proportion: null, lower: null });
  });

  it('has the published cohort table', () => {
    const { cohorts } = returnRate(cycles, { ...question, cohortBy: 'quarter', horizons: [90, 120, 180] });
    const rows = cohorts.map(({ cohort, cells: [a, b, c], figures: { treatments, open, left } }) => ({
      cohort,
      index_treatments: treatments,
      returned_90: a?.returned,
      returned_120: b?.returned,
      returned_180: c?.returned,
      complete_90: a?.watched,
      complete_120: b?.watched,
      complete_180: c?.watched,
      open_not_returned: open,
      left,
    }));
    expect(rows).toEqual(example.cohort_table);
    expect(cohorts.map(({ cells }) => cells.map(({ complete }) => complete))).toEqual([
      [true, true, true],
      [true, false, false],
      [false, false, false],
    ]);
    expect(cohorts[1]).toMatchObject({ firstDay: '2025-01-01', lastDay: '2025-03-31' });
  });
});

describe('the figures', () => {
  it('of nobody are null, not 0', () => {
    const none = returnFigures([], question, [90]);
    expect(none.median).toMatchObject({ days: null, lower: null, upper: null, denominator: 0 });
    expect(none.horizons[0]?.probability).toMatchObject({ probability: null, unsaid: 'no-treatments' });
    expect(none.horizons[0]?.withDepartures).toMatchObject({ probability: null, unsaid: 'no-treatments' });
    expect(none.horizons[0]?.maturedOnly.proportion).toBeNull();
    expect(returnRate([], { ...question, cohortBy: 'month' }).cohorts).toEqual([]);
  });

  it('claim no interval while nobody has returned', () => {
    const open = returnCycles([aTreatment('A', '2025-01-01')], [], question);
    const [first] = returnFigures(open, question, [90]).horizons;
    expect(first?.probability).toMatchObject({ probability: 0, lower: null, upper: null, nAtRisk: 1 });
    expect(first?.probability).toMatchObject({ clusteredLower: null, clusteredUpper: null });
    expect(returnFigures(open, question).median.days).toBe('not-reached');
  });

  it('hold at 1 for every later horizon once everybody is back', () => {
    const closed = returnCycles([aTreatment('A', '2025-01-01'), aTreatment('A', '2025-04-01')], [], question);
    const [, last] = returnFigures(closed.slice(0, 1), question, [90, 365]).horizons;
    expect(last?.probability).toMatchObject({
      probability: 1,
      unsaid: null,
      lower: null,
      upper: null,
      nAtRisk: 0,
    });
  });

  it('each carry a definition, counts and the day they speak for', () => {
    for (const { probability, withDepartures, maturedOnly } of figures.horizons) {
      for (const figure of [probability, withDepartures, maturedOnly, figures.median]) {
        expect(figure.definition).toContain(example.as_of);
        expect(figure.definition.endsWith('.')).toBe(true);
        expect(figure.asOf).toBe(example.as_of);
        expect(figure.numerator).toBeLessThanOrEqual(figure.denominator);
      }
    }
  });

  it.each([0, -90, 90.5, Number.NaN])('refuse a horizon of %s days', (horizon) => {
    expect(() => returnFigures(cycles, question, [horizon])).toThrow(RangeError);
    expect(() => returnRate(cycles, { ...question, cohortBy: 'month', horizons: [horizon] })).toThrow(
      RangeError,
    );
  });

  it('name cohorts by month as well', () => {
    const { cohorts } = returnRate(cycles, { ...question, cohortBy: 'month' });
    expect(cohorts.map(({ cohort }) => cohort)).toEqual([
      '2024-12',
      '2025-01',
      '2025-02',
      '2025-03',
      '2025-04',
      '2025-05',
      '2025-06',
    ]);
    expect(cohorts[2]?.lastDay).toBe('2025-02-28');
  });

  it('count every cycle in exactly one cohort, and never fall from horizon to horizon', () => {
    const visit = fc.record({ patient: fc.constantFrom('A', 'B', 'C', 'D'), on: fc.nat(700) });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 25 }), (plan) => {
        const some = plan.map(({ patient, on }) =>
          aTreatment(patient, addDays(calendarDate('2023-07-01'), on)),
        );
        const rate = returnRate(returnCycles(some, [], question), { ...question, cohortBy: 'month' });
        const total = rate.cohorts.reduce((sum, cohort) => sum + cohort.figures.treatments, 0);
        expect(total).toBe(rate.overall.treatments);
        const said = rate.overall.horizons.flatMap(({ probability: { probability } }) => probability ?? []);
        expect(said).toEqual(said.toSorted((a, b) => a - b));
        for (const { cells } of rate.cohorts) {
          for (const cell of cells)
            if (cell.complete) expect(cell.returned).toBeLessThanOrEqual(cell.watched);
        }
      }),
    );
  });
});

describe('of six patients, one returned after 60 and one after 90 days, one died after 50, one moved after 70', () => {
  // The fifth opted out after 80 days and came all the same after 100; the sixth has been watched for 120.
  const first = calendarDate('2025-01-01');
  const from = { scope: 'any-area', asOf: calendarDate('2025-05-01') } as const;
  const on = (days: number) => addDays(first, days);
  const treated = ['A', 'B', 'C', 'D', 'E', 'F'].map((patient) => aTreatment(patient, first));
  const returns = [aTreatment('A', on(60)), aTreatment('E', on(90)), aTreatment('D', on(100))];
  const of = (departures: readonly Departure[]) =>
    returnFigures(
      returnCycles([...treated, ...returns], departures, from).filter(({ treatedOn }) => treatedOn === first),
      from,
      [120],
    );
  const death = aDeparture('B', on(50));
  const move = aDeparture('C', on(70), { reason: 'transferred' });
  const wish = aDeparture('D', on(80), { reason: 'opted-out' });

  it('counts death, transfer and opting out as ends before the return: 2/6 returned first, 3/6 left first', () => {
    const told = of([death, move, wish]);
    expect(told).toMatchObject({ returned: 3, left: 2, open: 1, optedOut: 1 });
    expectClose(told.horizons[0]?.withDepartures.probability, 2 / 6);
    expectClose(told.horizons[0]?.withDepartures.leftProbability, 3 / 6);
  });

  it('counts the return of the one who opted out in Kaplan–Meier: 1 − 4/5 · 2/3 · 1/2', () => {
    expectClose(of([death, move, wish]).horizons[0]?.probability.probability, 11 / 15);
    expectClose(of([death, move]).horizons[0]?.probability.probability, 11 / 15);
  });

  it('takes each departure by itself: 3/6 returned where one opted out only, 2/6 where all three did', () => {
    const share = (departures: readonly Departure[]) =>
      of(departures).horizons[0]?.withDepartures.probability;
    // A, E and D return of six watched: 3/6. The death or the move takes the sixth that never came anyway.
    expectClose(share([]), 3 / 6);
    expectClose(share([death]), 3 / 6);
    expectClose(share([move]), 3 / 6);
    expectClose(share([wish]), 2 / 6);
  });
});
