import { type Interval, isZone, subtract, UnknownZone } from '#kernel';
import { type AppointmentTiming, MINUTE, spanOf } from './appointment.js';
import { AvailabilityRangeInvalid, SlotStepInvalid } from './scheduling.errors.js';
import type { Slot } from './slot.js';

export interface AvailabilitySearch {
  /** Epoch ms; the whole visit lies inside. At most 60 days of the location's calendar. */
  readonly range: Interval;
  /** The location's IANA zone: slots start on its wall-clock grid. */
  readonly zone: string;
  /** Minutes, at least 5 and dividing 24 hours: 15 gives :00 :15 :30 :45. */
  readonly stepMinutes: number;
  readonly type: AppointmentTiming;
  /** In the order to be listed. `busy` are blocking spans with buffers, at *every* location; order is free. */
  readonly practitioners: readonly {
    readonly id: string;
    readonly working: readonly Interval[];
    readonly busy: readonly Interval[];
  }[];
  /** Suitable rooms in order of preference; null when the type needs no room. */
  readonly rooms: readonly { readonly id: string; readonly busy: readonly Interval[] }[] | null;
  /** What the patient already has, with buffers: one span blocks practitioner, room and patient alike. */
  readonly patientBusy?: readonly Interval[];
  /** Epoch ms: no visit starts before it (the present plus the notice a clinic wants). */
  readonly notBefore: number;
}

export const LONGEST_SEARCH_DAYS = 60;
const DAY_MINUTES = 1440;

/** What must be loaded for a search: busy and working spans overlapping this are all that can matter. */
export const reachOf = (
  range: Interval,
  { bufferBeforeMinutes, bufferAfterMinutes }: AppointmentTiming,
): Interval => ({
  start: range.start - bufferBeforeMinutes * MINUTE,
  end: range.end + bufferAfterMinutes * MINUTE,
});

/**
 * Every bookable slot, by time and then in the order of the practitioners. The visit *and its buffers* lie inside the
 * practitioner's working time (setting up and cleaning is work) and clear of what practitioner, room and patient already
 * have. "Anyone" gives one slot for each practitioner free at a time, so that each can be booked as it stands and the
 * patient may choose whom to see; each names the first free room, so slots are alternatives, not a set to book together.
 * In a repeated hour (clocks go back) the same wall time is offered twice, as two instants; a skipped hour has none.
 *
 * Linear: each diary is swept once over the grid of start times.
 * @throws AvailabilityRangeInvalid, SlotStepInvalid, AppointmentSpanInvalid, UnknownZone
 */
export function slots(search: AvailabilitySearch): Slot[] {
  const { range, zone, stepMinutes, type, practitioners, rooms, patientBusy = [], notBefore } = search;
  checkSearch(range, zone, stepMinutes);
  spanOf(new Date(0), type);
  const starts = gridOf(range, zone, stepMinutes);
  const length = type.durationMinutes * MINUTE;
  const before = type.bufferBeforeMinutes * MINUTE;
  const after = type.bufferAfterMinutes * MINUTE;
  const reach = reachOf(range, type);

  /** Calls `visit` with the grid positions whose busy span fits into one of the free spans. */
  const eachFit = (free: readonly Interval[], visit: (position: number) => void): void => {
    for (const { start, end } of free) {
      const latestStart = end - after - length;
      const first = firstAtOrAfter(starts, Math.max(start + before, notBefore));
      for (let i = first; (starts[i] ?? Infinity) <= latestStart; i += 1) visit(i);
    }
  };

  const patientFree = new Uint8Array(starts.length);
  eachFit(subtract([reach], patientBusy), (i) => {
    patientFree[i] = 1;
  });

  const NO_ROOM = -1;
  const roomAt = new Int32Array(starts.length).fill(rooms ? NO_ROOM : 0);
  rooms?.forEach((room, index) => {
    eachFit(subtract([reach], room.busy), (i) => {
      if (roomAt[i] === NO_ROOM) roomAt[i] = index;
    });
  });

  const freeAt = new Map<number, string[]>();
  for (const { id, working, busy } of practitioners) {
    eachFit(subtract(working, busy), (i) => {
      if (patientFree[i] === 0 || roomAt[i] === NO_ROOM) return;
      const others = freeAt.get(i);
      if (others) others.push(id);
      else freeAt.set(i, [id]);
    });
  }

  const found: Slot[] = [];
  for (const [position, startsAt] of starts.entries()) {
    const roomId = rooms?.[roomAt[position] ?? NO_ROOM]?.id ?? null;
    for (const practitionerId of freeAt.get(position) ?? [])
      found.push({
        startsAt: new Date(startsAt),
        endsAt: new Date(startsAt + length),
        practitionerId,
        roomId,
      });
  }
  return found;
}

function checkSearch(range: Interval, zone: string, stepMinutes: number): void {
  if (!isZone(zone)) throw new UnknownZone({ zone });
  const longest = Temporal.Instant.fromEpochMilliseconds(range.start)
    .toZonedDateTimeISO(zone)
    .add({ days: LONGEST_SEARCH_DAYS }).epochMilliseconds;
  if (range.end <= range.start || range.end > longest)
    throw new AvailabilityRangeInvalid({
      from: new Date(range.start),
      to: new Date(range.end),
      longestDays: LONGEST_SEARCH_DAYS,
    });
  if (!Number.isInteger(stepMinutes) || stepMinutes < 5 || DAY_MINUTES % stepMinutes !== 0)
    throw new SlotStepInvalid({ stepMinutes });
}

/**
 * Start times on the wall-clock grid of the zone, ascending. Between two clock changes the offset from UTC is constant,
 * and local midnight is a multiple of the step, so the grid is plain arithmetic there; it starts anew at each change.
 */
function gridOf(range: Interval, zone: string, stepMinutes: number): number[] {
  const step = stepMinutes * MINUTE;
  const grid: number[] = [];
  let from = range.start;
  while (from < range.end) {
    const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
    const offset = local.offsetNanoseconds / 1e6;
    const until = Math.min(range.end, local.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity);
    for (let t = Math.ceil((from + offset) / step) * step - offset; t < until; t += step) grid.push(t);
    from = until;
  }
  return grid;
}

/** Binary search: the first position whose value is not below the wanted one. */
function firstAtOrAfter(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
