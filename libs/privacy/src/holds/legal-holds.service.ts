import { record } from '#audit';
import { Database } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { LegalHoldLifted, PatientNotHere } from '../domain/privacy.errors.js';
import type { HoldReason, LegalHolds, LegalHoldView } from './http/legal-hold.dto.js';
import { PatientRowsRepository } from '../rows/patient-rows.repository.js';
import { LegalHoldsRepository } from './legal-holds.repository.js';

/** A dispute or an inquiry keeps a record whole until it is lifted. */
@Injectable()
export class LegalHoldsService {
  constructor(
    private readonly database: Database,
    private readonly holds: LegalHoldsRepository,
    private readonly patients: PatientRowsRepository,
  ) {}

  /** @throws PatientNotHere */
  place(actor: RequestActor, patientId: string, { reason }: HoldReason): Promise<LegalHoldView> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.holds.lockPerson(tx, patientId))) throw new PatientNotHere();
      const hold = await this.holds.place(tx, patientId, reason, actor.staffId);
      await record(tx, { action: 'legal-hold.place', entityId: hold.id, patientId });
      return hold;
    });
  }

  /** @throws PatientNotHere, LegalHoldLifted */
  lift(actor: RequestActor, id: string, { reason }: HoldReason): Promise<LegalHoldView> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.holds.read(tx, id))) throw new PatientNotHere();
      const lifted = await this.holds.lift(tx, id, reason, actor.staffId);
      if (!lifted) throw new LegalHoldLifted();
      await record(tx, { action: 'legal-hold.lift', entityId: id, patientId: lifted.patientId });
      return lifted;
    });
  }

  /** @throws PatientNotHere */
  list(actor: RequestActor, patientId: string): Promise<LegalHolds> {
    return this.database.read(actor, async (tx) => {
      if (!(await this.patients.knows(tx, patientId))) throw new PatientNotHere();
      await record(tx, { action: 'legal-hold.list', entityId: null, patientId });
      return { items: await this.holds.list(tx, patientId) };
    });
  }
}
