import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to a patient's record, for the contexts above that follow it. */
export type PatientEvent =
  | {
      /** `fromId` is now read with `intoId` (see `unitedIds`), or stands for itself again. */
      readonly verb: 'merged' | 'unmerged';
      readonly fromId: string;
      readonly intoId: string;
    }
  | {
      /** Left care for good; `reactivated` takes either back, also one recorded by mistake. */
      readonly verb: 'died' | 'transferred' | 'reactivated';
      readonly patientId: string;
    }
  | {
      /** `changed`: anything in the register; `erased`: a pseudonym is left of them, or nothing. */
      readonly verb: 'registered' | 'changed' | 'erased';
      readonly patientId: string;
    }
  | {
      /** Telephone, e-mail, channels, language, quiet hours or do-not-contact. */
      readonly verb: 'contact-changed';
      readonly patientId: string;
    };

type Listener = (tx: Tx, event: PatientEvent) => Promise<void>;

/** Tells the contexts above of every change in its own transaction: they react with it, or nothing happens at all. */
@Injectable()
export class PatientEventsPort {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: PatientEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}

/** A visit still to come, as far as somebody who leaves care is concerned. */
export interface FutureVisit {
  readonly appointmentId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Name of the appointment type. */
  readonly title: string;
  readonly locationName: string;
}

/** What the context above that keeps the diary does for a patient who leaves care. */
export interface FutureVisits {
  /** Visits of these patients that start after now and are not cancelled, soonest first. */
  list(tx: Tx, patientIds: readonly string[]): Promise<readonly FutureVisit[]>;
  /** Cancels them on the clinic's side, in this transaction. */
  cancel(tx: Tx, appointmentIds: readonly string[], reason: string): Promise<void>;
}

/** How the register learns a patient's visits to come from the context above that keeps them; without it there are none. */
@Injectable()
export class FutureVisitsPort implements FutureVisits {
  #visits: FutureVisits = { list: () => Promise.resolve([]), cancel: () => Promise.resolve() };

  subscribe(visits: FutureVisits): void {
    this.#visits = visits;
  }

  list(tx: Tx, patientIds: readonly string[]): Promise<readonly FutureVisit[]> {
    return this.#visits.list(tx, patientIds);
  }

  cancel(tx: Tx, appointmentIds: readonly string[], reason: string): Promise<void> {
    return this.#visits.cancel(tx, appointmentIds, reason);
  }
}
