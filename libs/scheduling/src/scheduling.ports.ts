import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { AppointmentStatus, AppointmentVerb } from './domain/appointment-status.js';
import type { AppointmentKind, TreatmentWindow } from './domain/booking-rules.js';

/**
 * Answers the open windows of the areas named, or of every area that has one when none are named; empty before a first
 * treatment.
 */
export type ReadTreatmentWindows = (
  tx: Tx,
  patientId: string,
  areaIds: readonly string[],
) => Promise<readonly TreatmentWindow[]>;

/** How scheduling learns a patient's windows from the context above that owns them; without it there is no window rule. */
@Injectable()
export class TreatmentWindowsPort {
  #readWindows: ReadTreatmentWindows = () => Promise.resolve([]);

  subscribe(readWindows: ReadTreatmentWindows): void {
    this.#readWindows = readWindows;
  }

  read(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<readonly TreatmentWindow[]> {
    return this.#readWindows(tx, patientId, areaIds);
  }
}

/** What happened to an appointment, for the contexts above that follow it. */
export interface AppointmentEvent {
  readonly appointmentId: string;
  readonly patientId: string;
  readonly kind: AppointmentKind;
  readonly areaIds: readonly string[];
  readonly verb: AppointmentVerb | 'book' | 'reschedule';
  readonly status: AppointmentStatus;
  readonly startsAt: Date;
}

type Listener = (tx: Tx, event: AppointmentEvent) => Promise<void>;

/**
 * Tells the contexts above of every change in its own transaction: they react with it, or refuse, and nothing happens
 * at all. What they may refuse with is declared at the endpoint of the verb.
 */
@Injectable()
export class AppointmentEventsPort {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: AppointmentEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
