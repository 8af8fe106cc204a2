import { areaOf, type PublishedCatalogue } from '#catalogue';

import { spoken } from '../../domain/patient-summary.js';
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
  const together = areas.length > 1 ? ' in one visit' : '';
  const until = to === null ? ' on' : ` to ${spoken(to)}`;
  const possible = to === from ? '' : `, possible from ${spoken(from)}${until}`;
  const says = `${names}${together}: best on ${spoken(date)}${possible}.`;
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
  says: `${areaOf(catalogue, area).name} should be done by ${spoken(until)}, and ${areaOf(catalogue, other).name} not before ${spoken(from)}.`,
});

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
