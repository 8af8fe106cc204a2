import { PatientHolds } from '#consultations';
import type { Tx } from '#database';
import { NonResponses } from '#follow-ups';
import { addDays, type CalendarDate, dateIn, toEpochDay } from '#kernel';
import { type PatientContact, PatientsService } from '#patients';
import { AppointmentsService } from '#scheduling';
import { AdverseEvents } from '#treatments';
import { Injectable } from '@nestjs/common';

import { type Booking, type Hold, type Override, type Reason, suppress } from './domain/suppression.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
import {
  type CardKnown,
  CardsRepository,
  type LastContact,
  type QueuedMessage,
  type RecallCard,
} from './recall/cards.repository.js';
import { type Answer, answerFor } from './recall/domain/answers.js';

/** What the contexts below know of some patients, as far as it keeps them from being asked to come. */
export interface KnownOfPatients {
  contact(patientId: string): PatientContact | undefined;
  /** What the desk wrote about the patient. */
  card(patientId: string): CardOfPatient;
  /** Treatments booked from the day on, of any area. */
  bookings(patientId: string): readonly Booking[];
  /** Why nobody should ask this patient about this area on the day. */
  reasons(window: AskedWindow): Reason[];
}

/** A patient's card with what was said under it and under the records merged into the patient. */
export interface CardOfPatient {
  readonly card: RecallCard;
  /** Newest first. */
  readonly answers: readonly Answer[];
  readonly last: LastContact | null;
  /** A recall message that is under way, under whichever record. */
  readonly queued: QueuedMessage | null;
}

export interface AskedWindow {
  readonly patientId: string;
  readonly area: string;
  readonly earliest: CalendarDate | null;
  /** The last dose of the area; null when it is not known. */
  readonly lastTreatedOn: CalendarDate | null;
}

const DAY_MS = 86_400_000;

/** Asks the register, the screening, the diary and the reviews about many patients at once. */
@Injectable()
export class SuppressionFactsReader {
  constructor(
    private readonly patients: PatientsService,
    private readonly holds: PatientHolds,
    private readonly appointments: AppointmentsService,
    private readonly adverseEvents: AdverseEvents,
    private readonly nonResponses: NonResponses,
    private readonly overrides: OverridesRepository,
    private readonly cards: CardsRepository,
  ) {}

  /** Eight queries, whatever the number of patients; what is known of a merged record counts for the one it went into. */
  async of(tx: Tx, patientIds: readonly string[], on: CalendarDate): Promise<KnownOfPatients> {
    // Sent together: the answers come in one round trip.
    const [found, united] = await Promise.all([
      this.patients.contacts(tx, patientIds),
      this.patients.unitedIds(tx, patientIds),
    ]);
    const contacts = new Map(found.map((one) => [one.id, one]));
    const ids = [...new Set([...united.values()].flat())];
    const of = <Known>(known: ReadonlyMap<string, readonly Known[]>, patientId: string): Known[] =>
      (united.get(patientId) ?? []).flatMap((id) => known.get(id) ?? []);
    // A day earlier in UTC, so that no zone's visit of that day is missed; the rule looks at the local day.
    const from = new Date(toEpochDay(addDays(on, -1)) * DAY_MS);
    const [held, ...lists] = await Promise.all([
      // By the patient, not by the record: a newer answer under any of them ends a hold.
      this.holds.onHold(tx, patientIds),
      this.appointments.bookedTreatments(tx, ids, from),
      this.adverseEvents.active(tx, ids),
      this.nonResponses.of(tx, ids),
      this.overrides.inForce(tx, ids),
      this.cards.known(tx, ids),
    ]);
    const [booked, events, without, decided, cards] = [
      byPatient(lists[0]),
      byPatient(lists[1]),
      byPatient(lists[2]),
      byPatient(lists[3]),
      byPatient(lists[4]),
    ];
    const card = (patientId: string): CardOfPatient => unitedCard(patientId, of(cards, patientId));
    const bookings = (patientId: string): Booking[] =>
      of(booked, patientId).map((booking) => ({
        appointmentId: booking.appointmentId,
        on: booking.on,
        purpose: 'treatment',
        status: booking.status,
        areas: booking.areaIds,
      }));
    const override = (patientId: string, area: string): Override | null => {
      const [one] = of(decided, patientId)
        .filter((other) => other.area === area)
        .toSorted((a, b) => b.decidedAt.getTime() - a.decidedAt.getTime());
      if (!one) return null;
      const { decidedBy, reason, notBefore, calculated, afterTreatmentOn } = one;
      return { by: decidedBy, why: reason, notBefore, calculated, afterTreatmentOn };
    };
    return {
      contact: (patientId) => contacts.get(patientId),
      card,
      bookings,
      reasons: ({ patientId, area, earliest, lastTreatedOn }) => {
        const contact = contacts.get(patientId);
        const hold = held.get(patientId);
        return suppress({
          assessedOn: on,
          area,
          earliest,
          lastTreatedOn,
          // A departure without a date has happened.
          deceasedOn: contact?.status === 'deceased' ? (contact.statusOn ?? on) : null,
          transferredOn: contact?.status === 'transferred' ? (contact.statusOn ?? on) : null,
          mergedInto: contact?.mergedIntoId ?? null,
          holds: [
            ...(hold ? [{ reason: hold.cause, since: hold.answeredOn, until: null }] : []),
            ...of(events, patientId).map(({ onsetOn }): Hold => ({
              reason: 'adverse-event',
              since: onsetOn,
              until: null,
            })),
          ],
          nonResponse: of(without, patientId).find((one) => one.area === area) ?? null,
          ...answerFor(card(patientId).answers, area, lastTreatedOn),
          doNotContact: contact?.doNotContact ?? false,
          bookings: bookings(patientId),
          override: override(patientId, area),
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

/** The patient's own card comes first in `known`; answers of all are one story. */
function unitedCard(patientId: string, known: readonly CardKnown[]): CardOfPatient {
  const [own] = known;
  const newest = (a: { readonly at: string }, b: { readonly at: string }): number =>
    a.at < b.at ? 1 : Number(a.at > b.at) * -1;
  const last = known.flatMap((one) => one.last ?? []).toSorted(newest)[0] ?? null;
  const answers = known.flatMap((one) => one.answers).toSorted(newest);
  const days = known.flatMap(({ lastContactOn }) => lastContactOn ?? []).toSorted();
  return {
    card: {
      patientId,
      assignedTo: own?.assignedTo ?? null,
      claimedBy: own?.claimedBy ?? null,
      claimedUntil: own?.claimedUntil ?? null,
      lastContactOn: days.at(-1) ?? null,
      version: own?.version ?? 0,
    },
    answers,
    last,
    queued: known.flatMap((one) => one.queued ?? [])[0] ?? null,
  };
}

const byPatient = <Known extends { readonly patientId: string }>(
  known: readonly Known[],
): Map<string, Known[]> => Map.groupBy(known, ({ patientId }) => patientId);
