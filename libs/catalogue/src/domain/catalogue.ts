import type { Offset } from '#kernel';
import { UnknownArea, UnknownProduct } from './catalogue.errors.js';
import type { SafetyRule } from './safety-rule.js';

export const MARKETS = ['US', 'EU', 'UK', 'CH'] as const;
export type Market = (typeof MARKETS)[number];

export const isMarket = (text: unknown): text is Market => MARKETS.some((market) => market === text);

/** The form of the id of a product, an area, a muscle, a screening question. */
export const CATALOGUE_ID = /^[a-z][a-z0-9_]{1,40}$/;

/** Where a figure comes from: keys of `Catalogue.sources`, and how far it can be trusted, in the data's words. */
export interface Cited {
  readonly sources: readonly string[];
  readonly confidence: string;
}

export interface Source {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly section: string | null;
}

export interface Area {
  readonly id: string;
  readonly name: string;
  readonly muscles: readonly string[];
  readonly laterality: string | null;
  /** True for an area no product of this catalogue is licensed for anywhere. */
  readonly offLabelOnly: boolean;
}

export interface Brand {
  readonly brand: string;
  readonly markets: readonly Market[];
  readonly holder: string;
}

/** A pack: either a powder with the label's diluent volumes, or a liquid with its own volume. */
export interface VialSize {
  readonly units: number;
  readonly diluentMl: readonly number[];
  readonly volumeMl: number | null;
  /** Null: every market of the product. */
  readonly markets: readonly Market[] | null;
}

/** How long an opened or reconstituted vial may be used. `hours` null: the one session it was opened for. */
export interface InUse extends Cited {
  readonly hours: number | null;
  readonly temperatureC: readonly [number, number] | null;
  readonly note: string | null;
}

export interface UpperAge {
  /** Completed years; `including`: already someone of exactly this age is outside the licence. */
  readonly years: number;
  readonly including: boolean;
  readonly wording: string;
  readonly sources: readonly string[];
}

export interface LabelInterval extends Cited {
  readonly offset: Offset;
  readonly wording: string;
}

export interface ManufacturerInterval extends Cited {
  readonly days: number;
  readonly note: string | null;
}

/** A ceiling on units of this product, per session or over a trailing span; a text-only advice has no `units`. */
export interface CumulativeMaximum extends Cited {
  readonly units: number | null;
  readonly per: Offset | 'session' | null;
  readonly wording: string;
}

export interface SiteMaximum extends Cited {
  /** An area id, or `any`. */
  readonly area: string;
  readonly units: number;
}

export interface Product {
  readonly id: string;
  readonly inn: string;
  readonly unitLabel: string;
  readonly ucum: string;
  readonly liquid: boolean;
  readonly brands: readonly Brand[];
  readonly excipients: readonly string[];
  /** Null: not known. */
  readonly cowMilkProtein: boolean | null;
  readonly blackTriangle: boolean | null;
  readonly vials: readonly VialSize[];
  readonly concentration: string;
  readonly inUse: InUse;
  readonly minimumAge: number;
  readonly upperAge: Readonly<Partial<Record<Market, UpperAge>>>;
  readonly minInterval: Readonly<Partial<Record<Market, LabelInterval>>>;
  readonly manufacturerMinDays: ManufacturerInterval | null;
  readonly cumulativeMax: CumulativeMaximum | null;
  readonly siteMax: SiteMaximum | null;
  readonly onset: string;
  readonly peak: string;
  readonly regulatoryNote: string | null;
}

/** What the label says of one product in one area, in the markets named. */
export interface Indication extends Cited {
  readonly product: string;
  readonly area: string;
  readonly markets: readonly Market[];
  readonly totalUnits: { readonly min: number; readonly max: number };
  readonly points: number | null;
  /** Units the label allows in one point; several values are alternatives. */
  readonly unitsPerPoint: readonly number[];
  readonly volumeMl: number | null;
  readonly requiresAreaSameSession: string | null;
  readonly alternatives: readonly DoseAlternative[];
  readonly windowProfile: string;
  readonly windowConfidence: string;
  readonly note: string | null;
}

/** Another total the label allows: a higher one in some markets, or one by number of platysma bands. */
export interface DoseAlternative {
  readonly markets: readonly Market[] | null;
  readonly unitsMax: number;
  readonly ml: number | null;
  readonly bands: { readonly left: number; readonly right: number } | null;
  readonly note: string | null;
}

export interface OffLabelExample extends Cited {
  readonly product: string;
  readonly area: string;
  readonly units: string;
  readonly targetWeeks: number;
  readonly reviewDays: readonly [number, number] | null;
}

/** Weeks after the last full treatment. `from` null: the window opens at the earliest permitted date. */
export interface WindowProfile {
  readonly id: string;
  readonly from: number | null;
  readonly target: number;
  readonly to: number;
  readonly lapse: number;
}

export interface PolicyDefaults {
  readonly touchUpFromDay: number;
  readonly touchUpToDay: number;
  readonly touchUpCountsForInterval: boolean;
  readonly reviewFromDay: number;
  readonly reviewToDay: number;
  readonly nonResponseDay: number;
}

export interface AdverseEventTerm {
  readonly term: string;
  readonly onsetDays: readonly [number, number];
  readonly severityFlag: string;
  readonly frequency: string;
  /** Area ids or `all`. */
  readonly areas: readonly string[];
  readonly review: string;
}

export interface PackageCode {
  readonly brand: string;
  readonly strength: string;
  readonly ndc: string;
  readonly gtin14: string | null;
  readonly rxcuis: readonly string[];
  readonly sources: readonly string[];
  readonly confidence: string;
}

/** The code on a pack: whose it is. */
export interface Pack {
  /** 14 digits, leading zeros included. */
  readonly gtin: string;
  readonly brand: string;
  /** Units in one vial; null where the source does not say. */
  readonly vialUnits: number | null;
}

export interface Codes {
  readonly packs: readonly Pack[];
  readonly packages: readonly PackageCode[];
  /** US billing: how many units of the product one billing unit stands for. */
  readonly hcpcs: readonly {
    readonly code: string;
    readonly inn: string;
    readonly unitsPerBillingUnit: number;
  }[];
  readonly icd10cm: readonly { readonly code: string; readonly display: string }[];
  readonly atc: string;
  readonly unii: string;
  /** SNOMED CT body site by area; null where no code was verified, then text is sent. */
  readonly snomedBodySite: Readonly<Record<string, string | null>>;
}

export interface Catalogue {
  /** The date the data was compiled: names the version. */
  readonly version: string;
  readonly disclaimer: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly areas: readonly Area[];
  readonly products: readonly Product[];
  readonly indications: readonly Indication[];
  readonly offLabelExamples: readonly OffLabelExample[];
  readonly windowProfiles: Readonly<Record<string, WindowProfile>>;
  readonly policy: PolicyDefaults;
  readonly safetyRules: readonly SafetyRule[];
  readonly adverseEvents: readonly AdverseEventTerm[];
  readonly treatmentRecordFields: readonly string[];
  readonly codes: Codes;
}

/** @throws UnknownProduct */
export function productOf(catalogue: Pick<Catalogue, 'products'>, id: string): Product {
  const product = catalogue.products.find((candidate) => candidate.id === id);
  if (!product) throw new UnknownProduct({ product: id });
  return product;
}

/** @throws UnknownArea */
export function areaOf(catalogue: Pick<Catalogue, 'areas'>, id: string): Area {
  const area = catalogue.areas.find((candidate) => candidate.id === id);
  if (!area) throw new UnknownArea({ area: id });
  return area;
}

/** Whether a brand of the product is sold under a licence in the market. */
export const isLicensed = (product: Product, market: Market): boolean =>
  product.brands.some(({ markets }) => markets.includes(market));

/** The label's row for a product and area, whatever its markets. */
export const indicationOf = (
  catalogue: Pick<Catalogue, 'indications'>,
  product: string,
  area: string,
): Indication | null =>
  catalogue.indications.find((row) => row.product === product && row.area === area) ?? null;
