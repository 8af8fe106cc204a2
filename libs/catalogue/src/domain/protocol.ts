import type { Offset } from '#kernel';
import {
  areaOf,
  indicationOf,
  isLicensed,
  MARKETS,
  productOf,
  type Catalogue,
  type Cited,
  type Market,
  type OffLabelExample,
  type Product,
} from './catalogue.js';

/** A "not before": the next dose is no earlier than the dose plus `offset`. All of a list hold, so the latest wins. */
export interface IntervalFigure extends Cited {
  /** `interval/<product>/<market of the label>/<label|manufacturer>` */
  readonly ruleId: string;
  readonly offset: Offset;
  readonly wording: string;
}

export interface WeeksFigure extends Cited {
  /** `window/<profile>/<from|target|to|lapse>` or `window/off-label/<area>/target` */
  readonly ruleId: string;
  /** Weeks after the last full treatment. */
  readonly weeks: number;
}

export interface DaysFigure extends Cited {
  readonly ruleId: string;
  /** Days after the treatment, both included. */
  readonly fromDay: number;
  readonly toDay: number;
}

export interface NonResponseFigure extends Cited {
  readonly ruleId: string;
  readonly day: number;
}

export interface TouchUpFigure extends DaysFigure {
  /** Whether a touch-up moves the earliest next date. */
  readonly countsForInterval: boolean;
}

/** Everything the forecast needs for one product in one area of one market; a figure nobody gives is null. */
export interface ProtocolFigures {
  readonly market: Market;
  readonly product: string;
  readonly area: string;
  readonly licensed: boolean;
  readonly onLabel: boolean;
  /** Empty: no interval is known, so no date can be given. */
  readonly minIntervals: readonly IntervalFigure[];
  readonly window: {
    readonly profile: string | null;
    /** Null in a profile: the window opens at the earliest date. */
    readonly from: WeeksFigure | null;
    readonly target: WeeksFigure | null;
    readonly to: WeeksFigure | null;
    readonly lapse: WeeksFigure | null;
  };
  readonly review: DaysFigure;
  readonly nonResponse: NonResponseFigure;
  readonly touchUp: TouchUpFigure;
  readonly notes: readonly string[];
}

const POLICY = 'policy (POL)';

/** The manufacturer's spacing in days stands on its US site only (clinical rule 2), so it binds only there. */
const MANUFACTURER_DAYS_MARKET: Market = 'US';

/**
 * The figures in force for a product in an area of a market, each with its rule id and source.
 * A product without a licence in the market takes its manufacturer's own label interval from the markets that have
 * one (clinical rule 19); a licensed product whose market has no figure gets none. Windows are product × area policy.
 * @throws UnknownProduct, UnknownArea
 */
export function protocolFor(
  catalogue: Catalogue,
  key: { readonly market: Market; readonly product: string; readonly area: string },
): ProtocolFigures {
  const { market } = key;
  const product = productOf(catalogue, key.product);
  const area = areaOf(catalogue, key.area);
  const licensed = isLicensed(product, market);
  const indication = indicationOf(catalogue, product.id, area.id);
  const onLabel = indication?.markets.includes(market) ?? false;
  const example =
    catalogue.offLabelExamples.find((row) => row.product === product.id && row.area === area.id) ?? null;
  const minIntervals = licensed ? ownIntervals(product, market) : foreignIntervals(product);

  const notes: string[] = [];
  if (!licensed) notes.push(`${product.id} is not licensed in ${market}: a prescriber decides.`);
  else if (!onLabel) notes.push(`${product.id} in ${area.id} is off-label in ${market}.`);
  if (!licensed && minIntervals.length > 0)
    notes.push('The interval is the label of a market with a licence.');
  if (minIntervals.length === 0) notes.push(`No minimum interval of ${product.id} is known for ${market}.`);
  if (indication?.note) notes.push(indication.note);

  return {
    market,
    product: product.id,
    area: area.id,
    licensed,
    onLabel,
    minIntervals,
    window: windowOf(catalogue, indication, example),
    ...followUps(catalogue, area.id),
    notes,
  };
}

function ownIntervals(product: Product, market: Market): IntervalFigure[] {
  const label = product.minInterval[market];
  const figures: IntervalFigure[] = label
    ? [{ ruleId: `interval/${product.id}/${market}/label`, ...label }]
    : [];
  const manufacturer = product.manufacturerMinDays;
  if (manufacturer && market === MANUFACTURER_DAYS_MARKET) {
    figures.push({
      ruleId: `interval/${product.id}/${market}/manufacturer`,
      offset: { n: manufacturer.days, unit: 'day' },
      wording: manufacturer.note ?? `${manufacturer.days} days`,
      sources: manufacturer.sources,
      confidence: manufacturer.confidence,
    });
  }
  return figures;
}

/** Every different interval of the other markets: all hold, so the strictest wins on each date exactly. */
function foreignIntervals(product: Product): IntervalFigure[] {
  const figures: IntervalFigure[] = [];
  for (const market of MARKETS) {
    if (!isLicensed(product, market)) continue;
    for (const figure of ownIntervals(product, market)) {
      const same = figures.some(
        ({ offset }) => offset.n === figure.offset.n && offset.unit === figure.offset.unit,
      );
      if (!same) figures.push(figure);
    }
  }
  return figures;
}

function windowOf(
  catalogue: Catalogue,
  indication: { readonly windowProfile: string; readonly windowConfidence: string } | null,
  example: OffLabelExample | null,
): ProtocolFigures['window'] {
  const profile = indication ? catalogue.windowProfiles[indication.windowProfile] : undefined;
  if (indication && profile) {
    const figure = (name: 'from' | 'target' | 'to' | 'lapse', weeks: number): WeeksFigure => ({
      ruleId: `window/${profile.id}/${name}`,
      weeks,
      sources: ['POL'],
      confidence: indication.windowConfidence,
    });
    return {
      profile: profile.id,
      from: profile.from === null ? null : figure('from', profile.from),
      target: figure('target', profile.target),
      to: figure('to', profile.to),
      lapse: figure('lapse', profile.lapse),
    };
  }
  const target = example && {
    ruleId: `window/off-label/${example.area}/target`,
    weeks: example.targetWeeks,
    sources: example.sources,
    confidence: example.confidence,
  };
  return { profile: null, from: null, target, to: null, lapse: null };
}

function followUps(
  { policy, offLabelExamples }: Catalogue,
  area: string,
): Pick<ProtocolFigures, 'review' | 'nonResponse' | 'touchUp'> {
  // When a muscle shows its effect is a matter of the muscle: its own review holds for every product.
  const example = offLabelExamples.find((row) => row.area === area && row.reviewDays !== null);
  const ownReview = example?.reviewDays;
  return {
    review: ownReview
      ? { ruleId: `review/${example.area}`, fromDay: ownReview[0], toDay: ownReview[1], ...citation(example) }
      : {
          ruleId: 'review/default',
          fromDay: policy.reviewFromDay,
          toDay: policy.reviewToDay,
          sources: ['POL'],
          confidence: POLICY,
        },
    nonResponse: {
      ruleId: 'non-response/default',
      day: policy.nonResponseDay,
      sources: ['POL'],
      confidence: POLICY,
    },
    touchUp: {
      ruleId: 'touch-up/default',
      fromDay: policy.touchUpFromDay,
      toDay: policy.touchUpToDay,
      countsForInterval: policy.touchUpCountsForInterval,
      sources: ['POL'],
      confidence: POLICY,
    },
  };
}

const citation = ({ sources, confidence }: Cited): Cited => ({ sources, confidence });
