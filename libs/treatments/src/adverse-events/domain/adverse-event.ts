import type { AdverseEventTerm, Catalogue } from '#catalogue';
import { daysBetween, type CalendarDate } from '#kernel';

import {
  AdverseEventTermUnknown,
  OnsetBeforeTreatment,
  OnsetInFuture,
  ResolvedBeforeOnset,
} from './adverse-events.errors.js';

export const SEVERITIES = ['mild', 'moderate', 'severe'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Why an event is serious (ICH E2A). */
export const SERIOUSNESS = [
  'death',
  'life-threatening',
  'hospitalisation',
  'disability',
  'congenital-anomaly',
  'medically-important',
] as const;
export type Seriousness = (typeof SERIOUSNESS)[number];

export const OUTCOMES = [
  'recovered',
  'recovering',
  'not-recovered',
  'recovered-with-sequelae',
  'fatal',
  'unknown',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes after which nothing more is expected. */
export const FINAL_OUTCOMES = ['recovered', 'recovered-with-sequelae', 'fatal'] as const;

export type AdverseEventStatus = 'active' | 'resolved' | 'entered-in-error';

/** What a colleague should know beside the event; nothing of it refuses it. */
export interface AdverseEventNote {
  readonly code: 'onset_untypical' | 'area_untypical' | 'serious_by_term' | 'seriousness_to_decide';
  /** Days after the treatment the event began, and the catalogue's typical first and last; null where it is not about days. */
  readonly onsetDay: number | null;
  readonly typicalDays: readonly [number, number] | null;
}

export interface Observed {
  /** A term of the catalogue; null for another, which then is written out. */
  readonly term: string | null;
  readonly onsetOn: CalendarDate;
  readonly resolvedOn: CalendarDate | null;
  readonly seriousness: readonly Seriousness[];
  readonly treatedOn: CalendarDate;
  /** Areas of the points it may come from. */
  readonly areas: readonly string[];
  /** Today at the location. */
  readonly on: CalendarDate;
}

export interface Judged {
  readonly listed: AdverseEventTerm | null;
  readonly serious: boolean;
  readonly notes: readonly AdverseEventNote[];
}

/**
 * Whether the dates can be, whether it is serious (by a criterion, or because the catalogue says the term always is), and
 * what is untypical. @throws AdverseEventTermUnknown, OnsetBeforeTreatment, OnsetInFuture, ResolvedBeforeOnset
 */
export function judge(catalogue: Pick<Catalogue, 'adverseEvents'>, observed: Observed): Judged {
  const { term, onsetOn, resolvedOn, seriousness, treatedOn, areas, on } = observed;
  const listed = term === null ? null : termOf(catalogue, term);
  if (onsetOn < treatedOn) throw new OnsetBeforeTreatment({ onsetOn, treatedOn });
  const latest = resolvedOn ?? onsetOn;
  if (latest < onsetOn) throw new ResolvedBeforeOnset({ onsetOn, resolvedOn });
  if (latest > on) throw new OnsetInFuture({ date: latest, on });
  const always = listed?.severityFlag === 'SERIOUS';
  return {
    listed,
    serious: always || seriousness.length > 0,
    notes: listed === null ? [] : notesOf(listed, daysBetween(treatedOn, onsetOn), areas, seriousness),
  };
}

/** @throws AdverseEventTermUnknown */
export function termOf(catalogue: Pick<Catalogue, 'adverseEvents'>, term: string): AdverseEventTerm {
  const listed = catalogue.adverseEvents.find((one) => one.term === term);
  if (!listed) throw new AdverseEventTermUnknown({ term });
  return listed;
}

function notesOf(
  { onsetDays, severityFlag, areas: typical }: AdverseEventTerm,
  onsetDay: number,
  areas: readonly string[],
  seriousness: readonly Seriousness[],
): AdverseEventNote[] {
  const [first, last] = onsetDays;
  const plain = { onsetDay: null, typicalDays: null };
  const elsewhere = !typical.includes('all') && !areas.some((area) => typical.includes(area));
  return [
    ...(onsetDay < first || onsetDay > last
      ? [{ code: 'onset_untypical' as const, onsetDay, typicalDays: onsetDays }]
      : []),
    ...(elsewhere ? [{ code: 'area_untypical' as const, ...plain }] : []),
    ...(severityFlag === 'SERIOUS' && seriousness.length === 0
      ? [{ code: 'serious_by_term' as const, ...plain }]
      : []),
    ...(severityFlag === 'serious?' && seriousness.length === 0
      ? [{ code: 'seriousness_to_decide' as const, ...plain }]
      : []),
  ];
}

/**
 * The points an event may come from when nobody says: those in areas the catalogue names for the term, or else all.
 */
export function suspected<Point extends { readonly area: string }>(
  points: readonly Point[],
  listed: AdverseEventTerm | null,
): readonly Point[] {
  const typical = points.filter(({ area }) => listed?.areas.includes(area));
  return typical.length > 0 ? typical : points;
}
