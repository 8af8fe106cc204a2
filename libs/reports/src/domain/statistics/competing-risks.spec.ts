import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expectClose } from '../../testing/close.js';
import vectors from '../../testing/vectors/survival.json' with { type: 'json' };
import { cumulativeIncidence, incidenceAt, type IncidenceCurve } from './aalen-johansen.js';
import { robustSurvival } from './robust-variance.js';
import { kaplanMeier, survivalAt } from './survival.js';

const example = vectors.definitions_worked_example;
const outcomes = ['censored', 'event', 'competing'] as const;
const records = example.index_treatments.map(({ patient, time, cause }) => ({
  cluster: patient,
  time,
  event: cause === 1,
  outcome: outcomes[cause] ?? 'censored',
}));

/** A span that ended in the event of interest, in one that rules it out, or is still open. */
interface CompetingRecord {
  readonly time: number;
  readonly outcome: (typeof outcomes)[number];
}

const incidenceOf = (spans: readonly CompetingRecord[]): IncidenceCurve =>
  cumulativeIncidence(
    [...Map.groupBy(spans, ({ time }) => time)]
      .toSorted(([a], [b]) => a - b)
      .map(([time, all]) => {
        const ended = (how: string): number => all.filter(({ outcome }) => outcome === how).length;
        return { time, event: ended('event'), competing: ended('competing'), censored: ended('censored') };
      }),
  );

/** Spans of one patient side by side, as the robust variance wants them. */
const robustAt = (
  spans: readonly { readonly cluster: string; readonly time: number; readonly event: boolean }[],
  day: number,
) => {
  const sorted = [...Map.groupBy(spans, ({ cluster }) => cluster).values()].flatMap((members, index) =>
    members.map(({ time, event }) => ({ cluster: index, time, event: event ? 1 : 0 })),
  );
  const columns = {
    cluster: sorted.map(({ cluster }) => cluster),
    time: sorted.map(({ time }) => time),
    event: sorted.map(({ event }) => event),
  };
  return robustSurvival(columns, kaplanMeier(spans))(day);
};

const someRecords = fc.array(fc.record({ time: fc.nat(30), outcome: fc.constantFrom(...outcomes) }), {
  minLength: 2,
  maxLength: 25,
});

/** F(t) of weighted records straight from its definition: the jackknife below differentiates it numerically. */
function weightedIncidence(
  spans: readonly CompetingRecord[],
  weights: readonly number[],
  day: number,
): number {
  let free = 1;
  let incidence = 0;
  for (const time of new Set(spans.map((span) => span.time).toSorted((a, b) => a - b))) {
    if (time > day) break;
    const weigh = (keep: (span: CompetingRecord) => boolean): number =>
      spans.reduce((sum, span, index) => sum + (keep(span) ? (weights[index] ?? 0) : 0), 0);
    const atRisk = weigh((span) => span.time >= time);
    const ended = (outcome: string): number =>
      weigh((span) => span.time === time && span.outcome === outcome);
    incidence += (free * ended('event')) / atRisk;
    free *= 1 - (ended('event') + ended('competing')) / atRisk;
  }
  return incidence;
}

describe('Aalen–Johansen', () => {
  it('gives the published incidence of return when a death can come first', () => {
    const point = incidenceAt(incidenceOf(records), 120);
    expectClose(point?.incidence, example.aalen_johansen_120d.cif_returned);
    expectClose(point?.competingIncidence, example.aalen_johansen_120d.cif_left);
    expectClose(point?.se, example.aalen_johansen_120d.se_returned);
    expect(point?.nRisk).toBe(5);
    expect(point?.lower).toBeLessThan(0.46875);
    expect(point?.upper).toBeGreaterThan(0.46875);
  });

  it('is 1 − Kaplan–Meier with Greenwood’s error when nothing competes', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(35), (spans, day) => {
        const alone = spans.map(({ time, outcome }) => ({ time, event: outcome === 'event' }));
        const curve = incidenceOf(
          alone.map(({ time, event }) => ({ time, outcome: event ? 'event' : 'censored' })),
        );
        const [point, km] = [incidenceAt(curve, day), survivalAt(kaplanMeier(alone), day)];
        expect(point === null).toBe(km === null);
        if (!point || !km) return;
        expect(point.incidence).toBeCloseTo(1 - km.survival, 10);
        if (km.greenwoodSe !== null) expect(point.se).toBeCloseTo(km.greenwoodSe, 10);
      }),
    );
  });

  it('has the variance of the infinitesimal jackknife', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(30), (spans, day) => {
        const point = incidenceAt(incidenceOf(spans), day);
        if (!point) return;
        const step = 1e-5;
        const ones = spans.map(() => 1);
        const variance = spans.reduce((sum, _span, index) => {
          const up = weightedIncidence(spans, ones.with(index, 1 + step), day);
          const down = weightedIncidence(spans, ones.with(index, 1 - step), day);
          return sum + ((up - down) / (2 * step)) ** 2;
        }, 0);
        expect(point.se ** 2).toBeCloseTo(variance, 8);
      }),
    );
  });

  it('shares out all patients: returned, left, and still free of both', () => {
    fc.assert(
      fc.property(someRecords, (spans) => {
        const free = kaplanMeier(spans.map(({ time, outcome }) => ({ time, event: outcome !== 'censored' })));
        for (const [index, row] of incidenceOf(spans).rows.entries()) {
          expect(row.incidence + row.competingIncidence).toBeCloseTo(
            1 - (free.rows[index]?.survival ?? 2),
            10,
          );
        }
      }),
    );
  });

  it('says nothing beyond the follow-up or of nobody', () => {
    expect(incidenceAt(incidenceOf([]), 10)).toBeNull();
    expect(incidenceAt(incidenceOf(records), 193)).toBeNull();
    const ended = incidenceOf([
      { time: 3, outcome: 'competing' },
      { time: 4, outcome: 'event' },
    ]);
    expect(incidenceAt(ended, 99)).toMatchObject({ incidence: 0.5, competingIncidence: 0.5, nRisk: 0 });
  });
});

describe('the variance with several cycles a patient', () => {
  it('gives the published cluster-robust error and limits', () => {
    const point = robustAt(records, 120);
    const { robust_se_cluster_patient, robust_lower, robust_upper, return_prob } = example.km_120d;
    expectClose(1 - (point?.survival ?? 2), return_prob);
    expectClose(point?.se, robust_se_cluster_patient);
    expectClose(1 - (point?.upper ?? 2), robust_lower);
    expectClose(1 - (point?.lower ?? 2), robust_upper);
  });

  it('is Greenwood’s when every record is its own cluster', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(35), (spans, day) => {
        const own = spans.map(({ time, outcome }, index) => ({
          time,
          event: outcome === 'event',
          cluster: String(index),
        }));
        const [robust, greenwood] = [robustAt(own, day), survivalAt(kaplanMeier(own), day)];
        expect(robust === null).toBe(greenwood === null);
        if (!robust || !greenwood) return;
        expect(robust.se === null).toBe(greenwood.greenwoodSe === null);
        expect(robust.se ?? 0).toBeCloseTo(greenwood.greenwoodSe ?? 0, 10);
      }),
    );
  });
});
