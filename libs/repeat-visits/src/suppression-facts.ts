import { PatientHolds } from '#consultations';
import type { Tx } from '#database';
import { addDays, type CalendarDate, dateIn, toEpochDay } from '#kernel';
import { type PatientContact, PatientsService } from '#patients';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { type Booking, type Hold, type Reason, suppress } from './domain/suppression.js';

/** What the contexts below know of some patients, as far as it keeps them from being asked to come. */
export interface KnownOfPatients {
  contact(patientId: string): PatientContact | undefined;
  /** Why nobody should ask this patient about this area on the day. */
  reasons(window: AskedWindow): Reason[];
}

export interface AskedWindow {
  readonly patientId: string;
  readonly area: string;
  readonly earliest: CalendarDate | null;
}

const DAY_MS = 86_400_000;

/** Asks the register, the screening and the diary about many patients at once. */
@Injectable()
export class SuppressionFactsReader {
  constructor(
    private readonly patients: PatientsService,
    private readonly holds: PatientHolds,
    private readonly appointments: AppointmentsService,
  ) {}

  /** Three queries, whatever the number of patients. */
  async of(tx: Tx, patientIds: readonly string[], on: CalendarDate): Promise<KnownOfPatients> {
    const contacts = new Map((await this.patients.contacts(tx, patientIds)).map((one) => [one.id, one]));
    const held = await this.holds.onHold(tx, patientIds);
    // A day earlier in UTC, so that no zone's visit of that day is missed; the rule looks at the local day.
    const from = new Date(toEpochDay(addDays(on, -1)) * DAY_MS);
    const booked = await this.appointments.bookedTreatments(tx, patientIds, from);
    const bookings = Map.groupBy(booked, ({ patientId }) => patientId);
    return {
      contact: (patientId) => contacts.get(patientId),
      reasons: ({ patientId, area, earliest }) => {
        const contact = contacts.get(patientId);
        const hold = held.get(patientId);
        return suppress({
          assessedOn: on,
          area,
          earliest,
          lastTreatedOn: on,
          // A departure without a date has happened.
          deceasedOn: contact?.status === 'deceased' ? (contact.statusOn ?? on) : null,
          transferredOn: contact?.status === 'transferred' ? (contact.statusOn ?? on) : null,
          mergedInto: contact?.mergedIntoId ?? null,
          holds: hold ? [{ reason: hold.cause, since: hold.answeredOn, until: null } satisfies Hold] : [],
          declinedUntil: null,
          snoozedUntil: null,
          doNotContact: contact?.doNotContact ?? false,
          bookings: (bookings.get(patientId) ?? []).map((booking): Booking => ({
            appointmentId: booking.appointmentId,
            on: booking.on,
            purpose: 'treatment',
            status: booking.status,
            areas: booking.areaIds,
          })),
          override: null,
        });
      },
    };
  }

  /** The day it is now at a location; in UTC without one, and where it is closed for good. */
  async today(tx: Tx, locationId: string | null): Promise<CalendarDate> {
    if (locationId === null) return dateIn(tx.now, 'UTC');
    const zone = await this.appointments.locationOf(tx, locationId).then(
      (location) => location.zone,
      () => 'UTC',
    );
    return dateIn(tx.now, zone);
  }
}
