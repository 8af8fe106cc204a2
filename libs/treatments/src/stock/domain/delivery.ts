import { DeliveryUncounted } from './stock.errors.js';

export interface Counted {
  readonly vials?: number | undefined;
  readonly serials?: readonly string[] | undefined;
}

/** One entry a vial, its serial or null: as many as counted, or as there are serials. @throws DeliveryUncounted */
export function vialsOf({ vials, serials = [] }: Counted): (string | null)[] {
  const count = vials ?? serials.length;
  const isOnce = new Set(serials).size === serials.length;
  if (count === 0 || serials.length > count || !isOnce)
    throw new DeliveryUncounted({ vials: vials ?? null, serials: serials.length, repeated: !isOnce });
  return Array.from({ length: count }, (_, nth) => serials[nth] ?? null);
}
