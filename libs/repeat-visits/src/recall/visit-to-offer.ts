import type { CalendarDate } from '#kernel';

import type { Reason } from '../domain/suppression.js';
import { type AreaToVisit, type ProposedVisit, proposeVisits } from '../domain/visit-proposals.js';
import type { KnownOfPatients } from '../suppression-facts.js';
import type { OpenWindow } from '../windows.repository.js';

/**
 * The first of the fewest visits from `from` on for all open windows of one patient that `mayAsk` lets through, with a
 * clinician's own first day where there is one; null when none can be proposed.
 */
export function visitToOffer(
  windows: ReadonlyMap<OpenWindow, readonly Reason[]>,
  known: KnownOfPatients,
  mayAsk: (reasons: readonly Reason[]) => boolean,
  from: CalendarDate,
): ProposedVisit | null {
  const toVisit = [...windows].flatMap(([window, reasons]): AreaToVisit[] => {
    if (!mayAsk(reasons)) return [];
    const waits = reasons.some(({ code }) => code.startsWith('override-'));
    const notBefore = waits ? (known.override(window.patientId, window.area)?.notBefore ?? null) : null;
    return [{ ...window, notBefore }];
  });
  return proposeVisits(toVisit, from).visits[0] ?? null;
}
