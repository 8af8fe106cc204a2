import { MergeRefused } from './merging.errors.js';

interface Span {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Visits to come of a person, each marked where it overlaps another: two records could be booked at once. */
export const withConflicts = <Visit extends Span>(
  visits: readonly Visit[],
): (Visit & { conflict: boolean })[] =>
  visits.map((visit) => ({
    ...visit,
    conflict: visits.some(
      (other) => other !== visit && other.startsAt < visit.endsAt && visit.startsAt < other.endsAt,
    ),
  }));

interface Record {
  readonly id: string;
  readonly status: string;
}

/**
 * A record is not merged with itself, nor someone who died with someone who lives: one of the two is wrong and is put
 * right first. Who moved away and was registered anew is merged, and stands as the survivor does.
 * @throws MergeRefused
 */
export function assertMergeable(survivor: Record, duplicate: Record): void {
  if (survivor.id === duplicate.id) throw new MergeRefused({ because: 'same-record' });
  if ((survivor.status === 'deceased') !== (duplicate.status === 'deceased'))
    throw new MergeRefused({ because: 'only-one-died' });
}
