import { addDays, boundaryOf, dateIn, timeIn, type WallTime } from '#kernel';
import { MINUTE } from '../../domain/appointment.js';

/** Less than this is no time to think in. */
const LEAST_MINUTES = 5;

/**
 * Until when an offer stands: as long as the clinic gives, but over before the notice the clinic wants and before the
 * visit itself; null when that leaves no time to think.
 */
export function offerEnds(offer: {
  readonly now: Date;
  readonly startsAt: Date;
  readonly offerMinutes: number;
  readonly noticeMinutes: number;
}): Date | null {
  const { now, startsAt, offerMinutes, noticeMinutes } = offer;
  const last = startsAt.getTime() - noticeOf(noticeMinutes);
  const ends = Math.min(now.getTime() + offerMinutes * MINUTE, last);
  return ends < now.getTime() + LEAST_MINUTES * MINUTE ? null : new Date(ends);
}

/** Epoch ms: what begins earlier cannot be offered any more. */
export const offerableFrom = (now: Date, noticeMinutes: number): number =>
  now.getTime() + LEAST_MINUTES * MINUTE + noticeOf(noticeMinutes);

const noticeOf = (noticeMinutes: number): number => Math.max(noticeMinutes, 1) * MINUTE;

/** On the clock of a location, `to` exclusive and over midnight where it comes before `from`; alike means none. */
export interface QuietHours {
  readonly from: WallTime;
  readonly to: WallTime;
}

/** When the quiet hours that are now end; null outside of them. */
export function quietUntil(now: Date, { from, to }: QuietHours, zone: string): Date | null {
  const [time, today] = [timeIn(now, zone), dateIn(now, zone)];
  if (from === to) return null;
  if (from < to) return from <= time && time < to ? boundaryOf(today, to, zone) : null;
  if (time >= from) return boundaryOf(addDays(today, 1), to, zone);
  return time < to ? boundaryOf(today, to, zone) : null;
}
