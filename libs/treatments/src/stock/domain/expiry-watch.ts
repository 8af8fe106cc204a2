import { daysBetween, type CalendarDate } from '#kernel';

/** A lot at a location, units as whole hundredths of its product. */
export interface StockedLot {
  readonly lotId: string;
  readonly product: string;
  readonly locationId: string;
  readonly expiresOn: CalendarDate;
  readonly hundredths: number;
}

/** What a location uses of a product, in hundredths. */
export interface Use {
  readonly product: string;
  readonly locationId: string;
  /** Cleared and planned, not yet given. */
  readonly planned: number;
  /** Given in the days before today that `days` counts. */
  readonly given: number;
  readonly days: number;
}

export interface ExpiryForecast {
  readonly daysLeft: number;
  readonly planned: number;
  /** Hundredths that will be used of this lot before it expires, if lots are used first-expired first. */
  readonly expected: number;
  /** What will be left of it on its last day. */
  readonly atRisk: number;
}

/**
 * How much of each lot will be left when it expires: the location goes on as in the days before, and at least gives what is
 * planned. Lots that expire first are used first; one that is over already is wholly at risk.
 */
export function watchExpiry<Lot extends StockedLot>(
  lots: readonly Lot[],
  uses: readonly Use[],
  on: CalendarDate,
): (Lot & ExpiryForecast)[] {
  const shelf = Map.groupBy(lots, ({ locationId, product }) => `${locationId} ${product}`);
  return [...shelf.values()].flatMap((same) => {
    const [first] = same;
    const use = uses.find(
      ({ locationId, product }) => locationId === first?.locationId && product === first.product,
    );
    let before = 0;
    return same.toSorted(firstExpired).map((lot) => {
      const daysLeft = daysBetween(on, lot.expiresOn);
      const until = usedUntil(use, daysLeft);
      const expected = Math.max(0, Math.min(lot.hundredths, until - before));
      before += expected;
      return {
        ...lot,
        daysLeft,
        planned: use?.planned ?? 0,
        expected,
        atRisk: lot.hundredths - expected,
      };
    });
  });
}

/** Hundredths used from today to the last day, both included. */
function usedUntil(use: Use | undefined, daysLeft: number): number {
  if (use === undefined || daysLeft < 0) return 0;
  return Math.max(use.planned, Math.floor((use.given * (daysLeft + 1)) / use.days));
}

const firstExpired = (a: StockedLot, b: StockedLot): number =>
  a.expiresOn === b.expiresOn ? (a.lotId < b.lotId ? -1 : 1) : a.expiresOn < b.expiresOn ? -1 : 1;
