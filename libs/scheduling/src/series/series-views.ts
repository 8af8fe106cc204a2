import { type AppointmentRow, viewOf } from '../appointments.repository.js';
import { localTimeOf } from '../domain/slot.js';
import type { SlotView } from '../http/availability.dto.js';
import type { PlannedVisitView, SeriesView } from './http/series.view.js';
import type { SeriesPlan, VisitPlan } from './series-planner.js';
import type { SeriesRow, SeriesVisitRow } from './series.repository.js';

/** A planned visit as it is told: free and where, or why not and what is free instead. */
export function plannedView(
  { zone, grounds }: SeriesPlan,
  { wish, at, bookable, roomId, refusal }: VisitPlan,
  alternatives: readonly SlotView[] = [],
): PlannedVisitView {
  const { alternatives: _, ...facts } = refusal?.facts ?? {};
  const rooms = grounds.setUp.location?.rooms ?? [];
  return {
    number: wish.number,
    localTime: at.startsAt ? localTimeOf(at.startsAt, zone) : wish.startsAt.slice(0, 16),
    startsAt: at.startsAt,
    practitionerId: bookable?.place.practitionerId ?? wish.practitionerId,
    roomId: bookable ? roomId : null,
    roomName: (bookable && rooms.find(({ id }) => id === roomId)?.name) ?? null,
    free: refusal === null,
    problem: refusal && { code: refusal.spec.code, title: refusal.spec.title, facts },
    alternatives: [...alternatives],
  };
}

export function seriesView(
  { id, ...series }: SeriesRow,
  visits: readonly SeriesVisitRow[],
  rows: readonly AppointmentRow[],
  notDone: readonly PlannedVisitView[] = [],
): SeriesView {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    id,
    ...series,
    visits: visits.flatMap(({ number, detached, appointmentId }) => {
      const row = byId.get(appointmentId);
      return row ? [{ number, detached, appointment: viewOf(row) }] : [];
    }),
    notDone: [...notDone],
  };
}
