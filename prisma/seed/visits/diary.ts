import { instantOf, isWallTime, type CalendarDate, type WallTime } from '#kernel';

import type { Chance } from '../chance.js';

/** Minutes of the day, wall clock of the location. */
export interface Shift {
  readonly practitionerId: string;
  readonly locationId: string;
  /** ISO weekday, Monday = 1. */
  readonly weekday: number;
  readonly from: number;
  readonly to: number;
}

export interface AppointmentKind {
  readonly id: string;
  readonly kind: string;
  readonly minutes: number;
  readonly after: number;
}

export interface Place {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly roomId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly busyTo: Date;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

export const weekdayOf = (day: CalendarDate): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

export const wallTime = (minutes: number): WallTime => {
  const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  if (!isWallTime(text)) throw new Error(`Not a time of day: ${minutes}`);
  return text;
};

/** Who and what is taken when, so that nothing of the seed is ever double-booked. */
export class Diary {
  readonly #taken = new Map<string, Span[]>();

  constructor(
    private readonly chance: Chance,
    private readonly shifts: readonly Shift[],
    private readonly locations: ReadonlyMap<
      string,
      { readonly zone: string; readonly roomIds: readonly string[] }
    >,
    private readonly away: (practitionerId: string, locationId: string, day: CalendarDate) => boolean,
  ) {}

  /** Takes a free time on the day at the location, by the practitioner if one is named; null when there is none. */
  take(
    day: CalendarDate,
    type: AppointmentKind,
    wish: {
      readonly patientId: string;
      readonly locationId: string;
      readonly practitionerIds: readonly string[];
    },
  ): Place | null {
    const shifts = this.chance
      .shuffled(this.shifts)
      .filter(
        ({ weekday, locationId, practitionerId }) =>
          weekday === weekdayOf(day) &&
          locationId === wish.locationId &&
          wish.practitionerIds.includes(practitionerId) &&
          !this.away(practitionerId, locationId, day),
      );
    for (const shift of shifts) {
      const starts: number[] = [];
      for (let at = shift.from; at + type.minutes + type.after <= shift.to; at += 15) starts.push(at);
      for (const from of this.chance.shuffled(starts)) {
        const place = this.#takeAt(day, from, type, shift, wish.patientId);
        if (place) return place;
      }
    }
    return null;
  }

  #takeAt(
    day: CalendarDate,
    from: number,
    type: AppointmentKind,
    shift: Shift,
    patientId: string,
  ): Place | null {
    const location = this.locations.get(shift.locationId);
    if (!location) return null;
    const start = instantOf(day, wallTime(from), location.zone).getTime();
    const span: Span = { from: start, to: start + (type.minutes + type.after) * 60_000 };
    const isFree = (key: string): boolean =>
      !(this.#taken.get(key) ?? []).some((other) => other.from < span.to && span.from < other.to);
    const roomId = location.roomIds.find(isFree);
    if (!roomId || !isFree(shift.practitionerId) || !isFree(patientId)) return null;
    for (const key of [roomId, shift.practitionerId, patientId]) {
      const spans = this.#taken.get(key);
      if (spans) spans.push(span);
      else this.#taken.set(key, [span]);
    }
    return {
      practitionerId: shift.practitionerId,
      locationId: shift.locationId,
      roomId,
      startsAt: new Date(span.from),
      endsAt: new Date(span.from + type.minutes * 60_000),
      busyTo: new Date(span.to),
    };
  }
}
