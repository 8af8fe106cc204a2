import type { Catalogue } from '#catalogue';
import { calendarDate, type CalendarDate } from '#kernel';

import type { AdverseEventContent, AdverseEventRow, TreatedPatient } from './adverse-events.repository.js';
import { judge, suspected, termOf } from './domain/adverse-event.js';
import { AdverseEventUnnamed, InjectionNotOfTreatment } from './domain/adverse-events.errors.js';
import type { DescribeAdverseEvent, RecordAdverseEvent } from './http/adverse-event.dto.js';

type Points = TreatedPatient['points'];

/** What was seen, with the fields a kept row has as null. */
export type Described = Omit<DescribeAdverseEvent, 'term' | 'otherTerm' | 'description'> & {
  readonly term?: string | null;
  readonly otherTerm?: string | null;
  readonly description?: string | null;
};

/** The points it is linked to: those named, or those it may come from. @throws InjectionNotOfTreatment, AdverseEventTermUnknown */
export function pointsOf(
  points: Points,
  { injectionIds, term }: Pick<RecordAdverseEvent, 'injectionIds' | 'term'>,
  catalogue: Catalogue,
): Points {
  if (injectionIds === undefined)
    return suspected(points, term === undefined ? null : termOf(catalogue, term));
  const named = new Set(injectionIds);
  const found = points.filter(({ id }) => named.has(id));
  if (found.length < named.size || found.length === 0) throw new InjectionNotOfTreatment();
  return found;
}

/**
 * What is kept of it, judged on a day at the location. @throws AdverseEventUnnamed, AdverseEventTermUnknown, OnsetBeforeTreatment,
 *   OnsetInFuture, ResolvedBeforeOnset
 */
export function contentOf(
  catalogue: Catalogue,
  on: CalendarDate,
  { term = null, otherTerm = null, ...described }: Described,
  { treatedOn }: Pick<TreatedPatient, 'treatedOn'>,
  points: readonly { readonly area: string }[],
  resolvedOn?: string,
): AdverseEventContent {
  if ((term === null) === (otherTerm === null)) throw new AdverseEventUnnamed();
  const { severity, seriousness = [], outcome, description = null } = described;
  const onsetOn = calendarDate(described.onsetOn);
  const over = resolvedOn === undefined ? null : calendarDate(resolvedOn);
  const areas = points.map(({ area }) => area);
  const { serious, notes } = judge(catalogue, {
    term,
    onsetOn,
    resolvedOn: over,
    seriousness,
    treatedOn,
    areas,
    on,
  });
  const status = over === null ? 'active' : 'resolved';
  const catalogueVersion = catalogue.version;
  return {
    term,
    otherTerm,
    catalogueVersion,
    onsetOn,
    severity,
    seriousness,
    serious,
    outcome,
    description,
    resolvedOn: over,
    notes,
    status,
  };
}

/** What a kept event says, to describe it anew. */
export const describedIn = ({
  term,
  otherTerm,
  onsetOn,
  severity,
  seriousness,
  outcome,
  description,
}: AdverseEventRow) => ({
  term,
  otherTerm,
  onsetOn,
  severity,
  seriousness,
  outcome,
  description,
});

/** What is kept of it, as it stands. */
export const keptOf = (row: AdverseEventRow): AdverseEventContent => ({
  ...describedIn(row),
  catalogueVersion: row.catalogueVersion,
  serious: row.serious,
  resolvedOn: row.resolvedOn,
  notes: row.notes,
  status: row.status,
});
