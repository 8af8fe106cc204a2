import type { Product } from '#catalogue';
import { NotADilution, NotADose, UnitsOfDifferentProducts } from './dose.errors.js';

/** Units *of a product*, as a whole number of hundredths: 4 U of onabotulinumtoxinA = 400. */
export interface Dose {
  readonly product: string;
  readonly hundredths: number;
}

/** How a vial was made up: `vialUnits` in `ml` of diluent (a liquid: its own volume). */
export interface Dilution {
  readonly vialUnits: number;
  readonly ml: number;
}

const MOST_HUNDREDTHS = 1_000_000;

/** @throws NotADose for zero, negative, non-finite, more than two decimals or beyond 10,000 units */
export function dose(product: string, units: number): Dose {
  const hundredths = Math.round(units * 100);
  const exact = Number.isFinite(units) && Math.abs(units * 100 - hundredths) < 1e-6;
  if (!exact || hundredths <= 0 || hundredths > MOST_HUNDREDTHS) throw new NotADose({ product, units });
  return { product, hundredths };
}

export const unitsOf = (hundredths: number): number => hundredths / 100;

/** The sum in hundredths; 0 for none. @throws UnitsOfDifferentProducts */
export function sumDoses(doses: readonly Dose[]): number {
  const products = [...new Set(doses.map(({ product }) => product))];
  if (products.length > 1) throw new UnitsOfDifferentProducts({ products });
  return doses.reduce((sum, { hundredths }) => sum + hundredths, 0);
}

/** Millilitres of the dose, rounded to 0.0001 mL: units × mL ÷ vial units. @throws NotADilution */
export function volumeMl(hundredths: number, { vialUnits, ml }: Dilution): number {
  if (!(vialUnits > 0 && ml > 0 && Number.isFinite(vialUnits) && Number.isFinite(ml))) {
    throw new NotADilution({ vialUnits, ml });
  }
  return Math.round((hundredths * ml * 100) / vialUnits) / 10_000;
}

/** The volume the label states for the dose in this dilution, from its "4 U per 0.1 mL"; null when it states none. */
export function labelVolumeMl(
  product: Product,
  hundredths: number,
  { vialUnits, ml }: Dilution,
): number | null {
  for (const [, units, per, condition] of product.concentration.matchAll(
    /(\d+(?:\.\d+)?) U per (\d+(?:\.\d+)?) mL(?: \(([^)]*)\))?/g,
  )) {
    const vials = [...(condition ?? '').matchAll(/(\d+(?:\.\d+)?) mL\/(\d+) U/g)];
    const meant = vials.length === 0 ? isLabelDilution(product, vialUnits, ml) : false;
    const named = vials.some(([, diluent, vial]) => Number(diluent) === ml && Number(vial) === vialUnits);
    if (meant || named) return Math.round((hundredths * Number(per) * 100) / Number(units)) / 10_000;
  }
  return null;
}

const isLabelDilution = (product: Product, vialUnits: number, ml: number): boolean =>
  product.vials.some((vial) => vial.units === vialUnits && [...vial.diluentMl, vial.volumeMl].includes(ml));

/** Labels round their volumes (Dysport 0.4167 → 0.40): up to 5 % apart is the label's rounding. */
export const LABEL_VOLUME_TOLERANCE = 0.05;

/** `exact`: the same; `label_rounding_tolerance`: within the label's rounding; `volume_outside_label`: beyond it. */
export function compareVolume(
  actualMl: number,
  labelMl: number,
): 'exact' | 'label_rounding_tolerance' | 'volume_outside_label' {
  const apart = Math.abs(actualMl - labelMl);
  if (apart < 1e-9) return 'exact';
  return apart <= labelMl * LABEL_VOLUME_TOLERANCE + 1e-9
    ? 'label_rounding_tolerance'
    : 'volume_outside_label';
}
