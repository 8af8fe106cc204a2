import { type CalendarDate, latest } from '#kernel';
import type { ProtocolFigures } from '#catalogue';
import type { Protocol } from './protocol.js';
import { AssessedBeforeTreatment } from './repeat-visits.errors.js';

/** A touch-up completes an earlier full treatment: it counts for `earliest` and never starts a new cycle. */
export const DOSE_KINDS = ['full', 'touch-up'] as const;
export type DoseKind = (typeof DOSE_KINDS)[number];

/** One product in one area on one day, as signed; withdrawn treatments are absent. */
export interface Dose {
  /** Civil date at the location of the treatment. */
  readonly treatedOn: CalendarDate;
  readonly product: string;
  readonly area: string;
  readonly kind: DoseKind;
  readonly treatmentId?: string;
}

/** A dose together with the figures its product has in its area. */
export interface ProtocolDose {
  readonly dose: Dose;
  readonly figures: ProtocolFigures;
}

export interface AreaHistory {
  readonly area: string;
  /** Every dose once, in canonical order: whatever order they were entered in, the same bytes come out. */
  readonly doses: readonly ProtocolDose[];
  /** The full treatment the window starts from; null when there were only touch-ups. */
  readonly lastFull: ProtocolDose | null;
  /** That one, or the latest dose where there was none: its product's figures decide. */
  readonly governing: ProtocolDose;
}

/**
 * The doses by area, areas in id order.
 * @throws AssessedBeforeTreatment when any dose lies after `assessedOn`
 */
export function byArea(
  history: readonly Dose[],
  protocol: Protocol,
  assessedOn: CalendarDate,
): AreaHistory[] {
  const areas = new Map<string, Dose[]>();
  for (const dose of history) {
    if (dose.treatedOn > assessedOn) {
      const treatedOn = latest(dose.treatedOn, ...history.map((other) => other.treatedOn));
      throw new AssessedBeforeTreatment({ assessedOn, treatedOn });
    }
    const doses = areas.get(dose.area);
    if (doses) doses.push(dose);
    else areas.set(dose.area, [dose]);
  }
  return [...areas]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([area, doses]) => {
      const known = canonical(doses).map((dose) => ({ dose, figures: protocol.figures(dose.product, area) }));
      const lastFull = lastFullOf(known);
      const governing = lastFull ?? known.at(-1);
      return governing ? [{ area, doses: known, lastFull, governing }] : [];
    });
}

/** The same treatment sent twice is one dose, so repeating an entry changes nothing. */
function canonical(doses: readonly Dose[]): Dose[] {
  const sorted = doses.length > 1 ? doses.toSorted(compareDoses) : doses;
  return sorted.filter((dose, i) => {
    const before = sorted[i - 1];
    return before === undefined || compareDoses(before, dose) !== 0;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The canonical order: day, product, kind, treatment. */
export function compareDoses(a: Dose, b: Dose): number {
  return (
    compare(a.treatedOn, b.treatedOn) ||
    compare(a.product, b.product) ||
    compare(a.kind, b.kind) ||
    compare(a.treatmentId ?? '', b.treatmentId ?? '')
  );
}

/**
 * Two products in one area on the same day: the one that lasts longer (later target, then later end) says when the
 * patient needs to come back. An equal profile leaves the first in canonical order.
 */
function lastFullOf(doses: readonly ProtocolDose[]): ProtocolDose | null {
  let last: ProtocolDose | null = null;
  for (const candidate of doses) {
    if (candidate.dose.kind !== 'full') continue;
    if (last === null || candidate.dose.treatedOn > last.dose.treatedOn || lastsLonger(candidate, last)) {
      last = candidate;
    }
  }
  return last;
}

function lastsLonger(a: ProtocolDose, b: ProtocolDose): boolean {
  for (const figure of ['target', 'to', 'lapse', 'from'] as const) {
    const difference = (a.figures.window[figure]?.weeks ?? -1) - (b.figures.window[figure]?.weeks ?? -1);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
