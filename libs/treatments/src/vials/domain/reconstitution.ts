import type { Market, Product } from '#catalogue';
import { boundaryOf, dateIn, type CalendarDate } from '#kernel';

import { DilutionOutsideLabel, NoReconstitution, ReconstitutionMissing } from '../../domain/vials.errors.js';

export const DILUENTS = ['sodium-chloride-0.9', 'sodium-chloride-0.9-bacteriostatic', 'other'] as const;
export type Diluent = (typeof DILUENTS)[number];

export interface Reconstitution {
  readonly diluent: Diluent;
  readonly ml: number;
  readonly diluentLot: string | null;
  /** Why it is made up otherwise than the label says. */
  readonly reason: string | null;
}

/**
 * Refuses to make up what is ready to use, to leave a powder dry, and to leave the label's volumes or its unpreserved
 * saline without a reason. @throws NoReconstitution, ReconstitutionMissing, DilutionOutsideLabel
 */
export function assertReconstitution(
  product: Product,
  vialUnits: number,
  market: Market,
  made: Reconstitution | null,
): void {
  if (product.liquid) {
    if (made !== null) throw new NoReconstitution({ product: product.id });
    return;
  }
  if (made === null) throw new ReconstitutionMissing({ product: product.id });
  if (isOnLabel(product, vialUnits, market, made) || made.reason !== null) return;
  const labelMl = labelVolumes(product, vialUnits, market);
  throw new DilutionOutsideLabel({ ml: made.ml, diluent: made.diluent, labelMl });
}

export const isOnLabel = (
  product: Product,
  vialUnits: number,
  market: Market,
  { diluent, ml }: Pick<Reconstitution, 'diluent' | 'ml'>,
): boolean => diluent === 'sodium-chloride-0.9' && labelVolumes(product, vialUnits, market).includes(ml);

/** Volumes the label of the market gives for a vial of this strength; a liquid has its own. */
export const labelVolumes = ({ vials }: Product, vialUnits: number, market: Market): number[] =>
  vials
    .filter(({ units, markets }) => units === vialUnits && (markets === null || markets.includes(market)))
    .flatMap(({ diluentMl, volumeMl }) => (volumeMl === null ? diluentMl : [volumeMl]));

/** Units in 0.1 mL, rounded to 0.0001: how the labels state a concentration. */
export const unitsPerTenthMl = (vialUnits: number, ml: number): number =>
  Math.round((vialUnits * 1000) / ml) / 10_000;

/**
 * When an opened vial may be used no more: after the product's in-use hours, elapsed time whatever the clocks do; where the
 * label allows one session, at the end of the day; never after the end of its expiry day.
 */
export function useByOf(
  { hours }: Pick<Product['inUse'], 'hours'>,
  openedAt: Date,
  expiresOn: CalendarDate,
  zone: string,
): Date {
  const over =
    hours === null
      ? boundaryOf(dateIn(openedAt, zone), '24:00', zone)
      : new Date(openedAt.getTime() + hours * 3_600_000);
  const expiry = boundaryOf(expiresOn, '24:00', zone);
  return over < expiry ? over : expiry;
}
