import type { Offset } from '#kernel';
import {
  MARKETS,
  type Cited,
  type CumulativeMaximum,
  type InUse,
  type Market,
  type Product,
  type UpperAge,
  type VialSize,
} from './catalogue.js';
import type { JsonAt } from './json-at.js';

/** Reads `sources` and `confidence` of a figure and refuses a source the document does not list. */
export type ReadCited = (at: JsonAt) => Cited;

export const readMarket = (at: JsonAt): Market => at.oneOf(MARKETS);

/** Packs and dose alternatives name markets in one text: `US` or `EU/UK`. */
export const readMarketsText = (at: JsonAt): Market[] =>
  at
    .text()
    .split('/')
    .map((name) => MARKETS.find((market) => market === name) ?? at.refuse(`${name} is not a market`));

export function readProduct(at: JsonAt, cited: ReadCited): Product {
  return {
    id: at.at('id').text(),
    inn: at.at('inn').text(),
    unitLabel: at.at('unit_label').text(),
    ucum: at.at('ucum').text(),
    liquid: at.at('liquid').flag(),
    brands: at.at('brands').list((brand) => ({
      brand: brand.at('brand').text(),
      markets: brand.at('markets').list(readMarket),
      holder: brand.at('mah').text(),
    })),
    excipients: at.at('excipients').texts(),
    cowMilkProtein: at.at('cow_milk_protein').orNull((present) => present.flag()),
    blackTriangle: at.at('black_triangle').orNull((present) => present.flag()),
    vials: at.at('vials').list(readVial),
    concentration: at.at('concentration').text(),
    inUse: readInUse(at.at('in_use'), cited),
    minimumAge: at.at('age').at('min').whole(),
    upperAge: byMarket(at.at('age').at('upper'), readUpperAge),
    minInterval: byMarket(at.at('min_interval'), (interval) => ({
      offset: readOffset(interval),
      wording: interval.at('wording').text(),
      ...cited(interval),
    })),
    manufacturerMinDays: at.at('manufacturer_min_days').orNull((days) => ({
      days: days.at('value').whole(),
      note: days.at('note').orNull((note) => note.text()),
      ...cited(days),
    })),
    cumulativeMax: at.at('cumulative_max').orNull((maximum) => readCumulative(maximum, cited)),
    siteMax: at.at('per_site_max').orNull((maximum) => ({
      area: maximum.at('value').at('area').text(),
      units: maximum.at('value').at('units').amount(),
      ...cited(maximum),
    })),
    onset: at.at('onset').at('value').text(),
    peak: at.at('peak').at('value').text(),
    regulatoryNote: at.at('regulatory_note').orNull((note) => note.text()),
  };
}

function byMarket<T>(at: JsonAt, read: (item: JsonAt) => T): Partial<Record<Market, T>> {
  const found: Partial<Record<Market, T>> = {};
  for (const [name, item] of at.entries()) {
    const market = MARKETS.find((candidate) => candidate === name) ?? item.refuse('is not under a market');
    found[market] = read(item);
  }
  return found;
}

export function readOffset(at: JsonAt): Offset {
  const n = at.at('n').whole();
  if (n === 0) at.at('n').refuse('is zero');
  return { n, unit: at.at('unit').oneOf(['day', 'week', 'month', 'year']) };
}

function readVial(at: JsonAt): VialSize {
  const diluentMl = at.at('diluent_ml').orNull((list) => list.list((item) => item.amount())) ?? [];
  const volumeMl = at.at('volume_ml').orNull((volume) => volume.amount());
  if ((diluentMl.length === 0) === (volumeMl === null))
    at.refuse('has not exactly one of diluent_ml and volume_ml');
  return {
    units: at.at('units').amount(),
    diluentMl,
    volumeMl,
    markets: at.at('market').orNull(readMarketsText),
  };
}

function readInUse(at: JsonAt, cited: ReadCited): InUse {
  const value = at.at('value');
  const note = at.at('note').orNull((present) => present.text());
  if (typeof value.value === 'string')
    return { hours: null, temperatureC: null, note: value.text(), ...cited(at) };
  return { hours: value.at('hours').amount(), temperatureC: value.at('temp_c').range(), note, ...cited(at) };
}

function readUpperAge(at: JsonAt): UpperAge {
  const over = at.at('over').orNull((years) => years.whole());
  const atOrOver = at.at('at_or_over').orNull((years) => years.whole());
  const years = over ?? atOrOver;
  if (years === null || (over !== null && atOrOver !== null))
    return at.refuse('has not exactly one of over, at_or_over');
  return {
    years,
    including: over === null,
    wording: at.at('severity').text(),
    sources: at.at('sources').texts(),
  };
}

function readCumulative(at: JsonAt, cited: ReadCited): CumulativeMaximum {
  const value = at.at('value');
  if (typeof value.value === 'string') return { units: null, per: null, wording: value.text(), ...cited(at) };
  const per = value.at('per');
  return {
    units: value.at('units').amount(),
    per: per.at('session').isNull ? readOffset(per) : 'session',
    wording: value.at('scope').text(),
    ...cited(at),
  };
}
