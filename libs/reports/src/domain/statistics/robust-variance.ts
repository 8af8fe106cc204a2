import { survivalInterval, type Limits } from './survival-interval.js';
import { survivalAt, type SurvivalCurve } from './survival.js';

/** Spans side by side, those of one cluster next to each other; `event` 1 where a span ended in the event. */
export interface ClusteredSpans {
  readonly cluster: ArrayLike<number>;
  readonly time: ArrayLike<number>;
  readonly event: ArrayLike<number>;
}

export interface RobustPoint extends Limits {
  readonly survival: number;
  /** Null once S is 0. */
  readonly se: number | null;
}

/**
 * S on day t with the infinitesimal-jackknife variance, summed within clusters, and its log-log interval, for as many
 * days as are asked of one set of spans:
 * a span's influence on log S(t) is Σ_{s ≤ min(t, T)} d/(n (n − d)) − [event at T ≤ t] / (n(T) − d(T)), and
 * Var = S² Σ_clusters (Σ influences)². With a cluster for every span it equals Greenwood's variance.
 * Null where `survivalAt` is. The curve must be of these spans, their times whole days.
 *
 * Source: R's survfit(…, cluster = patient); Williams, Biometrics 51 (1995) on clustered survival.
 */
export function robustSurvival(
  { cluster, time: times, event }: ClusteredSpans,
  curve: SurvivalCurve,
): (time: number) => RobustPoint | null {
  const { gain, loss } = stepsByDay(curve);
  const logVarianceAt = (time: number): number => {
    let variance = 0;
    let influence = 0;
    let last = cluster[0];
    for (let i = 0; i < times.length; i += 1) {
      if (cluster[i] !== last) {
        variance += influence * influence;
        influence = 0;
        last = cluster[i];
      }
      const ended = times[i] ?? 0;
      influence += gain[ended < time ? ended : time] ?? 0;
      if (event[i] === 1 && ended <= time) influence -= loss[ended] ?? 0;
    }
    return variance + influence * influence;
  };
  return (time) => {
    const point = survivalAt(curve, time);
    if (!point) return null;
    const { survival, lower, upper } = point;
    if (survival === 0) return { survival, se: null, lower: null, upper: null };
    if (point.eventsSoFar === 0) return { survival, se: 0, lower, upper };
    const logSe = Math.sqrt(logVarianceAt(time));
    return { survival, se: survival * logSe, ...survivalInterval(survival, logSe, 'log-log') };
  };
}

/** By day: Σ d/(n (n − d)) up to and with it, and 1/(n − d) of the day itself. */
function stepsByDay(curve: SurvivalCurve): { readonly gain: Float64Array; readonly loss: Float64Array } {
  const gain = new Float64Array((curve.followUp ?? 0) + 1);
  const loss = new Float64Array(gain.length);
  let sum = 0;
  for (const [index, { time, nRisk, nEvent }] of curve.rows.entries()) {
    if (nEvent > 0) sum += nEvent / (nRisk * (nRisk - nEvent));
    loss[time] = 1 / (nRisk - nEvent);
    gain.fill(sum, time, (curve.rows[index + 1]?.time ?? gain.length - 1) + 1);
  }
  return { gain, loss };
}
