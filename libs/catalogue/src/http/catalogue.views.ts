import {
  type Catalogue,
  type Cited,
  isLicensed,
  type Market,
  MARKETS,
  type Product,
} from '../domain/catalogue.js';
import type { PublishedCatalogue } from '../domain/protocol-in-force.js';
import type { SafetyRule } from '../domain/safety-rule.js';
import type { CatalogueView } from './catalogue.dto.js';
import type { CitedView, SourceView } from './cited.dto.js';
import type { IndicationView } from './label.dto.js';
import type { CumulativeMaximumView, OffLabelExampleView, ProductView } from './product.dto.js';
import type { SafetyRuleView } from './safety-rules.dto.js';

export const citedView = ({ sources, confidence }: Cited): CitedView => ({
  sources: [...sources],
  confidence,
});

/** Every source that anything inside the values cites, in id order. */
export function sourcesOf(catalogue: Catalogue, values: unknown): SourceView[] {
  const ids = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'sources' && Array.isArray(inner)) inner.forEach((id) => ids.add(String(id)));
      else collect(inner);
    }
  };
  collect(values);
  return [...ids].toSorted().flatMap((id) => {
    const source = catalogue.sources[id];
    return source ? [{ ...source }] : [];
  });
}

export function overview(catalogue: PublishedCatalogue, market: Market): CatalogueView {
  const { release, version, disclaimer, areas, indications } = catalogue;
  const products = catalogue.products.filter((product) => isLicensed(product, market));
  const onLabel = indications.filter(({ markets }) => markets.includes(market));
  return {
    release,
    version,
    market,
    disclaimer,
    products: products.map(({ id, inn, unitLabel, brands }) => ({
      id,
      inn,
      unitLabel,
      brands: brands
        .filter(({ markets }) => markets.includes(market))
        .map((brand) => ({ ...brand, markets: [...brand.markets] })),
      areasOnLabel: onLabel.filter(({ product }) => product === id).map(({ area }) => area),
    })),
    areas: areas.map((area) => ({ ...area, muscles: [...area.muscles] })),
    sources: sourcesOf(catalogue, [products, onLabel]),
  };
}

export function productView(catalogue: PublishedCatalogue, product: Product): ProductView {
  const indications = catalogue.indications.filter((row) => row.product === product.id).map(indicationView);
  const examples = catalogue.offLabelExamples.filter((row) => row.product === product.id);
  const { id, inn, unitLabel, ucum, liquid, cowMilkProtein, blackTriangle, concentration, minimumAge } =
    product;
  const { inUse, manufacturerMinDays, cumulativeMax, siteMax, onset, peak, regulatoryNote } = product;
  return {
    release: catalogue.release,
    id,
    inn,
    unitLabel,
    ucum,
    liquid,
    cowMilkProtein,
    blackTriangle,
    concentration,
    minimumAge,
    brands: product.brands.map((brand) => ({ ...brand, markets: [...brand.markets] })),
    excipients: [...product.excipients],
    vials: product.vials.map(({ units, diluentMl, volumeMl, markets }) => ({
      units,
      diluentMl: [...diluentMl],
      volumeMl,
      markets: markets && [...markets],
    })),
    inUse: {
      hours: inUse.hours,
      temperatureC: inUse.temperatureC && [...inUse.temperatureC],
      note: inUse.note,
      ...citedView(inUse),
    },
    upperAge: MARKETS.flatMap((market) => {
      const age = product.upperAge[market];
      return age ? [{ market, ...age, sources: [...age.sources] }] : [];
    }),
    minimumIntervals: MARKETS.flatMap((market) => {
      const interval = product.minInterval[market];
      if (!interval) return [];
      const { offset, wording } = interval;
      return [{ market, offset: { ...offset }, wording, ...citedView(interval) }];
    }),
    manufacturerInterval: manufacturerMinDays && {
      ...manufacturerMinDays,
      ...citedView(manufacturerMinDays),
    },
    cumulativeMaximum: cumulativeMax && cumulativeView(cumulativeMax),
    siteMaximum: siteMax && { ...siteMax, ...citedView(siteMax) },
    onset,
    peak,
    regulatoryNote,
    indications,
    offLabelExamples: examples.map(exampleView),
    sources: sourcesOf(catalogue, [product, indications, examples]),
  };
}

export function safetyRuleView(rule: SafetyRule, market: Market): SafetyRuleView {
  const { severity, products, answers, wording, carriedOverFrom } = rule.rulings[market];
  return {
    code: rule.code,
    text: rule.text,
    products: typeof rule.applies === 'string' ? null : [...rule.applies],
    perProduct: rule.applies === 'per-product',
    severity,
    severityByProduct: { ...products },
    severityByAnswer: { ...answers },
    wording,
    carriedOverFrom,
    defer: rule.defer,
    ...citedView(rule),
  };
}

const cumulativeView = (maximum: NonNullable<Product['cumulativeMax']>): CumulativeMaximumView => ({
  units: maximum.units,
  over: maximum.per === null || maximum.per === 'session' ? null : { ...maximum.per },
  perSession: maximum.per === 'session',
  wording: maximum.wording,
  ...citedView(maximum),
});

const indicationView = (row: Catalogue['indications'][number]): IndicationView => ({
  area: row.area,
  markets: [...row.markets],
  unitsMin: row.totalUnits.min,
  unitsMax: row.totalUnits.max,
  points: row.points,
  unitsPerPoint: [...row.unitsPerPoint],
  volumeMl: row.volumeMl,
  requiresAreaSameSession: row.requiresAreaSameSession,
  alternatives: row.alternatives.map(({ markets, unitsMax, ml, bands, note }) => ({
    markets: markets && [...markets],
    unitsMax,
    ml,
    bandsLeft: bands?.left ?? null,
    bandsRight: bands?.right ?? null,
    note,
  })),
  windowProfile: row.windowProfile,
  windowConfidence: row.windowConfidence,
  note: row.note,
  ...citedView(row),
});

const exampleView = (row: Catalogue['offLabelExamples'][number]): OffLabelExampleView => ({
  area: row.area,
  units: row.units,
  targetWeeks: row.targetWeeks,
  reviewFromDay: row.reviewDays?.[0] ?? null,
  reviewToDay: row.reviewDays?.[1] ?? null,
  ...citedView(row),
});
