import type { Product } from '#catalogue';
import { unitsOf } from './dose.js';
import type { DoseFinding } from './dose-finding.js';

/** The most units in one point, against the product's site maximum. */
export function siteFindings(
  product: Product,
  area: string,
  points: readonly { readonly hundredths: number }[],
): DoseFinding[] {
  const limit = product.siteMax;
  const most = unitsOf(Math.max(...points.map(({ hundredths }) => hundredths)));
  if (!limit || (limit.area !== 'any' && limit.area !== area) || most <= limit.units) return [];
  // A site maximum only the EU label states (the UK text is the same) is shown in every market with that origin.
  const origin = limit.confidence === 'label (EU)' ? ' [EU/UK]' : '';
  return [
    {
      code: 'above_site_max',
      flag: `above_site_max(${limit.units})${origin}`,
      severity: 'prescriber-decision',
      offLabel: true,
      product: product.id,
      area,
      limit: limit.units,
      actual: most,
      sources: limit.sources,
      confidence: limit.confidence,
    },
  ];
}

/** All units of the product in one session, against its session maximum. */
export function sessionFindings(product: Product, hundredths: number): DoseFinding[] {
  const limit = product.cumulativeMax;
  if (limit?.per !== 'session' || limit.units === null || unitsOf(hundredths) <= limit.units) return [];
  return [
    {
      code: 'above_session_max',
      flag: `above_session_max(${limit.units})`,
      severity: 'prescriber-decision',
      offLabel: true,
      product: product.id,
      area: null,
      limit: limit.units,
      actual: unitsOf(hundredths),
      sources: limit.sources,
      confidence: limit.confidence,
    },
  ];
}
