import {
  firstRowAfter,
  kaplanMeier,
  survivalAt,
  type SurvivalCurve,
  type SurvivalRecord,
} from './survival.js';
import { survivalInterval, type Limits } from './survival-interval.js';

/** A span of one patient (or whatever the cluster is): the spans of one cluster may depend on each other. */
export interface ClusteredRecord extends SurvivalRecord {
  readonly cluster: string;
}

export interface RobustPoint extends Limits {
  readonly survival: number;
  /** Null once S is 0. */
  readonly se: number | null;
}

/**
 * S on day t with the infinitesimal-jackknife variance, summed within clusters, and its log-log interval:
 * a record's influence on log S(t) is Σ_{s ≤ min(t, T)} d/(n (n − d)) − [event at T ≤ t] / (n(T) − d(T)), and
 * Var = S² Σ_clusters (Σ influences)². With a cluster for every record it equals Greenwood's variance.
 * Null where `survivalAt` is. Pass the curve of the same records when it is at hand, to spare computing it again.
 *
 * Source: R's survfit(…, cluster = patient); Williams, Biometrics 51 (1995) on clustered survival.
 */
export function robustSurvivalAt(
  records: readonly ClusteredRecord[],
  time: number,
  curve: SurvivalCurve = kaplanMeier(records),
): RobustPoint | null {
  const point = survivalAt(curve, time);
  if (!point) return null;
  if (point.survival === 0) return { survival: 0, se: null, lower: null, upper: null };
  if (point.eventsSoFar === 0) {
    return { survival: point.survival, se: 0, lower: point.lower, upper: point.upper };
  }
  const gain = runningGain(curve);
  const influence = new Map<string, number>();
  for (const record of records) {
    const index = firstRowAfter(curve.rows, Math.min(record.time, time)) - 1;
    const row = curve.rows[index];
    if (!row) continue;
    const loss = record.event && record.time <= time ? 1 / (row.nRisk - row.nEvent) : 0;
    const before = influence.get(record.cluster) ?? 0;
    influence.set(record.cluster, before + (gain[index] ?? 0) - loss);
  }
  let logVariance = 0;
  for (const value of influence.values()) logVariance += value ** 2;
  const logSe = Math.sqrt(logVariance);
  return {
    survival: point.survival,
    se: point.survival * logSe,
    ...survivalInterval(point.survival, logSe, 'log-log'),
  };
}

/** Σ d/(n (n − d)) up to and with each row. */
function runningGain(curve: SurvivalCurve): readonly number[] {
  let sum = 0;
  return curve.rows.map(
    ({ nRisk, nEvent }) => (sum += nEvent === 0 ? 0 : nEvent / (nRisk * (nRisk - nEvent))),
  );
}
