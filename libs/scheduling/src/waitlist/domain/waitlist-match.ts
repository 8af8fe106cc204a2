import {
  boundaryOf,
  type CalendarDate,
  dateIn,
  type DomainError,
  type Interval,
  overlaps,
  toEpochDay,
  type WallTime,
  wallIn,
} from '#kernel';
import { type AppointmentSpan, type AppointmentTiming, MINUTE, spanOf } from '../../domain/appointment.js';
import {
  type AppointmentKind,
  type BookingRequest,
  patientReasons,
  patientReasonsOn,
  type Room,
  roomFits,
  type RoomNeeds,
  type TreatmentWindow,
} from '../../domain/booking-rules.js';
import { offers } from '../../domain/diary.js';

export const PRIORITIES = ['urgent', 'soon', 'routine'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** When and where it would suit a patient; empty lists mean any. */
export interface Wish {
  readonly practitionerIds: readonly string[];
  readonly locationIds: readonly string[];
  /** ISO: Monday = 1. */
  readonly weekdays: readonly number[];
  /** Wall clock of the location: the whole visit lies between. */
  readonly timeFrom: WallTime;
  readonly timeTo: WallTime | '24:00';
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** A patient who waits, with all that decides whether a time can be theirs. */
export interface Waiting extends Wish {
  readonly id: string;
  readonly patient: BookingRequest['patient'];
  readonly type: AppointmentTiming &
    RoomNeeds & {
      readonly id: string;
      readonly kind: AppointmentKind;
      readonly needsPrescriber: boolean;
      readonly practitionerIds: readonly string[];
    };
  readonly areaIds: readonly string[];
  /** Position in PRIORITIES. */
  readonly priority: number;
  readonly joinedAt: Date;
  /** Start of the appointment an earlier one would replace. */
  readonly replacesAt: Date | null;
  /** What the patient already has near that time, buffers included. */
  readonly busy: readonly Interval[];
  readonly windows: readonly TreatmentWindow[];
}

/** Free time of one practitioner at one location. */
export interface FreeTime {
  readonly zone: string;
  readonly locationId: string;
  readonly practitioner: { readonly id: string; readonly isPrescriber: boolean };
  /** Worked and not taken, epoch ms. */
  readonly free: readonly Interval[];
  readonly rooms: readonly (Room & { readonly busy: readonly Interval[] })[];
  readonly market: BookingRequest['market'];
  readonly notBefore: number;
  readonly lastDay: CalendarDate;
}

export interface Fit {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly roomId: string | null;
  /** Within every recommended window; true also where there is none. */
  readonly inWindow: boolean;
}

const QUARTER = 15 * MINUTE;

/**
 * The best bookable time for this patient within the free time, or null: inside the repeat-visit window before outside
 * of it, then on the quarter of an hour, then the earliest.
 */
export function fitOf(waiting: Waiting, time: FreeTime): Fit | null {
  const { type } = waiting;
  const { practitioner, locationId } = time;
  const mayBeAsked =
    admits(waiting.practitionerIds, practitioner.id) &&
    admits(waiting.locationIds, locationId) &&
    offers(practitioner, type);
  if (!mayBeAsked) return null;
  let best: Fit | null = null;
  for (const start of startsIn(time, type)) {
    const span = spanOf(new Date(start), type);
    const roomId = roomFor(type, time, span.busy);
    if (roomId === undefined || !suits(waiting, time, span)) continue;
    const inWindow = isInWindow(waiting, dateIn(new Date(start), time.zone));
    if (best === null || (inWindow && !best.inWindow))
      best = { startsAt: new Date(start), endsAt: new Date(span.visit.end), roomId, inWindow };
    if (inWindow) break;
  }
  return best;
}

/** Epoch ms of possible starts, those on the quarter of the hour first. */
function startsIn({ free, notBefore }: FreeTime, type: AppointmentTiming): number[] {
  const [before, after] = [type.bufferBeforeMinutes * MINUTE, type.bufferAfterMinutes * MINUTE];
  const length = type.durationMinutes * MINUTE;
  const [onQuarter, between]: [number[], number[]] = [[], []];
  for (const { start, end } of free) {
    const first = Math.ceil(Math.max(start + before, notBefore) / MINUTE) * MINUTE;
    const last = end - after - length;
    // Every zone in use stands whole quarters of an hour away from UTC.
    for (let at = Math.ceil(first / QUARTER) * QUARTER; at <= last; at += QUARTER) onQuarter.push(at);
    if (first <= last && first % QUARTER !== 0) between.push(first);
  }
  return [...onQuarter, ...between];
}

/** undefined: no room that suits is free. */
function roomFor(type: RoomNeeds, { rooms }: FreeTime, busy: Interval): string | null | undefined {
  if (type.roomKind === null && type.equipment.length === 0) return null;
  return rooms.find((room) => roomFits(room, type) && !room.busy.some((taken) => overlaps(taken, busy)))?.id;
}

function suits(waiting: Waiting, time: FreeTime, span: AppointmentSpan): boolean {
  const { zone, lastDay, market } = time;
  const { start, end } = span.visit;
  const day = dateIn(new Date(start), zone);
  const { type, patient, windows, replacesAt } = waiting;
  return (
    waiting.from <= day &&
    day <= waiting.to &&
    day <= lastDay &&
    (waiting.weekdays.length === 0 || waiting.weekdays.includes(weekdayOf(day))) &&
    start >= boundaryOf(day, waiting.timeFrom, zone).getTime() &&
    end <= boundaryOf(day, waiting.timeTo, zone).getTime() &&
    (replacesAt === null || start < replacesAt.getTime()) &&
    !waiting.busy.some((taken) => overlaps(taken, span.busy)) &&
    patientReasons({ market, span, location: { zone }, type, patient, windows }).length === 0
  );
}

/**
 * What bars the patient from the visit on the last day wished for, and so on every day: a record that takes no visits, and
 * where the law says so at booking, being under age. Windows and free time are left to the match, since both change.
 */
export const barringAlways = (
  asked: Pick<BookingRequest, 'market' | 'patient'> & { readonly type: Pick<BookingRequest['type'], 'kind'> },
  lastDay: CalendarDate,
): DomainError | undefined => patientReasonsOn(lastDay, { ...asked, windows: [] })[0];

const admits = (wanted: readonly string[], one: string): boolean =>
  wanted.length === 0 || wanted.includes(one);

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: CalendarDate): number => ((((toEpochDay(day) + 3) % 7) + 7) % 7) + 1;

const isInWindow = ({ type, windows }: Waiting, day: CalendarDate): boolean =>
  type.kind !== 'treatment' ||
  windows.every(
    ({ recommendedFrom, recommendedTo }) => (recommendedFrom ?? day) <= day && day <= (recommendedTo ?? day),
  );

export interface Ranked<W extends Waiting> {
  readonly waiting: W;
  readonly fit: Fit;
  /** 1 is next. */
  readonly rank: number;
  readonly why: string;
}

/** Those the time fits, in the order they are asked: priority, then inside their window, then who waited longest. */
export function ranked<W extends Waiting>(everyone: readonly W[], time: FreeTime): Ranked<W>[] {
  return everyone
    .flatMap((waiting) => {
      const fit = fitOf(waiting, time);
      return fit ? [{ waiting, fit }] : [];
    })
    .toSorted(
      (a, b) =>
        a.waiting.priority - b.waiting.priority ||
        Number(b.fit.inWindow) - Number(a.fit.inWindow) ||
        a.waiting.joinedAt.getTime() - b.waiting.joinedAt.getTime() ||
        (a.waiting.id < b.waiting.id ? -1 : 1),
    )
    .map((one, index) => ({ ...one, rank: index + 1, why: whyOf(one.waiting, one.fit, time.zone) }));
}

function whyOf({ priority, joinedAt, windows, type }: Waiting, { inWindow }: Fit, zone: string): string {
  const window =
    type.kind !== 'treatment' || windows.length === 0
      ? ''
      : inWindow
        ? ', inside the recommended window'
        : ', outside the recommended window';
  return `Priority ${PRIORITIES[priority] ?? priority}${window}, waiting since ${wallIn(joinedAt, zone).replace('T', ' ')}`;
}
