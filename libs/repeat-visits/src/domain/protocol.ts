import { type Catalogue, type Market, type ProtocolFigures, protocolFor } from '#catalogue';

/**
 * The figures in force for a clinic: the catalogue's, or the clinic's own in their place. `version` names the exact
 * set, so that a stored window can be replayed to the byte; `figures` must give the same answer every time.
 */
export interface Protocol {
  readonly version: string;
  figures(product: string, area: string): ProtocolFigures;
}

/**
 * The catalogue's own figures in one market, looked up once per product and area.
 * Its `figures` throws UnknownProduct or UnknownArea.
 */
export function catalogueProtocol(catalogue: Catalogue, market: Market): Protocol {
  const known = new Map<string, ProtocolFigures>();
  return {
    version: `catalogue/${catalogue.version}/${market}`,
    figures(product, area) {
      const key = `${product}\n${area}`;
      const found = known.get(key) ?? protocolFor(catalogue, { market, product, area });
      known.set(key, found);
      return found;
    },
  };
}
