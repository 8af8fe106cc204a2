import type { CalendarDate } from '#kernel';
import {
  lastWatched,
  LEFT,
  NOT_OPTED_OUT,
  OPEN,
  RETURNED,
  type CycleColumns,
} from './courses/cycle-columns.js';
import { cumulativeIncidence, type IncidenceCurve, type OutcomeCount } from './statistics/aalen-johansen.js';
import { robustSurvival, type ClusteredSpans, type RobustPoint } from './statistics/robust-variance.js';
import { kaplanMeierOfCounts, type DayCount, type SurvivalCurve } from './statistics/survival.js';

/** A set of cycles, counted: all that the figures ask of it. */
export interface ReturnSample {
  readonly cycles: number;
  readonly patients: number;
  readonly returned: number;
  readonly left: number;
  readonly open: number;
  /** Of all, those whose patient asked not to be contacted before the cycle ended. */
  readonly optedOut: number;
  /** For Kaplan–Meier and log-rank: who left is watched no longer. */
  readonly counts: readonly DayCount[];
  readonly curve: SurvivalCurve;
  /** For Aalen–Johansen: who died, moved away or opted out before returning has left. */
  readonly incidence: IncidenceCurve;
  /** The cycles themselves, those of one patient next to each other; an event is a return. */
  readonly spans: ClusteredSpans;
  /** S on a day with treatments of one patient taken as dependent. */
  readonly clustered: (days: number) => RobustPoint | null;
  /** Returns within so many days, so far. */
  readonly returnedWithin: (days: number) => number;
  /** Treatments at least so many days before asOf, and how many of them were followed by a return within as many. */
  readonly watchedFor: (days: number) => { readonly watched: number; readonly returned: number };
}

/** Counts cycles; those of one patient must stand together. */
export function sampleOf(columns: CycleColumns, asOf: CalendarDate): ReturnSample {
  const { length, patient, treatedOn, days, outcome, optedOut } = columns;
  let longest = 0;
  for (let i = 0; i < length; i += 1) longest = Math.max(longest, days[i] ?? 0);
  const ended = [OPEN, RETURNED, LEFT].map(() => new Uint32Array(longest + 1));
  const [open, returned, left] = ended;
  // How the cycles ended when opting out is an end too, by day, as what it takes from where they ended and adds there.
  const [asOut, otherwise] = [new Uint32Array(longest + 1), ended.map(() => new Uint32Array(longest + 1))];
  let [patients, out] = [0, 0];
  for (let i = 0; i < length; i += 1) {
    const tally = ended[outcome[i] ?? 0];
    const day = days[i] ?? 0;
    if (tally) tally[day] = (tally[day] ?? 0) + 1;
    if (i === 0 || patient[i] !== patient[i - 1]) patients += 1;
    const after = optedOut[i] ?? NOT_OPTED_OUT;
    if (after === NOT_OPTED_OUT) continue;
    out += 1;
    asOut[after] = (asOut[after] ?? 0) + 1;
    const column = otherwise[outcome[i] ?? 0];
    if (column) column[day] = (column[day] ?? 0) + 1;
  }
  const byOutcome: OutcomeCount[] = [];
  for (let time = 0; time <= longest; time += 1) {
    const count = {
      time,
      event: returned?.[time] ?? 0,
      competing: left?.[time] ?? 0,
      censored: open?.[time] ?? 0,
    };
    if (count.event + count.competing + count.censored > 0) byOutcome.push(count);
  }
  const moved = (how: number, time: number): number => otherwise[how]?.[time] ?? 0;
  const byFirst =
    out === 0
      ? byOutcome
      : Array.from({ length: longest + 1 }, (_, time) => ({
          time,
          event: (returned?.[time] ?? 0) - moved(RETURNED, time),
          competing: (left?.[time] ?? 0) - moved(LEFT, time) + (asOut[time] ?? 0),
          censored: (open?.[time] ?? 0) - moved(OPEN, time),
        })).filter(({ event, competing, censored }) => event + competing + censored > 0);
  const counts = byOutcome.map(({ time, event, competing, censored }) => ({
    time,
    events: event,
    censored: competing + censored,
  }));
  const curve = kaplanMeierOfCounts(counts);
  const sum = (column: Uint32Array | undefined): number => column?.reduce((total, n) => total + n, 0) ?? 0;
  return {
    cycles: length,
    patients,
    returned: sum(returned),
    left: sum(left),
    open: sum(open),
    optedOut: out,
    counts,
    curve,
    incidence: cumulativeIncidence(byFirst),
    spans: { cluster: patient, time: days, event: outcome },
    // An outcome of 1 is a return: the very column says whether a cycle had the event.
    clustered: robustSurvival({ cluster: patient, time: days, event: outcome }, curve),
    returnedWithin: (horizon) => sum(returned?.subarray(0, horizon + 1)),
    watchedFor: (horizon) => {
      const last = lastWatched(horizon, asOf);
      let [watched, back] = [0, 0];
      for (let i = 0; i < length; i += 1) {
        if ((treatedOn[i] ?? 0) > last) continue;
        watched += 1;
        if (outcome[i] === RETURNED && (days[i] ?? 0) <= horizon) back += 1;
      }
      return { watched, returned: back };
    },
  };
}
