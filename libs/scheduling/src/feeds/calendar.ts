import ical, { ICalEventClass, ICalEventStatus, ICalEventTransparency } from 'ical-generator';

import type { CalendarVisit, FeedRow } from './calendar-feeds.repository.js';

const CALLED_OFF: ReadonlySet<string> = new Set(['cancelled', 'no-show', 'entered-in-error']);
const REFRESH_SECONDS = 900;

/**
 * The calendar as text (RFC 5545), the same bytes for the same visits. It leaves the clinic, so that it says when and
 * where someone is busy, and nothing of whom they see or what for. Instants are UTC: every program shows its own zone.
 */
export function calendarText(feed: FeedRow, visits: readonly CalendarVisit[]): string {
  const calendar = ical({
    prodId: { company: 'Revisit', product: 'Calendar', language: 'EN' },
    name: feed.name,
    ttl: REFRESH_SECONDS,
  });
  for (const visit of visits) {
    const isOff = CALLED_OFF.has(visit.status);
    calendar.createEvent({
      id: `${visit.id}@revisit`,
      sequence: visit.version,
      start: visit.startsAt,
      end: visit.endsAt,
      stamp: visit.updatedAt,
      lastModified: visit.updatedAt,
      summary: `Busy – ${feed.practitionerId === null ? visit.practitionerName : 'Revisit'} #${visit.id.slice(-8)}`,
      location: visit.locationName,
      status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      transparency: isOff ? ICalEventTransparency.TRANSPARENT : ICalEventTransparency.OPAQUE,
      class: ICalEventClass.PRIVATE,
    });
  }
  return calendar.toString();
}
