import { robustSurvival } from './robust-variance.js';
import { kaplanMeier, survivalAt } from './survival.js';

/** What estimates say over many clinics whose patients return by a law that is known. */
export interface Coverage {
  readonly clinics: number;
  /** The true probability of a return within the horizon. */
  readonly truth: number;
  /** Mean of the estimates, and the share of clinics whose 95 % interval holds the truth. */
  readonly kaplanMeier: { readonly mean: number; readonly coverage: number };
  readonly clustered: { readonly coverage: number };
  /** Returned so far of all, as other systems divide. */
  readonly naive: { readonly mean: number; readonly bias: number };
}

const HORIZON = 180;
const RETURNING = 0.7;
const SOONEST = 90;
const MEAN_WAIT = 60;
const TRUTH = RETURNING * (1 - Math.exp(-(HORIZON - SOONEST + 1) / MEAN_WAIT));

/**
 * Clinics of patients treated on any day of the last year, in `areas` areas a visit. Seven in ten ever return, 90 days
 * after the treatment at the soonest and 60 later on average; areas of one patient are mostly treated again together, so
 * that they depend on each other. The same seed gives the same clinics.
 */
export function simulateClinics(clinics: number, patients: number, areas: number, seed: number): Coverage {
  const chance = random(seed);
  let [sum, held, heldClustered, naive] = [0, 0, 0, 0];
  for (let clinic = 0; clinic < clinics; clinic += 1) {
    const spans = Array.from({ length: patients }, (_, patient) => {
      const watched = 1 + Math.floor(chance() * 365);
      const together = returnsAfter(chance);
      return Array.from({ length: areas }, (__, area) => {
        const after = area === 0 || chance() < 0.9 ? together : returnsAfter(chance);
        return { cluster: patient, time: Math.min(after, watched), event: after <= watched };
      });
    }).flat();
    const curve = kaplanMeier(spans);
    const point = survivalAt(curve, HORIZON);
    const dependent = robustSurvival(
      {
        cluster: spans.map(({ cluster }) => cluster),
        time: spans.map(({ time }) => time),
        event: spans.map(({ event }) => (event ? 1 : 0)),
      },
      curve,
    )(HORIZON);
    sum += 1 - (point?.survival ?? 1);
    if (holds(point, 1 - TRUTH)) held += 1;
    if (holds(dependent, 1 - TRUTH)) heldClustered += 1;
    naive += spans.filter(({ time, event }) => event && time <= HORIZON).length / spans.length;
  }
  return {
    clinics,
    truth: TRUTH,
    kaplanMeier: { mean: sum / clinics, coverage: held / clinics },
    clustered: { coverage: heldClustered / clinics },
    naive: { mean: naive / clinics, bias: naive / clinics - TRUTH },
  };
}

const returnsAfter = (chance: () => number): number =>
  chance() < RETURNING ? SOONEST + Math.floor(-MEAN_WAIT * Math.log(1 - chance())) : Infinity;

const holds = (limits: { lower: number | null; upper: number | null } | null, truth: number): boolean =>
  limits !== null && (limits.lower ?? 0) <= truth && truth <= (limits.upper ?? 1);

/** Mulberry32: small, and the same on every machine. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
