import { addOffsets, type CalendarDate, type Offset } from '#kernel';
import { productOf, protocolFor, type Catalogue, type Market } from '#catalogue';
import { unitsOf } from './dose.js';
import type { DoseFinding } from './dose-finding.js';

/** Toxin the patient has had, here or elsewhere, cosmetic or medical. */
export interface PastDose {
  readonly on: CalendarDate;
  /** A product id of the catalogue; null: a toxin nobody could name. */
  readonly product: string | null;
  /** Null: not one of the catalogue's areas (neck, armpits) or not known. */
  readonly area: string | null;
  /** Null: not known. */
  readonly hundredths: number | null;
  /** Given for a disease: migraine, bruxism, hyperhidrosis. */
  readonly medical: boolean;
}

interface Timed {
  readonly catalogue: Catalogue;
  readonly market: Market;
  readonly on: CalendarDate;
  readonly injections: readonly { readonly product: string; readonly area: string }[];
  readonly history: readonly PastDose[];
  readonly touchUpOf?: CalendarDate;
}

type Total = { readonly product: string; readonly hundredths: number };

/** Patient information asks for other toxin "in the last 4 months" (rule OTHER_BONT). */
const OTHER_TOXIN_SPAN: Offset = { n: 4, unit: 'month' };

const isInside = (date: CalendarDate, span: Offset, on: CalendarDate): boolean =>
  date <= on && addOffsets(date, span) > on;

/** What the patient's history says about treating on this day: cumulative totals, other toxin, too short spacing. */
export function timingFindings(
  plan: Timed,
  sessions: readonly Total[],
): { readonly trailing: readonly Total[]; readonly findings: readonly DoseFinding[] } {
  const past = plan.history.filter(({ on }) => on <= plan.on);
  const trailing: Total[] = [];
  const findings: DoseFinding[] = [];
  for (const session of sessions) {
    const limit = productOf(plan.catalogue, session.product).cumulativeMax;
    if (limit && limit.units !== null && limit.per !== null && limit.per !== 'session') {
      const span = limit.per;
      const earlier = past.filter(
        (dose) => dose.product === session.product && isInside(dose.on, span, plan.on),
      );
      const hundredths = earlier.reduce((sum, dose) => sum + (dose.hundredths ?? 0), session.hundredths);
      trailing.push({ product: session.product, hundredths });
      if (unitsOf(hundredths) > limit.units) {
        findings.push({
          code: `cumulative_above_${limit.units}`,
          flag: `cumulative_above_${limit.units}`,
          severity: 'prescriber-decision',
          offLabel: true,
          product: session.product,
          area: null,
          limit: limit.units,
          actual: unitsOf(hundredths),
          sources: limit.sources,
          confidence: limit.confidence,
        });
      }
    }
    findings.push(...otherToxin(plan, past, session.product));
  }
  return { trailing, findings: [...findings, ...spacing(plan, past)] };
}

function otherToxin(
  { on, catalogue, injections }: Timed,
  past: readonly PastDose[],
  product: string,
): DoseFinding[] {
  const recent = past.filter((dose) => isInside(dose.on, OTHER_TOXIN_SPAN, on));
  const rule = catalogue.safetyRules.find(({ code }) => code === 'OTHER_BONT');
  const finding = (code: string): DoseFinding => ({
    code,
    flag: code,
    severity: 'prescriber-decision',
    offLabel: false,
    product,
    area: null,
    limit: null,
    actual: null,
    sources: rule?.sources ?? [],
    confidence: rule?.confidence ?? 'none',
  });
  const findings: DoseFinding[] = [];
  // "Now or within about four months": another toxin in this very session counts as well.
  if ([...recent, ...injections].some((dose) => dose.product !== product))
    findings.push(finding('different_toxin_within_4_months'));
  if (recent.some((dose) => dose.medical)) findings.push(finding('therapeutic_toxin_within_4_months'));
  return findings;
}

/** Labels speak of dosing, not of one area (clinical rule 6): another area treated too recently is "staggered". */
function spacing(plan: Timed, past: readonly PastDose[]): DoseFinding[] {
  const planned = new Map(
    plan.injections.map((point) => [JSON.stringify([point.product, point.area]), point]),
  );
  const findings: DoseFinding[] = [];
  for (const { product, area } of planned.values()) {
    for (const code of ['before_minimum_interval', 'staggered_treatment']) {
      const isSameArea = code === 'before_minimum_interval';
      const intervals = past
        .filter(({ on, medical }) => on !== plan.touchUpOf && !medical)
        // Another area on the same day is one dosing, not a staggered one; the same area twice in a day is too soon.
        .filter((dose) =>
          isSameArea ? dose.area === area : dose.area !== null && dose.area !== area && dose.on < plan.on,
        )
        .flatMap((dose) =>
          intervalsOf(plan, dose).filter(({ offset }) => addOffsets(dose.on, offset) > plan.on),
        );
      const [first] = intervals;
      if (!first) continue;
      findings.push({
        code,
        flag: code,
        severity: 'prescriber-decision',
        offLabel: false,
        product,
        area,
        limit: null,
        actual: null,
        sources: first.sources,
        confidence: first.confidence,
      });
    }
  }
  return findings;
}

function intervalsOf({ catalogue, market }: Timed, { product, area }: PastDose) {
  return product === null || area === null
    ? []
    : protocolFor(catalogue, { market, product, area }).minIntervals;
}
