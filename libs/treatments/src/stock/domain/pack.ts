import type { Catalogue, Market, Pack } from '#catalogue';

import { PackOfOtherProduct, PackOfOtherStrength } from './stock.errors.js';

export interface ReceivedPack {
  readonly product: string;
  readonly gtin: string | null;
  readonly vialUnits: number;
}

/**
 * A pack the catalogue does not know is received with a warning: somebody compares it with the product's name. One of a
 * brand that is not licensed in the market is too: somebody asks where it came from.
 */
export type PackWarning = 'gtin_unknown' | 'gtin_missing' | 'brand_of_other_market';

/**
 * Compares the code of a pack with what it is received as. `earlier` is the product this code was received as before.
 * @throws PackOfOtherProduct, PackOfOtherStrength
 */
export function comparePack(
  { codes, products }: Pick<Catalogue, 'codes' | 'products'>,
  { product, gtin, vialUnits }: ReceivedPack,
  earlier: string | null,
  market: Market,
): PackWarning[] {
  if (gtin === null) return ['gtin_missing'];
  const pack = codes.packs.find((one) => itemOf(one.gtin) === itemOf(gtin));
  if (pack === undefined) {
    if (earlier !== null && earlier !== product)
      throw new PackOfOtherProduct({ gtin, product, packProduct: earlier, packBrand: null });
    return ['gtin_unknown'];
  }
  const brands = products.flatMap(({ id, brands: own }) => own.map((brand) => ({ ...brand, id })));
  const known = brands.find(({ brand }) => brand === pack.brand);
  const packProduct = known?.id;
  if (packProduct !== product)
    throw new PackOfOtherProduct({ gtin, product, packProduct, packBrand: pack.brand });
  assertStrength(pack, vialUnits);
  return known?.markets.includes(market) ? [] : ['brand_of_other_market'];
}

/** The item a GTIN names, without its packaging level and check digit: a vial and a box of ten of it are the same item. */
const itemOf = (gtin: string): string => gtin.padStart(14, '0').slice(1, 13);

function assertStrength({ gtin, brand, vialUnits: packUnits }: Pack, vialUnits: number): void {
  if (packUnits !== null && packUnits !== vialUnits)
    throw new PackOfOtherStrength({ gtin, packBrand: brand, packUnits, vialUnits });
}
