import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import vectors from '../../testing/vectors/survival.json' with { type: 'json' };
import { expectClose } from '../../testing/close.js';
import { kaplanMeier, kaplanMeierOfCounts, survivalAt, type SurvivalRecord } from './survival.js';
import { survivalInterval, type IntervalScale } from './survival-interval.js';
import { restrictedMean, survivalQuantile } from './survival-quantile.js';

const { freireich_6mp, all_censored, last_obs_is_event, median_exactly_half } = vectors;
const published = [freireich_6mp, all_censored, last_obs_is_event, median_exactly_half];
const scales = { plain: 'plain', log: 'log', loglog: 'log-log', logit: 'logit', arcsin: 'arcsin' } as const;

const recordsOf = ({ time, status }: { time: number[]; status: number[] }): SurvivalRecord[] =>
  time.map((value, index) => ({ time: value, event: status[index] === 1 }));

const someRecords = fc.array(fc.record({ time: fc.nat(400), event: fc.boolean() }), { maxLength: 60 });

describe.each(published)('Kaplan–Meier on “$label”', (vector) => {
  const records = recordsOf(vector.data);
  const curve = kaplanMeier(records);

  it('gives the published table', () => {
    expect(curve.n).toBe(vector.n);
    expect(curve.events).toBe(vector.events);
    expect(curve.rows).toHaveLength(vector.table.length);
    for (const [index, row] of curve.rows.entries()) {
      const expected = vector.table[index];
      expect([row.time, row.nRisk, row.nEvent, row.nCensor]).toEqual([
        expected?.time,
        expected?.n_risk,
        expected?.n_event,
        expected?.n_censor,
      ]);
      expectClose(row.survival, expected?.surv);
      expectClose(1 - row.survival, expected?.cum_incidence_1_minus_S);
      expectClose(row.greenwoodSe, expected?.se_greenwood);
      expectClose(row.lower, expected?.loglog_lower);
      expectClose(row.upper, expected?.loglog_upper);
    }
  });

  it.each(Object.entries(scales))('gives the published %s limits', (key, scale) => {
    for (const [index, row] of kaplanMeier(records, scale).rows.entries()) {
      const expected: Record<string, number | null> | undefined = vector.table[index];
      expectClose(row.lower, expected?.[`${key}_lower`]);
      expectClose(row.upper, expected?.[`${key}_upper`]);
    }
  });

  it('reads the curve at the published days', () => {
    for (const expected of vector.at_times_loglog) {
      const point = survivalAt(curve, expected.time);
      expect(point?.nRisk).toBe(expected.n_risk);
      expectClose(point?.survival, expected.surv);
      expectClose(point?.greenwoodSe, expected.se);
      expectClose(point?.lower, expected.lower);
      expectClose(point?.upper, expected.upper);
    }
  });

  it('gives the published quartiles and median on every scale when asked for midpoints', () => {
    const quantiles: Record<string, { conf_type: string; [level: string]: unknown }> =
      vector.quantiles_est_lower_upper;
    expect(Object.keys(quantiles)).toHaveLength(5);
    for (const scale of Object.values(scales)) {
      const drawn = kaplanMeier(records, scale);
      const answer = (level: number): (number | null)[] => {
        const { estimate, lower, upper } = survivalQuantile(drawn, level, 'midpoint');
        return [estimate, lower, upper].map((value) => (value === 'not-reached' ? null : value));
      };
      expect({ q25: answer(0.75), median: answer(0.5), q75: answer(0.25) }).toEqual({
        q25: quantiles[scale]?.['q25'],
        median: quantiles[scale]?.['median'],
        q75: quantiles[scale]?.['q75'],
      });
    }
  });

  it('gives the published restricted mean', () => {
    const answer = restrictedMean(curve, vector.rmst.tau);
    expectClose(answer?.mean, vector.rmst.mean);
    expectClose(answer?.se, vector.rmst.se);
  });
});

describe('survivalAt', () => {
  const curve = kaplanMeier(recordsOf(freireich_6mp.data));

  it('says nothing beyond the last observed day', () => {
    expect(survivalAt(curve, 35)).not.toBeNull();
    expect(survivalAt(curve, 36)).toBeNull();
    expect(restrictedMean(curve, 36)).toBeNull();
  });

  it('stays at 0 for ever once nobody is left without the event', () => {
    const ended = kaplanMeier(recordsOf(last_obs_is_event.data));
    expect(survivalAt(ended, 900)).toMatchObject({ survival: 0, nRisk: 0, lower: null, upper: null });
    expectClose(restrictedMean(ended, 900)?.mean, last_obs_is_event.rmst.mean);
  });

  it('says nothing when nothing was observed', () => {
    expect(survivalAt(kaplanMeier([]), 0)).toBeNull();
    expect(kaplanMeier([])).toEqual({ n: 0, events: 0, followUp: null, rows: [] });
    expect(survivalQuantile(kaplanMeier([]), 0.5).estimate).toBe('not-reached');
  });

  it('counts a span of day 0 as at risk on day 0', () => {
    const points = kaplanMeier([
      { time: 0, event: true },
      { time: 0, event: false },
      { time: 5, event: true },
      { time: 6, event: false },
    ]);
    expect(survivalAt(points, 0)).toMatchObject({ survival: 0.75, nRisk: 4, eventsSoFar: 1 });
    expect(survivalAt(points, 4)).toMatchObject({ survival: 0.75, nRisk: 2 });
    expect(survivalAt(points, 5)).toMatchObject({ survival: 0.375, nRisk: 2, eventsSoFar: 2 });
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses a time of %s', (time) => {
    expect(() => kaplanMeier([{ time, event: true }])).toThrow(RangeError);
  });
});

describe('the median when S stands at exactly one half for a while', () => {
  const curve = kaplanMeier(recordsOf(median_exactly_half.data));

  it('is the first day of the stretch, as the reports define it', () => {
    expect(survivalQuantile(curve, 0.5)).toEqual({ estimate: 20, lower: 10, upper: 'not-reached' });
  });

  it('is the middle of the stretch, as R prints it, on request', () => {
    expect(survivalQuantile(curve, 0.5, 'midpoint').estimate).toBe(25);
  });

  it('reaches to the last observed day when the curve ends there', () => {
    const flat = kaplanMeier([
      { time: 10, event: true },
      { time: 40, event: false },
    ]);
    expect(survivalQuantile(flat, 0.5).estimate).toBe(10);
    expect(survivalQuantile(flat, 0.5, 'midpoint').estimate).toBe(25);
  });
});

describe('properties of the curve', () => {
  it('never rises and stays between 0 and 1, its limits around it', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        let before = 1;
        for (const { survival, lower, upper } of kaplanMeier(records).rows) {
          expect(survival).toBeGreaterThanOrEqual(0);
          expect(survival).toBeLessThanOrEqual(before);
          if (lower !== null) expect(lower).toBeLessThanOrEqual(survival);
          if (upper !== null) expect(upper).toBeGreaterThanOrEqual(survival);
          before = survival;
        }
      }),
    );
  });

  it('is the plain fraction when nothing is censored', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 60 }), fc.nat(70), (times, day) => {
        const curve = kaplanMeier(times.map((time) => ({ time, event: true })));
        const left = times.filter((time) => time > day).length;
        expect(survivalAt(curve, day)?.survival).toBeCloseTo(left / times.length, 12);
      }),
    );
  });

  it('does not depend on the order of the records, nor on who counts them', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const curve = kaplanMeier(records);
        expect(kaplanMeier(records.toReversed())).toEqual(curve);
        const counts = records.map(({ time, event }) => ({
          time,
          events: Number(event),
          censored: Number(!event),
        }));
        expect(kaplanMeierOfCounts(counts)).toEqual(curve);
      }),
    );
  });

  it('does not move before day t when a span is added that is still open after t', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(400), (records, day) => {
        const known = records.map(({ time, event }) => ({
          time: Math.min(time, day),
          event: event && time < day,
        }));
        const more = [...known, { time: day + 1, event: false }];
        const sooner = kaplanMeier([...known, { time: day, event: false }]);
        for (const row of sooner.rows) {
          if (row.time < day) expect(survivalAt(kaplanMeier(more), row.time)?.survival).toBe(row.survival);
        }
      }),
    );
  });

  it.each<IntervalScale>(['log-log', 'log', 'plain', 'logit', 'arcsin'])(
    'keeps %s limits within 0 and 1',
    (scale) => {
      fc.assert(
        fc.property(
          fc.double({ min: 0.001, max: 0.999, noNaN: true }),
          fc.double({ min: 0, max: 3, noNaN: true }),
          (survival, logSe) => {
            const { lower, upper } = survivalInterval(survival, logSe, scale);
            expect(lower).toBeGreaterThanOrEqual(0);
            expect(upper).toBeLessThanOrEqual(1);
          },
        ),
      );
    },
  );
});
