import type { Indication, OffLabelExample, WindowProfile } from './catalogue.js';
import type { JsonAt } from './json-at.js';
import { readMarket, readMarketsText, type ReadCited } from './read-products.js';

/** The ids a reference may name. */
export interface Known {
  readonly product: ReadonlySet<string>;
  readonly area: ReadonlySet<string>;
  readonly profile: ReadonlySet<string>;
}

export const pairOf = (row: { readonly product: string; readonly area: string }): string =>
  `${row.product} in ${row.area}`;

export const mustKnow = (at: JsonAt, known: ReadonlySet<string>): string => {
  const id = at.text();
  return known.has(id) ? id : at.refuse(`names ${id}, which the document does not define`);
};

export function readIndication(at: JsonAt, cited: ReadCited, known: Known): Indication {
  if (!at.at('on_label').flag())
    at.at('on_label').refuse('is false: an off-label row is an example, not a label');
  const units = {
    min: at.at('total_units').at('min').amount(),
    max: at.at('total_units').at('max').amount(),
  };
  if (units.min > units.max) at.at('total_units').refuse('has a minimum above its maximum');
  const perPoint = at.at('units_per_point');
  return {
    product: mustKnow(at.at('product'), known.product),
    area: mustKnow(at.at('area'), known.area),
    markets: at.at('markets').list(readMarket),
    totalUnits: units,
    points: at.at('points').orNull((points) => points.whole()),
    unitsPerPoint: Array.isArray(perPoint.value)
      ? perPoint.list((item) => item.amount())
      : (perPoint.orNull((one) => [one.amount()]) ?? []),
    volumeMl: at.at('volume_ml').orNull((volume) => volume.amount()),
    requiresAreaSameSession: at.at('requires_area_same_session').orNull((area) => mustKnow(area, known.area)),
    alternatives: at.at('dose_alternatives').orNull((list) => list.list(readAlternative)) ?? [],
    windowProfile: mustKnow(at.at('window_profile'), known.profile),
    windowConfidence: at.at('window_confidence').text(),
    note: at.at('note').orNull((note) => note.text()),
    ...cited(at),
  };
}

const readAlternative = (at: JsonAt): Indication['alternatives'][number] => ({
  markets: at.at('market').orNull(readMarketsText),
  unitsMax: (at.at('units_max').isNull ? at.at('units') : at.at('units_max')).amount(),
  ml: at.at('ml').orNull((ml) => ml.amount()),
  bands: at.at('bands_left').orNull((left) => ({ left: left.whole(), right: at.at('bands_right').whole() })),
  note: at.at('note').orNull((note) => note.text()),
});

export const readExample = (at: JsonAt, cited: ReadCited): OffLabelExample => ({
  product: at.at('product').text(),
  area: at.at('area').text(),
  units: at.at('units_total').isNull
    ? `${at.at('units_per_side').text()} per side`
    : at.at('units_total').text(),
  targetWeeks: at.at('target_wk').whole(),
  reviewDays: at.at('review_days').orNull((days) => days.range()),
  ...cited(at),
});

export function readProfiles(at: JsonAt): Record<string, WindowProfile> {
  return Object.fromEntries(
    at.entries().map(([id, profile]) => {
      const from = profile.at('from_wk').orNull((weeks) => weeks.whole());
      const [target, to, lapse] = ['target_wk', 'to_wk', 'lapse_wk'].map((name) => profile.at(name).whole());
      if (target === undefined || to === undefined || lapse === undefined)
        return profile.refuse('is incomplete');
      if ((from ?? 0) > target || target > to || to > lapse)
        profile.refuse('is not in order from, target, to, lapse');
      return [id, { id, from, target, to, lapse }];
    }),
  );
}
