import { productOf, type Catalogue } from '#catalogue';
import { addDays, type CalendarDate } from '#kernel';

import type { Chance } from '../chance.js';
import type { Clinic } from './clinic.js';
import type { Records } from '../rows.js';

export interface Lot {
  readonly id: string;
  readonly product: string;
  readonly number: string;
  readonly receivedOn: CalendarDate;
  readonly expiresOn: CalendarDate;
  /** The last day it was used, where a recall ended that. */
  readonly usedUntil: CalendarDate | null;
}

/** Deliveries every five months of each product; of the first product one lot ran out and one was recalled. */
export function stock(
  clinic: Clinic,
  catalogue: Catalogue,
  chance: Chance,
  records: Records,
  today: CalendarDate,
): Lot[] {
  const { plan } = clinic;
  const lots = plan.products.flatMap(([product], nth) => {
    const deliveries = Array.from({ length: Math.ceil((plan.days + 60) / 150) + 1 }, (_, i): Lot => ({
      id: chance.id(new Date(`${addDays(today, -plan.days - 30)}T08:00:00Z`)),
      product,
      number: `${'CHKR'[nth] ?? 'L'}${chance.whole(10_000, 99_999)}`,
      receivedOn: addDays(today, -plan.days - 30 + 150 * i),
      expiresOn: addDays(today, -plan.days - 30 + 150 * i + 540),
      usedUntil: null,
    }));
    const received = deliveries.filter(({ receivedOn }) => receivedOn <= today);
    if (nth > 0) return received;
    const special = (number: string, from: number, to: number, until: number | null): Lot => ({
      id: chance.id(new Date(`${addDays(today, from)}T08:00:00Z`)),
      product,
      number,
      receivedOn: addDays(today, from),
      expiresOn: addDays(today, to),
      usedUntil: until === null ? null : addDays(today, until),
    });
    return [...received, special('C0EXPIRED', -430, -20, null), special('C1RECALL', -130, 400, -75)];
  });
  for (const { id, product, number, receivedOn, expiresOn, usedUntil } of lots) {
    const vials = productOf(catalogue, product).vials.filter(
      ({ markets }) => markets === null || markets.includes(plan.market),
    );
    records.add('lot', {
      id,
      product_id: product,
      number,
      expires_on: expiresOn,
      vial_units: Math.max(...vials.map(({ units }) => units)),
      status: usedUntil === null ? 'in-use' : 'recalled',
      received_on: receivedOn,
      received_by: clinic.prescribers[0],
    });
  }
  return lots;
}

/** A lot of the product that was there and in date on the day. */
export function lotFor(lots: readonly Lot[], product: string, day: CalendarDate, chance: Chance): Lot {
  return chance.one(
    lots.filter(
      (lot) =>
        lot.product === product &&
        lot.receivedOn <= day &&
        day <= lot.expiresOn &&
        (lot.usedUntil === null || day <= lot.usedUntil),
    ),
  );
}
