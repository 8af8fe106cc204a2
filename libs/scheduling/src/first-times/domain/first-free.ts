import type { Interval } from '#kernel';
import { type AppointmentTiming, MINUTE } from '../../domain/appointment.js';
import type { Slot } from '../../domain/slot.js';

/**
 * The first `count` different start times inside the days of one patient that collide with nothing the patient has,
 * buffers included. `slots` ascend; of several people free at one time the first listed is named. Lists are alternatives:
 * the same time may stand in the lists of two patients.
 */
export function firstFree(
  slots: readonly Slot[],
  days: Interval,
  patientBusy: readonly Interval[],
  type: AppointmentTiming,
  count: number,
): Slot[] {
  const found: Slot[] = [];
  for (let i = firstFrom(slots, days.start); i < slots.length && found.length < count; i += 1) {
    const slot = slots[i];
    if (!slot || slot.endsAt.getTime() > days.end) break;
    if (found.at(-1)?.startsAt.getTime() === slot.startsAt.getTime()) continue;
    const start = slot.startsAt.getTime() - type.bufferBeforeMinutes * MINUTE;
    const end = slot.endsAt.getTime() + type.bufferAfterMinutes * MINUTE;
    if (patientBusy.every((busy) => busy.end <= start || end <= busy.start)) found.push(slot);
  }
  return found;
}

/** The same, but those among `usual` come before all others; no start time twice. */
export function firstFreeFirstOf(
  usual: readonly Slot[],
  slots: readonly Slot[],
  days: Interval,
  patientBusy: readonly Interval[],
  type: AppointmentTiming,
  count: number,
): { readonly slot: Slot; readonly usual: boolean }[] {
  const first = firstFree(usual, days, patientBusy, type, count);
  const starts = new Set(first.map(({ startsAt }) => startsAt.getTime()));
  const others = starts.size === 0 ? slots : slots.filter(({ startsAt }) => !starts.has(startsAt.getTime()));
  const rest = first.length < count ? firstFree(others, days, patientBusy, type, count - first.length) : [];
  return [...first.map((slot) => ({ slot, usual: true })), ...rest.map((slot) => ({ slot, usual: false }))];
}

/** Binary search: the first slot that does not start before the instant. */
function firstFrom(slots: readonly Slot[], start: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slots[middle]?.startsAt.getTime() ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
