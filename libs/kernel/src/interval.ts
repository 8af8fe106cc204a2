/** A half-open span `[start, end)`; in scheduling both are epoch milliseconds. `start < end` always holds. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

export const overlaps = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;

/** Sorted, disjoint, non-touching spans that cover the same points. Empty and inverted spans vanish. */
export function union(spans: readonly Interval[]): Interval[] {
  const sorted = spans.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** What is left of `from` when `taken` is cut out. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = union(taken);
  const left: Interval[] = [];
  let first = 0;
  for (const span of union(from)) {
    while (first < holes.length && (holes[first]?.end ?? Infinity) <= span.start) first += 1;
    let start = span.start;
    for (let i = first; i < holes.length; i += 1) {
      const hole = holes[i];
      if (!hole || hole.start >= span.end) break;
      if (hole.start > start) left.push({ start, end: hole.start });
      start = Math.max(start, hole.end);
    }
    if (start < span.end) left.push({ start, end: span.end });
  }
  return left;
}

/** The points in both. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const [left, right] = [union(a), union(b)];
  const both: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const x = left[i];
    const y = right[j];
    if (!x || !y) break;
    const start = Math.max(x.start, y.start);
    const end = Math.min(x.end, y.end);
    if (start < end) both.push({ start, end });
    if (x.end < y.end) i += 1;
    else j += 1;
  }
  return both;
}

/** Whether one of the spans holds all of another. They must be sorted, disjoint and not touching, as all the above answer. */
export function holds(spans: readonly Interval[], { start, end }: Interval): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.end ?? Infinity) < end) low = middle + 1;
    else high = middle;
  }
  const candidate = spans[low];
  return candidate !== undefined && candidate.start <= start;
}
