import {
  addDays,
  boundaryOf,
  type CalendarDate,
  dateIn,
  daysBetween,
  type Interval,
  overlaps,
  subtract,
  timeIn,
} from '#kernel';
import { type AppointmentSpan, type AppointmentTiming, MINUTE, spanOf } from '../../domain/appointment.js';
import { reachOf, slots } from '../../domain/availability.js';
import type { Slot } from '../../domain/slot.js';

/** An appointment whose practitioner is away. */
export interface Affected {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly locationId: string;
  readonly startsAt: Date;
  readonly busy: Interval;
  readonly roomId: string | null;
  readonly type: AppointmentTiming;
  /** Who may be asked for it, in the order to be listed; the absent one among them. */
  readonly able: readonly string[];
  /** Rooms that would do; null when none is needed. */
  readonly roomIds: readonly string[] | null;
  /** Days on which it may take place, both inclusive: of a repeat visit its window. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
}

export interface Place {
  readonly zone: string;
  /** Practitioners by id with the spans they work here; the absent one without the absence. */
  readonly working: ReadonlyMap<string, readonly Interval[]>;
}

/** What is taken, with buffers, by id; at every location alike. */
export interface Taken {
  readonly practitioners: ReadonlyMap<string, readonly Interval[]>;
  readonly rooms: ReadonlyMap<string, readonly Interval[]>;
  readonly patients: ReadonlyMap<string, readonly Interval[]>;
}

export interface Bounds {
  readonly absentId: string;
  /** Epoch ms: nothing starts earlier at another time than now, nor on or after the horizon. */
  readonly notBefore: number;
  readonly horizon: number;
}

/** A slot one appointment could move to. */
export interface Proposal extends Slot {
  readonly busy: Interval;
  /** Minutes by which it changes the patient's plans, a day counting as four hours. */
  readonly cost: number;
}

export const DAYS_AROUND = 14;
const RINGS = [0, 1, 3, 7, DAYS_AROUND];
const STEP_MINUTES = 15;
const DAY_COSTS = 240;
const OTHER_PRACTITIONER_COSTS = 60;
const MOST_OPTIONS = 4;

/**
 * Slots for appointments whose practitioner is away, each list by how little it changes for the patient: first another
 * practitioner at the same time, or the same one at a time near. The first of each list are proposed: they never collide
 * with each other nor with anything taken. Those with the fewest people to step in choose first, and whoever must come at
 * another time anyway last, so that they take nobody's own time away. Empty: nothing is free.
 */
export function propose(
  affected: readonly Affected[],
  places: ReadonlyMap<string, Place>,
  taken: Taken,
  bounds: Bounds,
): Map<string, Proposal[]> {
  const ledger = new Ledger(taken);
  const proposals = new Map<string, Proposal[]>();
  const choosing = affected
    .map((one) => ({
      one,
      standIns: atSameTime(one, places.get(one.locationId), ledger, bounds).length || Infinity,
    }))
    .toSorted(
      (a, b) => compare(a.standIns, b.standIns) || a.one.startsAt.getTime() - b.one.startsAt.getTime(),
    );
  for (const { one } of choosing) {
    const place = places.get(one.locationId);
    const options = [...atSameTime(one, place, ledger, bounds), ...atOtherTimes(one, place, ledger, bounds)]
      .toSorted(byCost)
      .slice(0, MOST_OPTIONS);
    proposals.set(one.appointmentId, options);
    const [chosen] = options;
    if (chosen) ledger.take(one.patientId, chosen);
  }
  return proposals;
}

const byCost = (a: Proposal, b: Proposal): number =>
  a.cost - b.cost || a.startsAt.getTime() - b.startsAt.getTime();

/** Whether two proposals cannot both be kept. */
export const collide = (
  a: {
    readonly patientId: string;
    readonly practitionerId: string;
    readonly roomId: string | null;
    readonly busy: Interval;
  },
  b: typeof a,
): boolean =>
  overlaps(a.busy, b.busy) &&
  (a.practitionerId === b.practitionerId ||
    a.patientId === b.patientId ||
    (a.roomId !== null && a.roomId === b.roomId));

function atSameTime(
  { startsAt, roomId, type, able, roomIds, ...one }: Affected,
  place: Place | undefined,
  ledger: Ledger,
  { absentId }: Bounds,
): Proposal[] {
  const on = place && dateIn(startsAt, place.zone);
  if (!place || on === undefined || !allows(one, on)) return [];
  const span = spanOf(startsAt, type);
  if (!ledger.patientFree({ ...one, span })) return [];
  // The room it has is its own, where it still suits; else another that is free.
  const candidates = roomIds?.toSorted((a, b) => Number(b === roomId) - Number(a === roomId)) ?? [null];
  const room = candidates.find(
    (id) => id === null || ledger.roomFree(id, span.busy, id === roomId ? one.busy : null),
  );
  if (room === undefined) return [];
  return able
    .filter(
      (id) =>
        id !== absentId &&
        covers(place.working.get(id) ?? [], span.busy) &&
        ledger.practitionerFree(id, span.busy),
    )
    .map((practitionerId) => ({ ...slotOf(span, practitionerId, room), cost: OTHER_PRACTITIONER_COSTS }));
}

/** The best at other times, found in ever wider rings of days: what lies further away costs more by its days alone. */
function atOtherTimes(one: Affected, place: Place | undefined, ledger: Ledger, bounds: Bounds): Proposal[] {
  if (!place) return [];
  let found: Proposal[] = [];
  for (const days of RINGS) {
    found = withinDays(days, one, place, ledger, bounds).toSorted(byCost).slice(0, MOST_OPTIONS);
    const worst = found[MOST_OPTIONS - 1];
    if (worst && worst.cost <= (days + 1) * DAY_COSTS) break;
  }
  return found;
}

function withinDays(
  days: number,
  { startsAt, type, able, roomIds, ...one }: Affected,
  { zone, working }: Place,
  ledger: Ledger,
  { absentId, notBefore, horizon }: Bounds,
): Proposal[] {
  const on = dateIn(startsAt, zone);
  const first = later(addDays(on, -days), one.from);
  const last = earlier(addDays(on, days), one.to);
  const start = Math.max(boundaryOf(addDays(first, -1), '24:00', zone).getTime(), notBefore);
  const end = Math.min(boundaryOf(last, '24:00', zone).getTime(), horizon);
  if (end <= start) return [];
  const range = { start, end };
  const near = reachOf(range, type);
  const inReach = (spans: readonly Interval[]): Interval[] => spans.filter((span) => overlaps(span, near));
  const found = slots({
    range,
    zone,
    stepMinutes: STEP_MINUTES,
    type,
    practitioners: able.map((id) => ({
      id,
      working: inReach(working.get(id) ?? []),
      busy: inReach(ledger.practitioner(id, id === absentId ? one.busy : null)),
    })),
    rooms: roomIds?.map((id) => ({ id, busy: inReach(ledger.room(id)) })) ?? null,
    patientBusy: inReach(ledger.patient(one.patientId, one.busy)),
    notBefore,
  });
  const minutes = minuteOfDay(startsAt, zone);
  const costs = new Map<number, number>();
  return found
    .filter((slot) => slot.startsAt.getTime() !== startsAt.getTime())
    .map((slot) => {
      const then = slot.startsAt.getTime();
      const cost =
        costs.get(then) ??
        Math.abs(daysBetween(on, dateIn(slot.startsAt, zone))) * DAY_COSTS +
          Math.abs(minuteOfDay(slot.startsAt, zone) - minutes);
      costs.set(then, cost);
      return {
        ...slotOf(spanOf(slot.startsAt, type), slot.practitionerId, slot.roomId),
        cost: cost + (slot.practitionerId === absentId ? 0 : OTHER_PRACTITIONER_COSTS),
      };
    });
}

/** What is taken, and what proposals have taken since. */
class Ledger {
  readonly #practitioners: Map<string, readonly Interval[]>;
  readonly #rooms: Map<string, readonly Interval[]>;
  readonly #patients: Map<string, readonly Interval[]>;

  constructor({ practitioners, rooms, patients }: Taken) {
    this.#practitioners = new Map(practitioners);
    this.#rooms = new Map(rooms);
    this.#patients = new Map(patients);
  }

  practitioner(id: string, own: Interval | null): readonly Interval[] {
    return without(this.#practitioners.get(id) ?? [], own);
  }

  room(id: string): readonly Interval[] {
    return this.#rooms.get(id) ?? [];
  }

  patient(id: string, own: Interval): readonly Interval[] {
    return without(this.#patients.get(id) ?? [], own);
  }

  practitionerFree(id: string, busy: Interval): boolean {
    return isFree(this.practitioner(id, null), busy);
  }

  roomFree(id: string, busy: Interval, own: Interval | null): boolean {
    return isFree(without(this.room(id), own), busy);
  }

  patientFree({
    patientId,
    busy,
    span,
  }: {
    patientId: string;
    busy: Interval;
    span: AppointmentSpan;
  }): boolean {
    return isFree(this.patient(patientId, busy), span.busy);
  }

  take(patientId: string, { practitionerId, roomId, busy }: Proposal): void {
    add(this.#practitioners, practitionerId, busy);
    add(this.#patients, patientId, busy);
    if (roomId !== null) add(this.#rooms, roomId, busy);
  }
}

const add = (spans: Map<string, readonly Interval[]>, id: string, span: Interval): void => {
  spans.set(id, [...(spans.get(id) ?? []), span]);
};

/** Leaves the span an appointment has itself, which it gives up by moving; only once, another may lie beside it. */
function without(spans: readonly Interval[], own: Interval | null): readonly Interval[] {
  const at = own ? spans.findIndex(({ start, end }) => start === own.start && end === own.end) : -1;
  return at === -1 ? spans : spans.toSpliced(at, 1);
}

const isFree = (spans: readonly Interval[], span: Interval): boolean =>
  !spans.some((one) => overlaps(one, span));
const covers = (spans: readonly Interval[], span: Interval): boolean => subtract([span], spans).length === 0;
const allows = ({ from, to }: Pick<Affected, 'from' | 'to'>, on: CalendarDate): boolean =>
  (from === null || from <= on) && (to === null || on <= to);
const later = (a: CalendarDate, b: CalendarDate | null): CalendarDate => (b !== null && b > a ? b : a);
const earlier = (a: CalendarDate, b: CalendarDate | null): CalendarDate => (b !== null && b < a ? b : a);

const slotOf = ({ visit, busy }: AppointmentSpan, practitionerId: string, roomId: string | null) => ({
  startsAt: new Date(visit.start),
  endsAt: new Date(visit.end),
  practitionerId,
  roomId,
  busy,
});

const compare = (a: number, b: number): number => Number(a > b) - Number(a < b);

function minuteOfDay(at: Date, zone: string): number {
  const time = timeIn(at, zone);
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** What changes for the patient, in words. */
export function inWords(
  { startsAt, practitionerId }: Slot,
  before: { readonly startsAt: Date; readonly absentId: string; readonly zone: string },
  name: string,
): string {
  const { zone } = before;
  const days = daysBetween(dateIn(before.startsAt, zone), dateIn(startsAt, zone));
  const shift = Math.round((startsAt.getTime() - before.startsAt.getTime()) / MINUTE);
  const withWhom = practitionerId === before.absentId ? `still with ${name}` : `with ${name}`;
  if (shift === 0) return `same time, ${withWhom}`;
  const time = timeIn(startsAt, zone);
  const sameTime = time === timeIn(before.startsAt, zone) ? 'same time' : `at ${time}`;
  const count = Math.abs(days);
  const when =
    days === 0 ? 'same day' : `${count} ${count === 1 ? 'day' : 'days'} ${days > 0 ? 'later' : 'earlier'}`;
  return `${when}, ${sameTime}, ${withWhom}`;
}
