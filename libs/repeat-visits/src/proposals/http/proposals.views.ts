import { areaOf, type PublishedCatalogue } from '#catalogue';

import type { ProposedVisit, VisitConflict, VisitProposals } from '../../domain/visit-proposals.js';
import type { ProposalsView, ProposedVisitView, VisitConflictView } from './proposals.dto.js';

export const proposalsView = (
  catalogue: PublishedCatalogue,
  { visits, conflicts, withoutDates }: VisitProposals,
): ProposalsView => ({
  visits: visits.map((visit) => visitView(catalogue, visit)),
  conflicts: conflicts.map((conflict) => conflictView(catalogue, conflict)),
  withoutDates: [...withoutDates],
});

export function visitView(
  catalogue: PublishedCatalogue,
  { date, from, to, areas, overdue }: ProposedVisit,
): ProposedVisitView {
  const names = listed(areas.map((area) => areaOf(catalogue, area).name));
  const until = to === null ? 'on any day after' : `to ${to}`;
  const together = areas.length > 1 ? ' in one visit' : '';
  const says = `${names}${together}: best on ${date}, possible from ${from} ${until}.`;
  return { date, from, to, areas: [...areas], overdue: [...overdue], says };
}

export const conflictView = (
  catalogue: PublishedCatalogue,
  { area, until, other, from }: VisitConflict,
): VisitConflictView => ({
  area,
  until,
  other,
  from,
  says: `${areaOf(catalogue, area).name} should be done by ${until}, and ${areaOf(catalogue, other).name} not before ${from}.`,
});

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
