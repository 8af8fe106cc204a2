import { addDays, addOffsets, calendarDate, type CalendarDate } from '#kernel';

/**
 * A day as far as it is known (`2026-02-20`, `2026-02`, `2026`), and the last day it can have been, today at the latest:
 * an interval counted from there never ends too early. @throws NotACalendarDate
 */
export function givenOn(text: string, today: CalendarDate): { text: string; latest: CalendarDate } {
  const first = calendarDate(`${text}-01-01`.slice(0, 10));
  if (text.length === 10) return { text, latest: first };
  const next = addOffsets(first, { n: 1, unit: text.length === 7 ? 'month' : 'year' });
  const last = addDays(next, -1);
  return { text, latest: first <= today && today < last ? today : last };
}
