import type { CalendarDate } from '#kernel';

/** Found to be the patient of another number, from a day until it was undone. */
export interface Union {
  readonly into: number;
  readonly recordedOn: CalendarDate;
  readonly undoneOn: CalendarDate | null;
}

/** By the patient's number, in the order they were recorded. */
export type Unions = ReadonlyMap<number, readonly Union[]>;

/** Under which number a patient was known on a day: the last survivor of the merges that stood then. */
export function survivorOf(unions: Unions, asOf: CalendarDate): (number: number) => number {
  const stood = new Map<number, number>();
  for (const [number, all] of unions) {
    const union = all.findLast(
      ({ recordedOn, undoneOn }) => recordedOn <= asOf && !(undoneOn !== null && undoneOn <= asOf),
    );
    if (union) stood.set(number, union.into);
  }
  return (number) => {
    let root = number;
    // As many steps as there are merges at most: a circle, which the register refuses, would end here too.
    for (let steps = 0; steps < stood.size; steps += 1) root = stood.get(root) ?? root;
    return root;
  };
}

/** Courses that stand alone, and those that are one patient's by asOf; both ascending by number. */
export function unite(
  words: Uint32Array,
  starts: Uint32Array,
  unions: Unions,
  asOf: CalendarDate,
): { readonly alone: Uint32Array; readonly united: readonly (readonly [number, readonly number[]])[] } {
  const rootOf = survivorOf(unions, asOf);
  const merged = [...unions.keys()].filter((number) => rootOf(number) !== number);
  if (merged.length === 0) return { alone: starts, united: [] };
  const concerned = new Set(merged.flatMap((number) => [number, rootOf(number)]));
  const isConcerned = (at: number): boolean => concerned.has(words[at] ?? 0);
  const members = Map.groupBy(starts.filter(isConcerned), (at) => rootOf(words[at] ?? 0));
  return {
    alone: starts.filter((at) => !isConcerned(at)),
    united: [...members].toSorted(([a], [b]) => a - b),
  };
}
