import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { seedCatalogue } from '../seed-catalogue.js';
import { MalformedCatalogue } from './catalogue.errors.js';
import { readCatalogue } from './read-catalogue.js';

const bytes = readFileSync(new URL('../../data/catalogue.json', import.meta.url));
const SHA256 = 'd61855ebf30e1f8dee88136b87801ca489b698911d4b52339a6f4336cf090bca';

type Edit = readonly [path: readonly (string | number)[], value: unknown];

/** The seed document with one value replaced (or removed when undefined). */
function edited([path, value]: Edit): unknown {
  const document: unknown = JSON.parse(bytes.toString('utf8'));
  let node: unknown = document;
  for (const step of path.slice(0, -1)) node = Reflect.get(Object(node), step);
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(Object(node), last);
  else Reflect.set(Object(node), last, value);
  return document;
}

const pointerOf = (document: unknown): unknown => {
  try {
    readCatalogue(document);
    return 'read';
  } catch (error) {
    if (error instanceof MalformedCatalogue) return error.facts['pointer'];
    throw error;
  }
};

describe('the catalogue Revisit ships with', () => {
  it('is byte for byte the reviewed document', () => {
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(SHA256);
  });

  it('is read whole', () => {
    const catalogue = seedCatalogue();
    expect(catalogue.version).toBe('2026-11-23');
    expect(catalogue.products.map(({ id }) => id)).toEqual([
      'ona',
      'abo',
      'abo_rtu',
      'inco',
      'prabo',
      'daxi',
      'leti',
      'rela',
    ]);
    expect(catalogue.indications).toHaveLength(15);
    expect(catalogue.safetyRules).toHaveLength(23);
    expect(catalogue.adverseEvents).toHaveLength(14);
    expect(catalogue.treatmentRecordFields).toHaveLength(22);
    expect(Object.keys(catalogue.windowProfiles)).toHaveLength(6);
  });

  it('knows the four label areas and marks the seven others off-label', () => {
    const { areas } = seedCatalogue();
    expect(areas.filter(({ offLabelOnly }) => !offLabelOnly).map(({ id }) => id)).toEqual([
      'glabella',
      'lateral_canthal',
      'forehead',
      'platysma',
    ]);
    expect(areas.filter(({ offLabelOnly }) => offLabelOnly).map(({ name }) => name)).toEqual([
      'Masseter',
      'Bunny lines',
      'Perioral',
      'Dao',
      'Mentalis',
      'Gummy smile',
      'Brow lift',
    ]);
  });

  it('invents nothing: what the document leaves open stays null', () => {
    const { products } = seedCatalogue();
    const rtu = products.find(({ id }) => id === 'abo_rtu');
    expect(rtu?.cowMilkProtein).toBeNull();
    expect(rtu?.blackTriangle).toBeNull();
    expect(rtu?.inUse.hours).toBeNull();
    expect(products.find(({ id }) => id === 'ona')?.minInterval.CH).toBeUndefined();
  });
});

const ruling = (code: string, market: 'US' | 'EU' | 'UK' | 'CH') =>
  seedCatalogue().safetyRules.find((rule) => rule.code === code)?.rulings[market];

describe('safety rules per market', () => {
  it('reads one disease as a warning in the US and a contraindication in the EU and UK', () => {
    expect(ruling('NMJ_DISEASE', 'US')?.severity).toBe('prescriber-decision');
    expect(ruling('NMJ_DISEASE', 'EU')?.severity).toBe('block');
    expect(ruling('NMJ_DISEASE', 'UK')?.severity).toBe('block');
  });

  it('carries the stricter of EU and UK over to Switzerland and says so', () => {
    expect(ruling('NMJ_DISEASE', 'CH')).toMatchObject({ severity: 'block', carriedOverFrom: 'EU' });
    expect(ruling('NMJ_DISEASE', 'EU')?.carriedOverFrom).toBeNull();
  });

  it('reads prose by product and by answer', () => {
    expect(ruling('ALS', 'UK')?.products).toEqual({ leti: 'block', rela: 'block' });
    expect(ruling('AGE_UPPER', 'UK')?.products).toEqual({ leti: 'block' });
    expect(ruling('ALBUMIN', 'EU')?.answers).toEqual({ allergy: 'block', objection: 'acknowledge' });
    expect(ruling('CARDIOVASCULAR', 'EU')?.severity).toBe('none');
    expect(ruling('AMINOGLYCOSIDE', 'UK')?.severity).toBe('prescriber-decision');
    expect(ruling('TREATMENT_FAILURE', 'US')?.severity).toBe('pathway');
  });

  it('refuses a wording nobody has read yet, instead of keeping an old severity', () => {
    expect(pointerOf(edited([['safety_rules', 4, 'severity', 'EU'], 'block, mostly']))).toBe(
      '/safety_rules/4/severity/EU',
    );
  });
});

describe('a malformed document', () => {
  const cases: readonly (readonly [string, Edit, string])[] = [
    ['a missing product list', [['products'], undefined], '/products'],
    ['a product without id', [['products', 0, 'id'], undefined], '/products/0/id'],
    ['a repeated product', [['products', 1, 'id'], 'ona'], '/products/1'],
    [
      'a market nobody knows',
      [['products', 0, 'brands', 0, 'markets', 0], 'FR'],
      '/products/0/brands/0/markets/0',
    ],
    ['an interval of zero', [['products', 0, 'min_interval', 'US', 'n'], 0], '/products/0/min_interval/US/n'],
    [
      'an interval in fortnights',
      [['products', 0, 'min_interval', 'US', 'unit'], 'fortnight'],
      '/products/0/min_interval/US/unit',
    ],
    [
      'a figure without sources',
      [['products', 0, 'min_interval', 'US', 'sources'], undefined],
      '/products/0/min_interval/US/sources',
    ],
    ['a source nobody listed', [['product_area', 0, 'sources', 0], 'S999'], '/product_area/0/sources/0'],
    [
      'an indication for an unknown product',
      [['product_area', 0, 'product'], 'trenibot'],
      '/product_area/0/product',
    ],
    ['an indication for an unknown area', [['product_area', 0, 'area'], 'scalp'], '/product_area/0/area'],
    [
      'a profile nobody defined',
      [['product_area', 0, 'window_profile'], 'short'],
      '/product_area/0/window_profile',
    ],
    ['units as text', [['product_area', 0, 'total_units', 'max'], '20'], '/product_area/0/total_units/max'],
    [
      'a minimum above the maximum',
      [['product_area', 0, 'total_units', 'min'], 21],
      '/product_area/0/total_units',
    ],
    ['weeks out of order', [['window_profiles', 'standard', 'to_wk'], 15], '/window_profiles/standard'],
    [
      'a vial without diluent and volume',
      [['products', 0, 'vials', 0, 'diluent_ml'], undefined],
      '/products/0/vials/0',
    ],
    [
      'an off-label row among the labels',
      [['product_area', 0, 'on_label'], false],
      '/product_area/0/on_label',
    ],
    ['a fraction of a day', [['policy_defaults', 'review_to_day'], 21.5], '/policy_defaults/review_to_day'],
    [
      'a site maximum in no area',
      [['products', 0, 'per_site_max', 'value', 'area'], 'scalp'],
      '/products/0/per_site_max/value/area',
    ],
  ];
  it.each(cases)('is refused with its place: %s', (_name, edit, pointer) => {
    expect(pointerOf(edited(edit))).toBe(pointer);
  });

  it.each([null, 42, 'text', [], {}])('is refused when it is no catalogue at all: %j', (document) => {
    expect(() => readCatalogue(document)).toThrow(MalformedCatalogue);
  });
});
