import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { ClinicsService, type RequestActor, StaffNotFound, StaffService } from '#identity';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { cardTaken } from './card-taken.js';
import { CardsRepository } from './cards.repository.js';
import { ContactChecks } from './contact-checks.js';
import type { RecallCardView } from './http/contacts.dto.js';

const MINUTE = 60_000;

/** Whose patient it is, and who is calling now. */
@Injectable()
export class CardsService {
  constructor(
    private readonly database: Database,
    private readonly cards: CardsRepository,
    private readonly checks: ContactChecks,
    private readonly patients: PatientsService,
    private readonly clinics: ClinicsService,
    private readonly staff: StaffService,
  ) {}

  /**
   * "I am calling now": for some minutes nobody else does. Doing it again begins the minutes anew.
   * @throws PatientNotFound, RecallClaimed, and what the contact rules refuse
   */
  claim(actor: RequestActor, patientId: string): Promise<RecallCardView> {
    return this.database.write(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const card = await this.cards.hold(tx, patientId);
      if (!card) throw await cardTaken(tx, this.cards, patientId);
      await this.checks.assertMayContact(tx, patientId, null);
      const { claimMinutes } = await this.clinics.settings(tx);
      await this.cards.claim(tx, patientId, new Date(tx.now.getTime() + claimMinutes * MINUTE));
      await record(tx, { action: 'recall-card.claim', entityId: patientId, patientId });
      return this.cards.read(tx, patientId);
    });
  }

  /** Gives one's own claim back; without one nothing happens. @throws PatientNotFound */
  release(actor: RequestActor, patientId: string): Promise<RecallCardView> {
    return this.#changing(actor, patientId, 'release', undefined, (tx) => this.cards.release(tx, patientId));
  }

  /** @throws PatientNotFound, StaffNotFound, StaleVersion */
  assign(
    actor: RequestActor,
    patientId: string,
    staffId: string,
    read: number | undefined,
  ): Promise<RecallCardView> {
    return this.#changing(actor, patientId, 'assign', read, async (tx) => {
      const [person] = await this.staff.find(tx, [staffId]);
      if (!person?.active) throw new StaffNotFound();
      await this.cards.assign(tx, patientId, staffId);
    });
  }

  /** @throws PatientNotFound, StaleVersion */
  unassign(actor: RequestActor, patientId: string, read: number | undefined): Promise<RecallCardView> {
    return this.#changing(actor, patientId, 'unassign', read, (tx) => this.cards.assign(tx, patientId, null));
  }

  #changing(
    actor: RequestActor,
    patientId: string,
    verb: 'release' | 'assign' | 'unassign',
    read: number | undefined,
    work: (tx: Tx) => Promise<void>,
  ): Promise<RecallCardView> {
    return this.database.write(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      assertFresh(await this.cards.lockVersion(tx, patientId), read);
      await work(tx);
      await record(tx, { action: `recall-card.${verb}`, entityId: patientId, patientId });
      return this.cards.read(tx, patientId);
    });
  }
}
