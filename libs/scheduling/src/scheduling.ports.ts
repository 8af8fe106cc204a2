import type { Tx } from '#database';
import type { CalendarDate, Offset } from '#kernel';
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

/** The open windows of every area of many patients at once, in no order. */
export type ReadWindowsOfMany = (
  tx: Tx,
  patientIds: readonly string[],
) => Promise<readonly (TreatmentWindow & { readonly patientId: string })[]>;

/** How long an area must rest after a treatment that is only planned. */
export interface MinimumInterval {
  readonly areaId: string;
  /**
   * One list for each product that may be used (only one, where the patient's is known). All offsets of a list hold; a
   * visit is too early when it is for every product. Empty: no figure is known, so nothing is held back.
   */
  readonly byProduct: readonly (readonly Offset[])[];
}

/** Of the areas named; when none are, of every area treated before, or of `any` before a first treatment. */
export type ReadMinimumIntervals = (
  tx: Tx,
  patientId: string,
  areaIds: readonly string[],
) => Promise<readonly MinimumInterval[]>;

/** How scheduling learns a patient's windows from the context above that owns them; without it there is no window rule. */
@Injectable()
export class TreatmentWindowsPort {
  #readWindows: ReadTreatmentWindows = () => Promise.resolve([]);
  #readOfMany: ReadWindowsOfMany = () => Promise.resolve([]);
  #readIntervals: ReadMinimumIntervals = () => Promise.resolve([]);

  subscribe(readWindows: ReadTreatmentWindows): void {
    this.#readWindows = readWindows;
  }

  subscribeForMany(readOfMany: ReadWindowsOfMany): void {
    this.#readOfMany = readOfMany;
  }

  readOfMany(tx: Tx, patientIds: readonly string[]): ReturnType<ReadWindowsOfMany> {
    return this.#readOfMany(tx, patientIds);
  }

  read(tx: Tx, patientId: string, areaIds: readonly string[]): Promise<readonly TreatmentWindow[]> {
    return this.#readWindows(tx, patientId, areaIds);
  }

  subscribeForIntervals(readIntervals: ReadMinimumIntervals): void {
    this.#readIntervals = readIntervals;
  }

  intervals(tx: Tx, patientId: string, areaIds: readonly string[]): ReturnType<ReadMinimumIntervals> {
    return this.#readIntervals(tx, patientId, areaIds);
  }
}

/** The days of each review of the areas named, or of any, that waits to be booked. */
export type ReadReviewDays = (
  tx: Tx,
  patientId: string,
  areaIds: readonly string[],
) => Promise<readonly { readonly from: CalendarDate; readonly to: CalendarDate }[]>;

/** How scheduling learns when a patient should be seen after a treatment; without it no day is known. */
@Injectable()
export class ReviewDaysPort {
  #read: ReadReviewDays = () => Promise.resolve([]);

  subscribe(read: ReadReviewDays): void {
    this.#read = read;
  }

  read(tx: Tx, patientId: string, areaIds: readonly string[]): ReturnType<ReadReviewDays> {
    return this.#read(tx, patientId, areaIds);
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
  /** Of a visit booked together with others: the first of them speaks for all to whoever would write one letter each. */
  readonly series?: { readonly id: string; readonly isFirst: boolean } | undefined;
}

/** Time of one practitioner at one place that others may have now, buffers included. */
export interface FreedTime {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly start: Date;
  readonly end: Date;
  /** Free only from then on: a hold ends by itself. */
  readonly notBefore?: Date;
}

/** The time an appointment takes. */
export const timeOf = (taken: {
  readonly practitionerId: string;
  readonly locationId: string;
  readonly busyFrom: Date;
  readonly busyTo: Date;
}): FreedTime => ({
  practitionerId: taken.practitionerId,
  locationId: taken.locationId,
  start: taken.busyFrom,
  end: taken.busyTo,
});

type Listener = (tx: Tx, event: AppointmentEvent) => Promise<void>;
type FreedTimeListener = (tx: Tx, freed: FreedTime) => Promise<void>;

/**
 * Tells the contexts above of every change in its own transaction: they react with it, or refuse, and nothing happens
 * at all. What they may refuse with is declared at the endpoint of the verb.
 */
@Injectable()
export class AppointmentEventsPort {
  readonly #listeners: Listener[] = [];
  readonly #freedTimeListeners: FreedTimeListener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: AppointmentEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }

  subscribeToFreedTime(listener: FreedTimeListener): void {
    this.#freedTimeListeners.push(listener);
  }

  /** Nobody can be offered time that has passed, so that is not told. */
  async publishFreedTime(tx: Tx, freed: FreedTime): Promise<void> {
    if (freed.end <= tx.now) return;
    for (const listener of this.#freedTimeListeners) await listener(tx, freed);
  }
}
