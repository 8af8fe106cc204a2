import { type Interval, overlaps } from '#kernel';
import type { AppointmentSpan } from '../../domain/appointment.js';
import type { Slot } from '../../domain/slot.js';

/** What is taken, with buffers, by id; at every location alike. */
export interface Taken {
  readonly practitioners: ReadonlyMap<string, readonly Interval[]>;
  readonly rooms: ReadonlyMap<string, readonly Interval[]>;
  readonly patients: ReadonlyMap<string, readonly Interval[]>;
}

/** What is taken, and what proposals have taken since. */
export class Ledger {
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

  take(
    patientId: string,
    { practitionerId, roomId, busy }: Pick<Slot, 'practitionerId' | 'roomId'> & { readonly busy: Interval },
  ): void {
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
