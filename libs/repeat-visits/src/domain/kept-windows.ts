import { hash } from 'node:crypto';

import { type CalendarDate, latest } from '#kernel';
import type { ProtocolFigures } from '#catalogue';
import { DATE_NAMES, FORMULA_VERSION } from './explanation.js';
import { type AreaForecast, forecast, type ForecastOptions } from './forecast.js';
import { compareDoses, type Dose, type DoseKind } from './history.js';
import type { PersonalInterval } from './personal-interval.js';
import type { Protocol } from './protocol.js';
import { UnknownFigures } from './repeat-visits.errors.js';
import type { WindowDates } from './window-status.js';

/** A dose with the treatment it belongs to and where that was. */
export interface RecordedDose extends Dose {
  readonly treatmentId: string;
  readonly locationId: string;
}

/** A dose as it is kept: day, product, kind, treatment. */
export type KeptDose = readonly [CalendarDate, string, DoseKind, string];

/** What a window was computed from: with the figures behind the hashes, enough to compute it again to the byte. */
export interface WindowInput {
  readonly formula: string;
  readonly personalInterval: boolean;
  /** The hash of each product's figures in the area, in order of product id. */
  readonly figures: Readonly<Record<string, string>>;
  /** In canonical order, this area's only. */
  readonly doses: readonly KeptDose[];
}

/** What came out beside the dates: the rule that won each, in the order of DATE_NAMES, and the patient's own interval. */
export interface WindowOutcome {
  readonly won: readonly (string | null)[];
  readonly personal: PersonalInterval | null;
}

/** A window as it is kept, before anybody gave it an id: without its explanation, which the input gives again. */
export interface WindowToKeep extends WindowDates {
  readonly area: string;
  readonly product: string;
  readonly reviewFrom: CalendarDate | null;
  readonly reviewTo: CalendarDate | null;
  readonly nonResponseCheck: CalendarDate | null;
  /** The dose it hangs on: the last full treatment, or the last touch-up where there was none. */
  readonly treatmentId: string;
  readonly locationId: string;
  readonly protocolVersion: string;
  readonly figures: readonly KnownFigures[];
  /** The input as text; the same doses, figures and options give the same text on any day. */
  readonly input: string;
  /** The WindowOutcome as text. */
  readonly outcome: string;
}

/** Figures by the hash they are kept under. */
export interface KnownFigures {
  readonly hash: string;
  readonly figures: ProtocolFigures;
}

/**
 * The windows a patient's doses give, one an area. `assessedOn` is moved on to the last dose where it lies before: kept
 * dates do not depend on it. Throws whatever `protocol.figures` throws.
 */
export function windowsToKeep(
  doses: readonly RecordedDose[],
  protocol: Protocol,
  assessedOn: CalendarDate,
  options: ForecastOptions,
): WindowToKeep[] {
  if (doses.length === 0) return [];
  const sorted = doses.toSorted(compareDoses);
  const on = latest(assessedOn, sorted.at(-1)?.treatedOn ?? assessedOn);
  return forecast(sorted, protocol, on, options).areas.map((area) => {
    const own = sorted.filter((dose) => dose.area === area.area);
    const products = [...new Set(own.map(({ product }) => product))].toSorted();
    const figures = products.map((product) => knownFigures(protocol.figures(product, area.area)));
    const input: WindowInput = {
      formula: FORMULA_VERSION,
      personalInterval: options.personalInterval ?? false,
      figures: Object.fromEntries(products.map((product, i) => [product, figures[i]?.hash ?? ''])),
      doses: own.map(({ treatedOn, product, kind, treatmentId }) => [treatedOn, product, kind, treatmentId]),
    };
    const { treatmentId, locationId } = anchorOf(own, area);
    return {
      area: area.area,
      product: area.product,
      earliest: area.earliest,
      recommendedFrom: area.recommendedFrom,
      target: area.target,
      recommendedTo: area.recommendedTo,
      lapsedAfter: area.lapsedAfter,
      reviewFrom: area.reviewFrom,
      reviewTo: area.reviewTo,
      nonResponseCheck: area.nonResponseCheck,
      treatmentId,
      locationId,
      protocolVersion: protocol.version,
      figures,
      input: JSON.stringify(input),
      outcome: JSON.stringify(outcomeOf(area)),
    };
  });
}

const outcomeOf = ({ explanation, personal }: AreaForecast): WindowOutcome => ({
  won: DATE_NAMES.map((name) => explanation[name].candidates.find(({ wins }) => wins)?.ruleId ?? null),
  personal,
});

/** A kept input as it was read back, with the area and the version it was computed by. */
export interface KeptInput {
  readonly area: string;
  readonly protocolVersion: string;
  readonly input: WindowInput;
}

/**
 * Computes a kept window again: the same bytes as when it was issued, seen from `assessedOn`. `figuresOf` finds figures
 * by hash. @throws UnknownFigures when they are not kept
 */
export function replay(
  { area, protocolVersion, input }: KeptInput,
  figuresOf: (hash: string) => ProtocolFigures | undefined,
  assessedOn: CalendarDate,
): AreaForecast {
  const protocol: Protocol = {
    version: protocolVersion,
    figures(product) {
      const figures = figuresOf(input.figures[product] ?? '');
      if (!figures) throw new UnknownFigures({ product, area });
      return figures;
    },
  };
  const doses = input.doses.map(([treatedOn, product, kind, treatmentId]): Dose => ({
    treatedOn,
    product,
    area,
    kind,
    treatmentId,
  }));
  const [again] = forecast(doses, protocol, assessedOn, input).areas;
  if (!again) throw new UnknownFigures({ area });
  return again;
}

const hashes = new WeakMap<ProtocolFigures, KnownFigures>();

/** Figures with their hash; computed once for each set in force. */
export function knownFigures(figures: ProtocolFigures): KnownFigures {
  const known = hashes.get(figures);
  if (known) return known;
  const made = { hash: hash('sha256', JSON.stringify(figures), 'base64url'), figures };
  hashes.set(figures, made);
  return made;
}

function anchorOf(
  doses: readonly RecordedDose[],
  { lastFullTreatment, product }: AreaForecast,
): RecordedDose {
  const full = doses.find(
    (dose) => dose.kind === 'full' && dose.treatedOn === lastFullTreatment && dose.product === product,
  );
  const anchor = full ?? doses.at(-1);
  if (!anchor) throw new Error('A window hangs on a dose');
  return anchor;
}
