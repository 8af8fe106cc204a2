import { addDays, addOffsets, type CalendarDate, type Offset } from '#kernel';
import type { Cited, IntervalFigure, ProtocolFigures, WeeksFigure } from '#catalogue';
import {
  claim,
  type Claim,
  type DateExplanation,
  type DateName,
  decide,
  type Explanation,
  type Missing,
  notBefore,
} from './explanation.js';
import { type AreaHistory, byArea, type Dose, type ProtocolDose } from './history.js';
import { patientSummary } from './patient-summary.js';
import { personalClaim, personalInterval, type PersonalInterval } from './personal-interval.js';
import type { Protocol } from './protocol.js';
import { stateOn, type WindowDates, type WindowState } from './window-status.js';

export interface AreaForecast extends WindowDates {
  readonly area: string;
  /** Where `assessedOn` stands; null when the dates do not allow to say. */
  readonly state: WindowState | null;
  readonly reviewFrom: CalendarDate | null;
  readonly reviewTo: CalendarDate | null;
  readonly nonResponseCheck: CalendarDate | null;
  readonly lastFullTreatment: CalendarDate | null;
  /** Product of the last full treatment; of the latest dose when there was none. */
  readonly product: string;
  readonly licensed: boolean;
  readonly onLabel: boolean;
  /** The patient's own interval, where it was asked for and can be told. */
  readonly personal: PersonalInterval | null;
  /** One sentence for the patient. */
  readonly summary: string;
  readonly explanation: Explanation;
}

export interface Forecast {
  readonly assessedOn: CalendarDate;
  readonly protocolVersion: string;
  /** Guidance, not a promise (clinical rule 20): shown wherever the dates are. */
  readonly disclaimer: string;
  /** In order of area id. */
  readonly areas: readonly AreaForecast[];
}

/** What a clinic chooses. */
export interface ForecastOptions {
  /** Learn from the patient's own intervals; left out: no. */
  readonly personalInterval?: boolean;
}

const DISCLAIMER = 'These dates are guidance, not a promise of how long the effect lasts.';

/**
 * When each treated area may and should be treated again, and why: for each area of `history` the dates of its
 * window, the state on `assessedOn`, and every candidate for every date. Pure: the same arguments give the same bytes,
 * in whatever order the doses are listed.
 *
 * Two kinds of gap are told apart. An unknown *minimum interval* is an unknown safety bound: `earliest` and every date
 * that must not precede it stay null. An absent *window figure* (target, to, lapse) only means that there is no such
 * date: the later ones then keep in order behind the nearest earlier date there is, as that order is all their
 * maximum stands for.
 *
 * @throws AssessedBeforeTreatment when a dose lies after `assessedOn`; whatever `protocol.figures` throws;
 *   NotACalendarDate for a date beyond year 9999.
 */
export function forecast(
  history: readonly Dose[],
  protocol: Protocol,
  assessedOn: CalendarDate,
  options: ForecastOptions = {},
): Forecast {
  return {
    assessedOn,
    protocolVersion: protocol.version,
    disclaimer: DISCLAIMER,
    areas: byArea(history, protocol, assessedOn).map((area) =>
      areaForecast(area, protocol, assessedOn, options),
    ),
  };
}

function areaForecast(
  history: AreaHistory,
  protocol: Protocol,
  assessedOn: CalendarDate,
  options: ForecastOptions,
): AreaForecast {
  const { area, lastFull, governing } = history;
  const earliest = earliestOf(history, protocol.version);
  const personal =
    options.personalInterval && lastFull ? personalInterval(history, lastFull, earliest.date) : null;
  const explanation: Explanation = lastFull
    ? {
        earliest,
        ...windowOf(lastFull, earliest, personal, protocol.version),
        ...followUpsOf(lastFull, protocol.version),
      }
    : withoutFullTreatment(earliest);
  const dates: WindowDates = {
    earliest: explanation.earliest.date,
    recommendedFrom: explanation.recommendedFrom.date,
    target: explanation.target.date,
    recommendedTo: explanation.recommendedTo.date,
    lapsedAfter: explanation.lapsedAfter.date,
  };
  const state = stateOn(dates, assessedOn);
  const lastFullTreatment = lastFull?.dose.treatedOn ?? null;
  return {
    area,
    state,
    ...dates,
    reviewFrom: explanation.reviewFrom.date,
    reviewTo: explanation.reviewTo.date,
    nonResponseCheck: explanation.nonResponseCheck.date,
    lastFullTreatment,
    product: governing.dose.product,
    licensed: governing.figures.licensed,
    onLabel: governing.figures.onLabel,
    personal,
    summary: patientSummary({ ...dates, state, lastFullTreatment, personal: personal !== null }, assessedOn),
    explanation,
  };
}

/**
 * The maximum over all doses of dose + its own product's interval in the market. Shown are the doses since the last
 * full treatment and the latest dose of each product: an older dose of the same product cannot win, because adding the
 * same interval to an earlier date never gives a later one.
 */
function earliestOf({ doses, lastFull }: AreaHistory, version: string): DateExplanation {
  const counted = doses.filter(
    ({ dose, figures }) => dose.kind === 'full' || figures.touchUp.countsForInterval,
  );
  const latestOf = new Map(counted.map((entry) => [entry.dose.product, entry]));
  const claims: Claim[] = [];
  const missing: Missing[] = [];
  for (const entry of counted) {
    const { dose, figures } = entry;
    const recent = lastFull === null || dose.treatedOn >= lastFull.dose.treatedOn;
    const newest = latestOf.get(dose.product) === entry;
    if (newest && figures.minIntervals.length === 0)
      missing.push(unknownInterval(dose.product, figures.market));
    if (recent || newest)
      claims.push(...figures.minIntervals.map((figure) => intervalClaim(figure, version, dose)));
  }
  if (counted.length === 0) {
    missing.push({
      figure: 'counted-dose',
      product: null,
      reason: 'No dose of this area counts for the interval.',
    });
  }
  return decide(claims, missing);
}

const intervalClaim = (figure: IntervalFigure, version: string, dose: Dose): Claim =>
  claim(figure, version, dose, figure.offset, addOffsets(dose.treatedOn, figure.offset));

const unknownInterval = (product: string, market: string): Missing => ({
  figure: 'minimum-interval',
  product,
  reason: `No minimum interval of ${product} is known for market ${market}.`,
});

/** What a date may not precede: the nearest earlier date of the window that exists. */
interface Floor {
  readonly name: DateName;
  readonly date: CalendarDate | null;
}

function windowOf(
  { dose, figures }: ProtocolDose,
  earliest: DateExplanation,
  personal: PersonalInterval | null,
  version: string,
): Pick<Explanation, 'recommendedFrom' | 'target' | 'recommendedTo' | 'lapsedAfter'> {
  let floor: Floor = { name: 'earliest', date: earliest.date };
  const next = (name: DateName, figure: keyof WindowFigures): DateExplanation => {
    const decided = afterFloor(floor, dose, figure, figures.window[figure], personal, version);
    if (decided.date !== null) floor = { name, date: decided.date };
    return decided;
  };
  return {
    recommendedFrom: next('recommendedFrom', 'from'),
    target: next('target', 'target'),
    recommendedTo: next('recommendedTo', 'to'),
    lapsedAfter: next('lapsedAfter', 'lapse'),
  };
}

type WindowFigures = Omit<ProtocolFigures['window'], 'profile'>;

function afterFloor(
  floor: Floor,
  dose: Dose,
  name: keyof WindowFigures,
  figure: WeeksFigure | null,
  personal: PersonalInterval | null,
  version: string,
): DateExplanation {
  const claims: Claim[] = [];
  const replaced: Claim[] = [];
  const missing: Missing[] = [];
  if (floor.date === null) {
    missing.push({ figure: 'earliest', product: null, reason: 'The earliest date is not known.' });
  } else {
    claims.push(notBefore(floor.name, floor.date));
  }
  if (figure) {
    const offset: Offset = { n: figure.weeks, unit: 'week' };
    const published = claim(figure, version, dose, offset, addOffsets(dose.treatedOn, offset));
    if (personal && name !== 'lapse') {
      claims.push(personalClaim(name, dose, personal, figure));
      replaced.push(published);
    } else claims.push(published);
  } else if (name !== 'from') {
    const reason = `The protocol has no "${name}" figure for ${dose.product} in ${dose.area}.`;
    missing.push({ figure: name, product: dose.product, reason });
  }
  return decide(claims, missing, replaced);
}

function followUpsOf(
  { dose, figures }: ProtocolDose,
  version: string,
): Pick<Explanation, 'reviewFrom' | 'reviewTo' | 'nonResponseCheck'> {
  const onDay = (figure: Cited & { readonly ruleId: string }, n: number): DateExplanation =>
    decide([claim(figure, version, dose, { n, unit: 'day' }, addDays(dose.treatedOn, n))]);
  return {
    reviewFrom: onDay(figures.review, figures.review.fromDay),
    reviewTo: onDay(figures.review, figures.review.toDay),
    nonResponseCheck: onDay(figures.nonResponse, figures.nonResponse.day),
  };
}

/** A touch-up alone bounds the next dose but starts no cycle, so there is nothing to recommend. */
function withoutFullTreatment(earliest: DateExplanation): Explanation {
  const reason = 'There is no full treatment of this area to count from.';
  const none = decide([], [{ figure: 'full-treatment', product: null, reason }]);
  return {
    earliest,
    recommendedFrom: none,
    target: none,
    recommendedTo: none,
    lapsedAfter: none,
    reviewFrom: none,
    reviewTo: none,
    nonResponseCheck: none,
  };
}
