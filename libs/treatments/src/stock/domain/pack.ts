import type { Catalogue, Pack } from '#catalogue';

import { PackOfOtherProduct, PackOfOtherStrength } from './stock.errors.js';

export interface ReceivedPack {
  readonly product: string;
  readonly gtin: string | null;
  readonly vialUnits: number;
}

/** A pack the catalogue does not know is received with a warning: somebody compares it with the product's name. */
export type PackWarning = 'gtin_unknown' | 'gtin_missing';

/**
 * Compares the code of a pack with what it is received as. `earlier` is the product this code was received as before.
 * @throws PackOfOtherProduct, PackOfOtherStrength
 */
export function comparePack(
  { codes, products }: Pick<Catalogue, 'codes' | 'products'>,
  { product, gtin, vialUnits }: ReceivedPack,
  earlier: string | null,
): PackWarning[] {
  if (gtin === null) return ['gtin_missing'];
  const pack = codes.packs.find((known) => itemOf(known.gtin) === itemOf(gtin));
  if (pack === undefined) {
    if (earlier !== null && earlier !== product)
      throw new PackOfOtherProduct({ gtin, product, packProduct: earlier, packBrand: null });
    return ['gtin_unknown'];
  }
  const packProduct = products.find(({ brands }) => brands.some(({ brand }) => brand === pack.brand))?.id;
  if (packProduct !== product)
    throw new PackOfOtherProduct({ gtin, product, packProduct, packBrand: pack.brand });
  assertStrength(pack, vialUnits);
  return [];
}

/** The item a GTIN names, without its packaging level and check digit: a vial and a box of ten of it are the same item. */
const itemOf = (gtin: string): string => gtin.padStart(14, '0').slice(1, 13);

function assertStrength({ gtin, brand, vialUnits: packUnits }: Pack, vialUnits: number): void {
  if (packUnits !== null && packUnits !== vialUnits)
    throw new PackOfOtherStrength({ gtin, packBrand: brand, packUnits, vialUnits });
}
