import { toEpochDay, type CalendarDate } from '#kernel';
import type { ReturnCycle } from '../return-cycles.js';

/** How a cycle ended, as it stands in a column. */
export const OPEN = 0;
export const RETURNED = 1;
export const LEFT = 2;
/** Longer than any cycle. */
export const NOT_OPTED_OUT = 65_535;

/** Cycles side by side, a place in each column a cycle; those of one patient (and group) stand together. */
export interface CycleColumns {
  readonly length: number;
  readonly patient: Uint32Array;
  /** Days since 1970. */
  readonly treatedOn: Uint16Array;
  readonly days: Uint16Array;
  readonly outcome: Uint8Array;
  /** Days after which the patient asked not to be contacted, before the cycle ended; `NOT_OPTED_OUT` where not. */
  readonly optedOut: Uint16Array;
  /** Which group of a cut it belongs to. */
  readonly group: Uint32Array;
}

export function emptyColumns(capacity: number): CycleColumns {
  return {
    length: capacity,
    patient: new Uint32Array(capacity),
    treatedOn: new Uint16Array(capacity),
    days: new Uint16Array(capacity),
    outcome: new Uint8Array(capacity),
    optedOut: new Uint16Array(capacity).fill(NOT_OPTED_OUT),
    group: new Uint32Array(capacity),
  };
}

/** A stretch of columns, sharing their memory. */
export const stretch = (columns: CycleColumns, from: number, to: number): CycleColumns => ({
  length: to - from,
  patient: columns.patient.subarray(from, to),
  treatedOn: columns.treatedOn.subarray(from, to),
  days: columns.days.subarray(from, to),
  outcome: columns.outcome.subarray(from, to),
  optedOut: columns.optedOut.subarray(from, to),
  group: columns.group.subarray(from, to),
});

/** The cycles of each of `groups` groups, in the order they had: one counting sort, whatever the number of groups. */
export function byGroup(columns: CycleColumns, groups: number): CycleColumns[] {
  if (groups === 1) return [columns];
  const ends = new Uint32Array(groups + 1);
  for (let i = 0; i < columns.length; i += 1) {
    const next = (columns.group[i] ?? 0) + 1;
    ends[next] = (ends[next] ?? 0) + 1;
  }
  for (let g = 1; g <= groups; g += 1) ends[g] = (ends[g] ?? 0) + (ends[g - 1] ?? 0);
  const next = ends.slice();
  const sorted = emptyColumns(columns.length);
  for (let i = 0; i < columns.length; i += 1) {
    const group = columns.group[i] ?? 0;
    const to = next[group] ?? 0;
    next[group] = to + 1;
    sorted.patient[to] = columns.patient[i] ?? 0;
    sorted.treatedOn[to] = columns.treatedOn[i] ?? 0;
    sorted.days[to] = columns.days[i] ?? 0;
    sorted.outcome[to] = columns.outcome[i] ?? 0;
    sorted.optedOut[to] = columns.optedOut[i] ?? NOT_OPTED_OUT;
    sorted.group[to] = group;
  }
  return Array.from({ length: groups }, (_, g) => stretch(sorted, ends[g] ?? 0, ends[g + 1] ?? 0));
}

const OUTCOMES = { open: OPEN, returned: RETURNED, left: LEFT } as const;

/** Cycles as the plain rule tells them, in columns. */
export function columnsOf(cycles: readonly ReturnCycle[]): CycleColumns {
  const columns = emptyColumns(cycles.length);
  let at = 0;
  for (const [index, members] of [...Map.groupBy(cycles, ({ patientId }) => patientId).values()].entries()) {
    for (const { treatedOn, days, outcome, optedOutAfter } of members) {
      columns.patient[at] = index;
      columns.treatedOn[at] = toEpochDay(treatedOn);
      columns.days[at] = days;
      columns.outcome[at] = OUTCOMES[outcome];
      columns.optedOut[at] = optedOutAfter ?? NOT_OPTED_OUT;
      at += 1;
    }
  }
  return columns;
}

/** The last treatment day, since 1970, that lies at least `days` before asOf. */
export const lastWatched = (days: number, asOf: CalendarDate): number => toEpochDay(asOf) - days;
