import type { Catalogue, Market } from './catalogue.js';
import { type ProtocolFigures, protocolFor } from './protocol.js';

/** A catalogue as it was published: `release` counts up, so it names the data exactly. */
export interface PublishedCatalogue extends Catalogue {
  readonly release: number;
}

/** Figures a clinic decided on, in place of the catalogue's. */
export interface ClinicFigures {
  /** Counts up by clinic, product and area. */
  readonly version: number;
  readonly figures: ProtocolFigures;
}

/** The figures of a market that hold now: the catalogue's, or the clinic's own over them. */
export interface ProtocolInForce {
  /** Names the exact set of figures, for replay. */
  readonly version: string;
  /** @throws UnknownProduct, UnknownArea */
  figures(product: string, area: string): ProtocolFigures;
  /** Who decided on the figures of a pair, and in which version. */
  origin(
    product: string,
    area: string,
  ): { readonly origin: 'catalogue' | 'clinic'; readonly version: number };
}

const keyOf = (product: string, area: string): string => `${product} ${area}`;

/** The clinic's own figures of another market are not its figures any more. */
export function protocolInForce(
  catalogue: PublishedCatalogue,
  market: Market,
  own: readonly ClinicFigures[] = [],
): ProtocolInForce {
  const known = new Map<string, ProtocolFigures>();
  const clinics = new Map(
    own
      .filter(({ figures }) => figures.market === market)
      .map((one) => [keyOf(one.figures.product, one.figures.area), one]),
  );
  const edits = [...clinics].map(([key, { version }]) => `${key.replace(' ', '.')}.${version}`).toSorted();
  return {
    version: [`catalogue/${catalogue.release}/${market}`, ...edits].join('+'),
    figures(product, area) {
      const key = keyOf(product, area);
      const found =
        clinics.get(key)?.figures ?? known.get(key) ?? protocolFor(catalogue, { market, product, area });
      known.set(key, found);
      return found;
    },
    origin(product, area) {
      const edit = clinics.get(keyOf(product, area));
      return edit
        ? { origin: 'clinic', version: edit.version }
        : { origin: 'catalogue', version: catalogue.release };
    },
  };
}

/** Every pair the catalogue or the clinic has a figure for, of the products licensed in the market or decided on. */
export function pairsInForce(
  catalogue: Catalogue,
  licensed: readonly string[],
  own: readonly ClinicFigures[],
): { readonly product: string; readonly area: string }[] {
  const pairs = [...catalogue.indications, ...catalogue.offLabelExamples].filter(({ product }) =>
    licensed.includes(product),
  );
  const all = [...pairs, ...own.map(({ figures }) => figures)];
  return [...new Map(all.map(({ product, area }) => [keyOf(product, area), { product, area }])).values()];
}
