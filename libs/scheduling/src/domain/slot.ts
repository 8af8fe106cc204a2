import { wallIn } from '#kernel';

/**
 * One way to book: a time with one practitioner and one free room. `[startsAt, endsAt)` is the visit itself, without
 * buffers. `roomId` is null for types that need no room.
 */
export interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly practitionerId: string;
  readonly roomId: string | null;
}

/**
 * The `count` start times nearest to the wanted one, nearest first (of two equally near the earlier), each with one
 * practitioner: the wanted one where free, else the first listed. Three different times help a caller on the phone
 * more than three people at one time.
 */
export function nearestFree(
  slots: readonly Slot[],
  wanted: { readonly startsAt: Date; readonly practitionerId?: string },
  count = 3,
): Slot[] {
  const byStart = new Map<number, Slot>();
  for (const slot of slots) {
    const known = byStart.get(slot.startsAt.getTime());
    if (
      !known ||
      (slot.practitionerId === wanted.practitionerId && known.practitionerId !== wanted.practitionerId)
    )
      byStart.set(slot.startsAt.getTime(), slot);
  }
  const goal = wanted.startsAt.getTime();
  return [...byStart.entries()]
    .toSorted(([a], [b]) => Math.abs(a - goal) - Math.abs(b - goal) || a - b)
    .slice(0, count)
    .map(([, slot]) => slot);
}

/** The wall clock of the location, `YYYY-MM-DDTHH:MM`: what the patient is told. */
export const localTimeOf = (at: Date, zone: string): string => wallIn(at, zone);
