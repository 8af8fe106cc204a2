import type { CalendarDate } from '#kernel';
import {
  areaOf,
  isLicensed,
  labelIn,
  labelTotals,
  productOf,
  type Bands,
  type Catalogue,
  type Indication,
  type Market,
  type Product,
} from '#catalogue';
import { compareVolume, labelVolumeMl, unitsOf, volumeMl, type Dilution } from './dose.js';
import { NotADose } from './dose.errors.js';
import { timingFindings, type PastDose } from './dose-timing.js';
import type { DoseFinding } from './dose-finding.js';
import { clearedFindings, type Cleared } from './cleared-plan.js';
import { sessionFindings, siteFindings } from './dose-limits.js';

/** One point to be injected. */
export interface PlannedInjection {
  readonly product: string;
  readonly area: string;
  readonly hundredths: number;
  readonly dilution?: Dilution;
}

export interface DosePlan {
  readonly catalogue: Catalogue;
  readonly market: Market;
  readonly on: CalendarDate;
  readonly injections: readonly PlannedInjection[];
  /** All signed treatments and all toxin elsewhere, medical use included; later days are ignored. */
  readonly history: readonly PastDose[];
  /** The day of the treatment a touch-up completes: its doses are no reason to call the touch-up early. */
  readonly touchUpOf?: CalendarDate;
  /** What that treatment gave: forehead in the touch-up stands with the glabella of the session it completes. */
  readonly completed?: readonly { readonly product: string; readonly area: string }[];
  /** Units given under the same clearance before. */
  readonly givenUnderClearance?: readonly Cleared[];
  /** What the clearance was given for; left out where there is none, in records from elsewhere. */
  readonly cleared?: readonly Cleared[];
  /** Platysma bands a side, where known: they decide the label total. */
  readonly bands?: Bands;
}

export interface AreaTotal {
  readonly product: string;
  readonly area: string;
  readonly hundredths: number;
  readonly points: number;
  /** Null unless the dilution of every point is known. */
  readonly volumeMl: number | null;
  readonly labelVolumeMl: number | null;
}

export interface DoseCheck {
  readonly onLabel: boolean;
  readonly areas: readonly AreaTotal[];
  readonly sessions: readonly { readonly product: string; readonly hundredths: number }[];
  readonly trailing: readonly { readonly product: string; readonly hundredths: number }[];
  readonly findings: readonly DoseFinding[];
}

/**
 * Checks the points planned for one session against the labels of the market and the patient's whole history.
 * Totals are per product: units of different products are never added.
 * @throws UnknownProduct, UnknownArea, NotADose
 */
export function guardDose(plan: DosePlan): DoseCheck {
  const { catalogue, market, injections } = plan;
  for (const { product, hundredths } of injections) {
    if (!Number.isSafeInteger(hundredths) || hundredths <= 0) throw new NotADose({ product, hundredths });
  }
  const groups = Map.groupBy(injections, ({ product, area }) => JSON.stringify([product, area]));
  const findings: DoseFinding[] = [];
  const areas: AreaTotal[] = [];
  for (const points of groups.values()) {
    const [first] = points;
    if (!first) continue;
    const product = productOf(catalogue, first.product);
    const area = areaOf(catalogue, first.area).id;
    const total = totalOf(product, area, points);
    areas.push(total);
    const label = labelIn(catalogue, market, product.id, area);
    findings.push(...placeFindings(product, area, market, label !== null));
    if (label) findings.push(...labelFindings(label, total, plan));
    findings.push(...siteFindings(product, area, points), ...volumeFindings(total));
  }
  const sessions = [...Map.groupBy(injections, ({ product }) => product)].map(([product, points]) => ({
    product,
    hundredths: sum(points),
  }));
  const timing = timingFindings(plan, sessions);
  for (const { product: id, hundredths } of sessions) {
    findings.push(...sessionFindings(productOf(catalogue, id), hundredths));
  }
  findings.push(...timing.findings);
  if (plan.cleared) findings.push(...clearedFindings(plan.cleared, areas, plan.givenUnderClearance));
  return {
    onLabel: !findings.some(({ offLabel }) => offLabel),
    areas,
    sessions,
    trailing: timing.trailing,
    findings,
  };
}

const sum = (points: readonly { readonly hundredths: number }[]): number =>
  points.reduce((total, { hundredths }) => total + hundredths, 0);

const round = (ml: number | null): number | null => (ml === null ? null : Math.round(ml * 10_000) / 10_000);

function totalOf(product: Product, area: string, points: readonly PlannedInjection[]): AreaTotal {
  let volume: number | null = 0;
  let label: number | null = 0;
  for (const { dilution, hundredths } of points) {
    volume = volume === null || !dilution ? null : volume + volumeMl(hundredths * 1000, dilution) / 1000;
    const stated = dilution ? labelVolumeMl(product, hundredths * 1000, dilution) : null;
    label = label === null || stated === null ? null : label + stated / 1000;
  }
  return {
    product: product.id,
    area,
    hundredths: sum(points),
    points: points.length,
    volumeMl: round(volume),
    labelVolumeMl: round(label),
  };
}

function placeFindings(product: Product, area: string, market: Market, onLabel: boolean): DoseFinding[] {
  const about = { product: product.id, area, limit: null, actual: null, offLabel: true };
  if (!isLicensed(product, market)) {
    const code = 'unlicensed_product';
    return [
      {
        ...about,
        code,
        flag: code,
        severity: 'prescriber-decision',
        sources: ['POL'],
        confidence: 'policy (POL)',
      },
    ];
  }
  if (onLabel) return [];
  const code = 'off_label_area';
  return [
    { ...about, code, flag: code, severity: 'acknowledge', sources: ['POL'], confidence: 'policy (POL)' },
  ];
}

function labelFindings(label: Indication, total: AreaTotal, plan: DosePlan): DoseFinding[] {
  const units = unitsOf(total.hundredths);
  const cited = {
    product: total.product,
    area: total.area,
    sources: label.sources,
    confidence: label.confidence,
  };
  const findings: DoseFinding[] = [];
  const { base, increased } = labelTotals(label, plan.market, plan.bands);
  if (units > increased) {
    const flag = `above_label_total(${increased})`;
    const severity = 'prescriber-decision';
    findings.push({
      ...cited,
      code: 'above_label_total',
      flag,
      severity,
      offLabel: true,
      limit: increased,
      actual: units,
    });
  } else if (units > base) {
    const code = 'increased_dose_within_label_range';
    findings.push({
      ...cited,
      code,
      flag: code,
      severity: 'note',
      offLabel: false,
      limit: increased,
      actual: units,
    });
  }
  const partner = label.requiresAreaSameSession;
  const together = [...plan.injections, ...(plan.completed ?? [])];
  const hasPartner = together.some(({ product, area }) => product === total.product && area === partner);
  if (partner !== null && !hasPartner) {
    const code = 'requires_same_session';
    const flag = `${code}:${partner}`;
    findings.push({
      ...cited,
      code,
      flag,
      severity: 'prescriber-decision',
      offLabel: true,
      limit: null,
      actual: null,
    });
  }
  return findings;
}

function volumeFindings({ product, area, volumeMl: actual, labelVolumeMl: limit }: AreaTotal): DoseFinding[] {
  if (actual === null || limit === null) return [];
  const code = compareVolume(actual, limit);
  if (code === 'exact') return [];
  const severity = code === 'label_rounding_tolerance' ? 'note' : 'acknowledge';
  const cited = { sources: ['DER'], confidence: 'derived from the label concentration' };
  return [{ code, flag: code, severity, offLabel: false, product, area, limit, actual, ...cited }];
}
