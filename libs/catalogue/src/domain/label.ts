import {
  indicationOf,
  isLicensed,
  MARKETS,
  productOf,
  type Catalogue,
  type Cited,
  type Indication,
  type Market,
} from './catalogue.js';

/** Platysma bands a side: they decide the label's total. */
export interface Bands {
  readonly left: number;
  readonly right: number;
}

/** The label's row for a product and area in a market; null: the use is off-label there. */
export function labelIn(
  catalogue: Catalogue,
  market: Market,
  product: string,
  area: string,
): Indication | null {
  const row = indicationOf(catalogue, product, area);
  return row?.markets.includes(market) && isLicensed(productOf(catalogue, product), market) ? row : null;
}

/** The label's total units for the area, and the highest it allows in this market. */
export function labelTotals(
  label: Indication,
  market: Market,
  bands?: Bands,
): { readonly base: number; readonly increased: number } {
  const base = label.totalUnits.max;
  const byBands = label.alternatives.find(
    (row) =>
      bands &&
      row.bands &&
      row.bands.left + row.bands.right === bands.left + bands.right &&
      Math.max(row.bands.left, row.bands.right) === Math.max(bands.left, bands.right),
  );
  if (byBands) return { base: byBands.unitsMax, increased: byBands.unitsMax };
  const allowed = label.alternatives
    .filter((row) => row.markets?.includes(market))
    .map((row) => row.unitsMax);
  return { base, increased: Math.max(base, ...allowed) };
}

/** Why a planned use is off-label: the codes the dose guard uses, too. */
export type OffLabelMark =
  | 'unlicensed_product'
  | 'off_label_area'
  | `above_label_total(${number})`
  | `requires_same_session:${string}`;

/**
 * What takes one planned area off the label of its market; empty when it is on label. `together`: all that is planned.
 * @throws UnknownProduct
 */
export function offLabelMarks(
  catalogue: Catalogue,
  market: Market,
  planned: { readonly product: string; readonly area: string; readonly units: number },
  together: readonly { readonly product: string; readonly area: string }[],
): OffLabelMark[] {
  if (!isLicensed(productOf(catalogue, planned.product), market)) return ['unlicensed_product'];
  const label = labelIn(catalogue, market, planned.product, planned.area);
  if (label === null) return ['off_label_area'];
  const { increased } = labelTotals(label, market);
  const partner = label.requiresAreaSameSession;
  const hasPartner = together.some(({ product, area }) => product === planned.product && area === partner);
  return [
    ...(planned.units > increased ? [`above_label_total(${increased})` as const] : []),
    ...(partner !== null && !hasPartner ? [`requires_same_session:${partner}` as const] : []),
  ];
}

/** One cell of the table product × market × area. */
export interface LabelCell extends Cited {
  readonly product: string;
  readonly market: Market;
  readonly area: string;
  readonly licensed: boolean;
  readonly onLabel: boolean;
  /** Units of the product; null off label. */
  readonly unitsMin: number | null;
  readonly unitsMax: number | null;
  readonly requiresAreaSameSession: string | null;
}

/** Every product in every market and area: licensed or not, on label or not, and within which units. */
export const labelTable = (catalogue: Catalogue): LabelCell[] =>
  catalogue.products.flatMap((product) =>
    MARKETS.flatMap((market) =>
      catalogue.areas.map(({ id: area }): LabelCell => {
        const label = labelIn(catalogue, market, product.id, area);
        return {
          product: product.id,
          market,
          area,
          licensed: isLicensed(product, market),
          onLabel: label !== null,
          unitsMin: label?.totalUnits.min ?? null,
          unitsMax: label ? labelTotals(label, market).increased : null,
          requiresAreaSameSession: label?.requiresAreaSameSession ?? null,
          sources: label?.sources ?? [],
          confidence: label?.confidence ?? 'policy (POL)',
        };
      }),
    ),
  );
