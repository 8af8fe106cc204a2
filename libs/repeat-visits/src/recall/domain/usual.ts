import type { CalendarDate } from '#kernel';

/** Treatments one patient had from one person at one place. */
export interface TreatedThere {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly times: number;
  readonly lastOn: CalendarDate;
}

/** Where and with whom a patient usually is treated. */
export interface Usual {
  /** null: never treated. */
  readonly practitionerId: string | null;
  /** Every place the patient was treated at, the usual one first. */
  readonly locationIds: readonly string[];
}

/** Whoever treated the patient most, and where; of two who did alike, the last. Independent of the order given. */
export function usualOf(treated: readonly TreatedThere[]): Usual {
  const [practitionerId = null] = mostFirst(treated, (one) => one.practitionerId);
  return { practitionerId, locationIds: mostFirst(treated, (one) => one.locationId) };
}

function mostFirst(treated: readonly TreatedThere[], keyOf: (one: TreatedThere) => string): string[] {
  const sums = [...Map.groupBy(treated, keyOf)].map(([key, all]) => ({
    key,
    times: all.reduce((sum, { times }) => sum + times, 0),
    lastOn:
      all
        .map((one) => one.lastOn)
        .toSorted()
        .at(-1) ?? '',
  }));
  const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return sums
    .toSorted((a, b) => b.times - a.times || order(b.lastOn, a.lastOn) || order(a.key, b.key))
    .map(({ key }) => key);
}
