import type { CycleColumns } from './cycle-columns.js';

/** Fewer patients than this in a cell could be told apart by somebody who knows one of them. */
export const FEWEST_PATIENTS = 5;

/** The whole clinic is no cell: that it has few patients tells nobody anything of one of them. */
export const isNarrow = (asked: object): boolean => Object.values(asked).some((value) => value !== undefined);

/** Whether so many are somebody, and too few. */
export const isFew = (patients: number): boolean => patients > 0 && patients < FEWEST_PATIENTS;

/** Whoever a report is told to. */
export interface Viewer {
  readonly permissions: ReadonlySet<string>;
}

/** Whether small numbers are told: to whoever may see charts, and of the clinic as a whole. */
export const tellsSmall = ({ permissions }: Viewer, asked: object): boolean =>
  permissions.has('charts:read') || !isNarrow(asked);

/** How many patients have cycles of the whole that are not in a part of it: they follow by subtraction. */
export function patientsBeside(whole: CycleColumns, part: CycleColumns): number {
  const most = whole.patient.subarray(0, whole.length).reduce((a, b) => Math.max(a, b), 0);
  const more = new Int32Array(most + 1);
  const count = ({ length, patient }: CycleColumns, by: number): void => {
    for (let i = 0; i < length; i += 1) more[patient[i] ?? 0] = (more[patient[i] ?? 0] ?? 0) + by;
  };
  count(whole, 1);
  count(part, -1);
  return more.reduce((patients, cycles) => (cycles > 0 ? patients + 1 : patients), 0);
}

/** A cell of a cut: its values, one a cut, and who is in it. */
interface Cell {
  readonly values: readonly string[];
  readonly patients: number;
  /** The first five of its patients, who are enough to say whether cells together have five. */
  readonly some: readonly number[];
  readonly cycles: number;
}

/**
 * Which groups of a cut are not told, by their place: those of fewer than five patients, and as many more as it takes
 * that none of them follows by subtraction from the totals one could ask for beside them (the same cut with one or
 * more of its parts left out, down to the whole).
 *
 * Coarse tables are decided first. A hidden cell of a coarser table keeps at least one of its parts hidden; in every
 * line of a table either none is hidden, or at least two that five or more different patients have together.
 */
export function smallCells(
  columns: CycleColumns,
  values: readonly (readonly string[])[],
): ReadonlySet<number> {
  const cuts = values[0]?.length ?? 0;
  const hidden = new Map<string, ReadonlySet<string>>();
  let leaves: ReadonlySet<string> = new Set();
  for (const kept of subsets(cuts)) {
    const cells = cellsOf(columns, values, kept);
    const own = new Set(
      [...cells].filter(([, { patients }]) => patients < FEWEST_PATIENTS).map(([key]) => key),
    );
    protectParts(cells, own, kept, hidden);
    protectLines(cells, own, kept);
    hidden.set(kept.join(), own);
    leaves = own;
  }
  return new Set(values.keys().filter((place) => leaves.has(keyOf(values[place] ?? []))));
}

/** Sets of cuts by their places, smaller ones first, the whole last; the empty one is the grand total. */
function subsets(cuts: number): number[][] {
  const all = Array.from({ length: 2 ** cuts }, (_, bits) =>
    Array.from({ length: cuts }, (__, cut) => cut).filter((cut) => bits & (1 << cut)),
  );
  return all.filter((kept) => kept.length > 0 || cuts === 0).toSorted((a, b) => a.length - b.length);
}

const keyOf = (values: readonly string[]): string => values.join('\n');
const pick = (values: readonly string[], kept: readonly number[]): string[] =>
  kept.map((cut) => values[cut] ?? '');

/** The table of fewer cuts that the same cycles make. A patient counts once a cell, however many treatments. */
function cellsOf(
  columns: CycleColumns,
  values: readonly (readonly string[])[],
  kept: readonly number[],
): ReadonlyMap<string, Cell> {
  const keys = values.map((all) => keyOf(pick(all, kept)));
  const places = new Map([...new Set(keys)].map((key, place) => [key, place]));
  const cellOf = Uint32Array.from(keys, (key) => places.get(key) ?? 0);
  const patients = new Uint32Array(places.size);
  const cycles = new Uint32Array(places.size);
  const last = new Float64Array(places.size).fill(-1);
  const some = new Uint32Array(places.size * FEWEST_PATIENTS);
  for (let i = 0; i < columns.length; i += 1) {
    const cell = cellOf[columns.group[i] ?? 0] ?? 0;
    cycles[cell] = (cycles[cell] ?? 0) + 1;
    const patient = columns.patient[i] ?? 0;
    if (last[cell] === patient) continue;
    last[cell] = patient;
    const before = patients[cell] ?? 0;
    if (before < FEWEST_PATIENTS) some[cell * FEWEST_PATIENTS + before] = patient;
    patients[cell] = before + 1;
  }
  return new Map(
    [...places].map(([key, place]) => {
      const count = patients[place] ?? 0;
      const first = place * FEWEST_PATIENTS;
      return [
        key,
        {
          values: key.split('\n'),
          patients: count,
          some: [...some.subarray(first, first + Math.min(count, FEWEST_PATIENTS))],
          cycles: cycles[place] ?? 0,
        },
      ];
    }),
  );
}

/** A cell that a coarser table hides must not be the sum of parts that this one tells. */
function protectParts(
  cells: ReadonlyMap<string, Cell>,
  own: Set<string>,
  kept: readonly number[],
  hidden: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [coarse, keys] of hidden) {
    const cuts = coarse.split(',').map(Number);
    if (cuts.length >= kept.length || !cuts.every((cut) => kept.includes(cut))) continue;
    const places = cuts.map((cut) => kept.indexOf(cut));
    const parts = Map.groupBy(cells, ([, { values }]) => keyOf(pick(values, places)));
    for (const key of keys) {
      const line = parts.get(key) ?? [];
      if (!line.some(([part]) => own.has(part))) hideSmallest(line, own);
    }
  }
}

/** Adds hidden cells until no line of the table gives one of them away. */
function protectLines(cells: ReadonlyMap<string, Cell>, own: Set<string>, kept: readonly number[]): void {
  for (let before = -1; before !== own.size;) {
    before = own.size;
    for (const across of kept.keys()) {
      const others = kept.map((_, place) => place).filter((place) => place !== across);
      for (const line of Map.groupBy(cells, ([, { values }]) => keyOf(pick(values, others))).values()) {
        const out = line.filter(([key]) => own.has(key));
        if (out.length === 0) continue;
        const patients = new Set(out.flatMap(([, { some }]) => some));
        if (out.length < 2 || patients.size < FEWEST_PATIENTS) hideSmallest(line, own);
      }
    }
  }
}

function hideSmallest(line: readonly (readonly [string, Cell])[], own: Set<string>): void {
  const [smallest] = line
    .filter(([key]) => !own.has(key))
    .toSorted(
      ([a, first], [b, second]) =>
        first.patients - second.patients || first.cycles - second.cycles || (a < b ? -1 : 1),
    );
  if (smallest) own.add(smallest[0]);
}
