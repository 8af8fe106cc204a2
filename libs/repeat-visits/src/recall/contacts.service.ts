import { record } from '#audit';
import { Database, type Tx } from '#database';
import { pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { calendarDate, isId, isInstant } from '#kernel';
import { PatientsService, RegisterService } from '#patients';
import { AppointmentNotFound, AppointmentsService, blocksTime } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { CardsRepository } from './cards.repository.js';
import { ContactChecks } from './contact-checks.js';
import { ContactsRepository } from './contacts.repository.js';
import { assertUntil } from './domain/contact-rules.js';
import { ContactBookingMissing } from './domain/recall.errors.js';
import { cardTaken } from './card-taken.js';
import type { ContactPage, ContactView, FindContacts, RecordContact } from './http/contacts.dto.js';

/** Who tried to reach whom, and what came of it. */
@Injectable()
export class ContactsService {
  constructor(
    private readonly database: Database,
    private readonly contacts: ContactsRepository,
    private readonly cards: CardsRepository,
    private readonly checks: ContactChecks,
    private readonly patients: PatientsService,
    private readonly register: RegisterService,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * Keeps an attempt and ends the claim. Whoever claimed the patient was let through then; without a claim the clinic's own
   * attempt is judged now, and a patient who calls is always heard. "Do not contact" is set in the register with it.
   * @throws PatientNotFound, RecallClaimed, what contact rules refuse, ContactUntilRefused, ContactBookingMissing, AppointmentNotFound
   */
  record(actor: RequestActor, patientId: string, contact: RecordContact): Promise<ContactView> {
    const { initiatedBy, outcome, channel, until } = contact;
    return this.database.write(actor, async (tx) => {
      const today = await this.checks.today(tx, patientId);
      assertUntil(outcome, until === undefined ? null : calendarDate(until), today);
      await this.#assertBooking(tx, patientId, contact);
      const isOwnCall = initiatedBy === 'clinic';
      if (isOwnCall) {
        const card = await this.cards.hold(tx, patientId);
        if (!card) throw await cardTaken(tx, this.cards, patientId);
        // A visit that is booked is no question any more, and the patient is off the list with it.
        if (card.claimedBy !== actor.staffId && outcome !== 'booked')
          await this.checks.assertMayContact(tx, patientId, channel);
      } else await this.cards.lockVersion(tx, patientId);
      const kept = await this.contacts.add(tx, patientId, { ...contact, staffId: actor.staffId }, today);
      await this.cards.contacted(tx, patientId, isOwnCall ? today : null);
      if (outcome === 'do-not-contact') await this.register.stopContact(tx, patientId);
      const detail = { channel, outcome };
      await record(tx, { action: 'recall-contact.record', entityId: kept.id, patientId, detail });
      return kept;
    });
  }

  /** Newest first, those of records merged into the patient's too. @throws PatientNotFound */
  list(actor: RequestActor, patientId: string, { limit, after }: FindContacts): Promise<ContactPage> {
    const cursor = readCursor(after, [isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const ids = (await this.patients.unitedIds(tx, [patientId])).get(patientId) ?? [patientId];
      const rows = await this.contacts.ofPatients(tx, ids, cursor, limit + 1);
      const { items, next } = pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id]);
      await record(tx, { action: 'recall-contact.list', entityId: null, patientId });
      return { items: [...items], next };
    });
  }

  async #assertBooking(tx: Tx, patientId: string, { outcome, appointmentId }: RecordContact): Promise<void> {
    if ((outcome === 'booked') !== (appointmentId !== undefined))
      throw new ContactBookingMissing({ outcome });
    if (appointmentId === undefined) return;
    const visit = await this.appointments.requireAppointment(tx, appointmentId);
    const own = (await this.patients.unitedIds(tx, [patientId])).get(patientId) ?? [patientId];
    if (!own.includes(visit.patientId)) throw new AppointmentNotFound();
    if (visit.kind !== 'treatment' || !blocksTime(visit.status))
      throw new ContactBookingMissing({ appointmentId });
  }
}
