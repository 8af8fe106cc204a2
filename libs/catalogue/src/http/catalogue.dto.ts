import { SourceView } from './cited.dto.js';
import { BrandView } from './product.dto.js';

export class AreaView {
  /** @example glabella */
  id!: string;

  /** @example Glabellar lines (frown lines) */
  name!: string;
  muscles!: string[];
  laterality!: string | null;

  /** No product of the catalogue is licensed for it anywhere. */
  offLabelOnly!: boolean;
}

export class ProductSummary {
  /** @example ona */
  id!: string;

  /** @example onabotulinumtoxinA */
  inn!: string;

  /** Units belong to the product and are never compared with another's. */
  unitLabel!: string;

  /** Brands of the clinic's market. */
  brands!: BrandView[];

  /** Areas on its label in the clinic's market. */
  areasOnLabel!: string[];
}

export class CatalogueView {
  /** Counts up with every published change. */
  release!: number;

  /** The day the data was compiled. */
  version!: string;
  market!: string;
  disclaimer!: string;
  products!: ProductSummary[];
  areas!: AreaView[];
  sources!: SourceView[];
}
