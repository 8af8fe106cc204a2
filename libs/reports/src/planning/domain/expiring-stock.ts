import type { CalendarDate } from '#kernel';

/** What is on hand of a lot; units are of its product and never mixed with another’s. */
export interface LotOnHand {
  readonly lotId: string;
  readonly lotNumber: string;
  readonly product: string;
  readonly expiresOn: CalendarDate;
  readonly vials: number;
  readonly units: number;
}

/** Units of a product that the open windows ask for on a day. */
export interface PlannedUse {
  readonly product: string;
  readonly on: CalendarDate;
  readonly units: number;
}

export interface LotOutlook extends LotOnHand {
  /** Of the units, those planned windows would take before the lot expires, and those left then. */
  readonly planned: number;
  readonly expiring: number;
}

/**
 * What each lot would have left on the day it expires, if patients came on their target days and whatever expires first
 * is taken first. A lot may be used through the day it expires. In the order in which lots expire.
 */
export function expiringBeforeUse(lots: readonly LotOnHand[], plan: readonly PlannedUse[]): LotOutlook[] {
  const byExpiry = lots.toSorted(
    (a, b) => inOrder(a.expiresOn, b.expiresOn) || inOrder(a.product, b.product) || inOrder(a.lotId, b.lotId),
  );
  const left = byExpiry.map(({ units }) => units);
  for (const { product, on, units } of plan.toSorted((a, b) => inOrder(a.on, b.on))) {
    let wanted = units;
    for (const [i, lot] of byExpiry.entries()) {
      if (lot.product !== product || lot.expiresOn < on) continue;
      const taken = Math.min(wanted, left[i] ?? 0);
      left[i] = (left[i] ?? 0) - taken;
      wanted -= taken;
    }
  }
  return byExpiry.map((lot, i) => {
    const expiring = hundredths(left[i] ?? 0);
    return { ...lot, planned: hundredths(lot.units - expiring), expiring };
  });
}

/** The same, a line a product. */
export function stockByProduct(
  lots: readonly LotOutlook[],
): Pick<LotOutlook, 'product' | 'vials' | 'units' | 'planned' | 'expiring'>[] {
  return [...Map.groupBy(lots, ({ product }) => product)]
    .toSorted(([a], [b]) => inOrder(a, b))
    .map(([product, members]) => {
      const sum = (what: 'vials' | 'units' | 'planned' | 'expiring'): number =>
        hundredths(members.reduce((total, lot) => total + lot[what], 0));
      return {
        product,
        vials: sum('vials'),
        units: sum('units'),
        planned: sum('planned'),
        expiring: sum('expiring'),
      };
    });
}

/** Units are kept to the hundredth; sums of binary fractions are not. */
const hundredths = (units: number): number => Math.round(units * 100) / 100;
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
