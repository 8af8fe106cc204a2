import type { AdverseEventTerm, Area, Catalogue, Codes, OffLabelExample, Pack, Source } from './catalogue.js';
import { JsonAt } from './json-at.js';
import {
  mustKnow,
  pairOf,
  readExample,
  readIndication,
  readProfiles,
  type Known,
} from './read-indications.js';
import { readProduct, type ReadCited } from './read-products.js';
import type { SafetyRule } from './safety-rule.js';
import { readRulings } from './safety-rulings.js';

/**
 * The typed catalogue of a parsed JSON document. Nothing is filled in: a figure the document does not give is null.
 * @throws MalformedCatalogue naming the pointer of the first missing, mistyped or dangling value
 */
export function readCatalogue(json: unknown): Catalogue {
  const root = new JsonAt(json);
  const sources = readSources(root.at('sources'));
  const cited: ReadCited = (at) => ({
    sources: at.at('sources').list((item) => {
      const id = item.text();
      return Object.hasOwn(sources, id)
        ? id
        : item.refuse(`names ${id}, which is not a source of the document`);
    }),
    confidence: at.at('confidence').text(),
  });

  const products = unique(
    root.at('products'),
    (at) => readProduct(at, cited),
    ({ id }) => id,
  );
  const offLabelExamples = unique(root.at('off_label_examples'), (at) => readExample(at, cited), pairOf);
  const areas = readAreas(root.at('areas'), offLabelExamples);
  const windowProfiles = readProfiles(root.at('window_profiles'));
  const known: Known = {
    product: new Set(products.map(({ id }) => id)),
    area: new Set(areas.map(({ id }) => id)),
    profile: new Set(Object.keys(windowProfiles)),
  };
  root.at('off_label_examples').list((at) => mustKnow(at.at('product'), known.product));
  products.forEach(({ siteMax }, index) => {
    if (siteMax && siteMax.area !== 'any' && !known.area.has(siteMax.area)) {
      new JsonAt(siteMax.area, `/products/${index}/per_site_max/value/area`).refuse('is not an area');
    }
  });

  const policy = root.at('policy_defaults');
  return {
    version: root.at('meta').at('generated').text(),
    disclaimer: root.at('meta').at('disclaimer').text(),
    sources,
    areas,
    products,
    indications: unique(root.at('product_area'), (at) => readIndication(at, cited, known), pairOf),
    offLabelExamples,
    windowProfiles,
    policy: {
      touchUpFromDay: policy.at('touchup_from_day').whole(),
      touchUpToDay: policy.at('touchup_to_day').whole(),
      touchUpCountsForInterval: policy.at('touchup_counts_for_interval').flag(),
      reviewFromDay: policy.at('review_from_day').whole(),
      reviewToDay: policy.at('review_to_day').whole(),
      nonResponseDay: policy.at('nonresponse_check_day').whole(),
    },
    safetyRules: unique(
      root.at('safety_rules'),
      (at) => readRule(at, cited, known),
      ({ code }) => code,
    ),
    adverseEvents: unique(
      root.at('adverse_events'),
      (at) => readTerm(at, known),
      ({ term }) => term,
    ),
    treatmentRecordFields: root.at('treatment_record_fields').texts(),
    codes: readCodes(root.at('codes')),
  };
}

function unique<T>(at: JsonAt, read: (item: JsonAt) => T, keyOf: (row: T) => string): T[] {
  const seen = new Set<string>();
  return at.list((item) => {
    const row = read(item);
    const key = keyOf(row);
    if (seen.has(key)) item.refuse(`repeats ${key}`);
    seen.add(key);
    return row;
  });
}

const optional = (field: JsonAt): string | null =>
  field.value === '' ? null : field.orNull((text) => text.text());

function readSources(at: JsonAt): Record<string, Source> {
  return Object.fromEntries(
    at.entries().map(([id, source]) => [
      id,
      {
        id,
        name: source.at('name').text(),
        url: optional(source.at('url')),
        section: optional(source.at('section')),
      },
    ]),
  );
}

/** The named areas, then those only the off-label examples mention, under a name made of their id. */
function readAreas(at: JsonAt, examples: readonly OffLabelExample[]): Area[] {
  const named: Area[] = at.entries().map(([id, area]) => ({
    id,
    name: area.at('name').text(),
    muscles: area.at('muscles').texts(),
    laterality: area.at('laterality').text(),
    offLabelOnly: false,
  }));
  for (const { area: id } of examples) {
    if (named.some((area) => area.id === id)) continue;
    const name = id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ');
    named.push({ id, name, muscles: [], laterality: null, offLabelOnly: true });
  }
  return named;
}

function readRule(at: JsonAt, cited: ReadCited, known: Known): SafetyRule {
  const code = at.at('code').text();
  const applies = at.at('applies');
  return {
    code,
    text: at.at('text').text(),
    applies: Array.isArray(applies.value)
      ? applies.list((item) => mustKnow(item, known.product))
      : applies.oneOf(['all', 'per product']) === 'all'
        ? 'all'
        : 'per-product',
    rulings: readRulings(code, at.at('severity')),
    defer: at.at('defer').orNull((defer) => defer.flag()) ?? false,
    ...cited(at),
  };
}

const readTerm = (at: JsonAt, known: Known): AdverseEventTerm => ({
  term: at.at('term').text(),
  onsetDays: at.at('onset_days').range(),
  severityFlag: at.at('severity_flag').text(),
  frequency: at.at('freq').text(),
  areas: at.at('areas').list((area) => (area.value === 'all' ? 'all' : mustKnow(area, known.area))),
  review: at.at('review').text(),
});

/** Every pack whose code is known, in whichever list of the data it stands. */
const readPacks = (at: JsonAt): Pack[] => {
  const packs = at.at('us_packages').list((item) => {
    const gtin = item.at('gtin14_derived').orNull((present) => present.text());
    const units = /^\d+/.exec(item.at('strength').text())?.[0];
    return { gtin, brand: item.at('brand').text(), vialUnits: units === undefined ? null : Number(units) };
  });
  const vistabel = at.at('vistabel_uk_gtin').orNull((present) => present.at('value').text());
  return [...packs, { gtin: vistabel, brand: 'Vistabel', vialUnits: null }].flatMap(({ gtin, ...pack }) =>
    gtin === null ? [] : [{ ...pack, gtin: gtin.padStart(14, '0') }],
  );
};

const readCodes = (at: JsonAt): Codes => ({
  packs: readPacks(at),
  packages: at.at('us_packages').list((item) => ({
    brand: item.at('brand').text(),
    strength: item.at('strength').text(),
    ndc: item.at('ndc').text(),
    gtin14: item.at('gtin14_derived').orNull((gtin) => gtin.text()),
    rxcuis: item.at('rxcui_openfda').orNull((list) => list.texts()) ?? [],
    sources: item.at('sources').texts(),
    confidence: item.at('confidence').text(),
  })),
  hcpcs: at.at('hcpcs').list((item) => ({
    code: item.at('code').text(),
    inn: item.at('inn').text(),
    unitsPerBillingUnit: item.at('units_per_billing_unit').whole(),
  })),
  icd10cm: at
    .at('icd10cm')
    .list((item) => ({ code: item.at('code').text(), display: item.at('display').text() })),
  atc: at.at('atc').text(),
  unii: at.at('unii').text(),
  snomedBodySite: Object.fromEntries(
    at
      .at('snomed_body_site')
      .entries()
      .filter(([area]) => area !== 'note')
      .map(([area, code]) => [area, code.orNull((text) => text.text())]),
  ),
});
