import type { CalendarDate } from '#kernel';

import { type Effect, effectOnPlan, ownDayOf, type Reason } from '../domain/suppression.js';
import { type AreaToVisit, type ProposedVisit, proposeVisits } from '../domain/visit-proposals.js';
import type { OpenWindow } from '../windows.repository.js';

/**
 * The first of the fewest visits from `from` on for all open windows of one patient that no reason keeps from being `asked`
 * about in this way, with a clinician's own first day where there is one; null when none can be proposed.
 */
export function visitToOffer(
  windows: ReadonlyMap<OpenWindow, readonly Reason[]>,
  asked: keyof Effect,
  from: CalendarDate,
): ProposedVisit | null {
  const toVisit = [...windows].flatMap(([window, reasons]): AreaToVisit[] =>
    effectOnPlan(reasons)[asked] ? [{ ...window, notBefore: ownDayOf(reasons) }] : [],
  );
  return proposeVisits(toVisit, from).visits[0] ?? null;
}
