import { record } from '#audit';
import { type Actor, Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { calendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { assertInLifetime } from '../domain/register.js';
import { AlreadyEnteredInError } from '../health/domain/health.errors.js';
import { PatientRecords } from '../patient-records.js';
import type {
  CorrectIdentityCheck,
  IdentityCheckList,
  IdentityCheckView,
  RecordIdentityCheck,
} from './http/identity-check.dto.js';
import { IdentityCheckNotFound } from './identity-check.errors.js';
import { IdentityChecksRepository } from './identity-checks.repository.js';

/** How it was made sure who a patient is, and how old. */
@Injectable()
export class IdentityChecksService {
  constructor(
    private readonly database: Database,
    private readonly records: PatientRecords,
    private readonly checks: IdentityChecksRepository,
  ) {}

  /** @throws PatientNotFound */
  list(actor: Actor, id: string): Promise<IdentityCheckList> {
    return this.database.read(actor, async (tx) => {
      const items = await this.checks.list(tx, await this.records.united(tx, id));
      await record(tx, { action: 'patient.read-identity-checks', entityId: id, patientId: id });
      return { items };
    });
  }

  /** @throws PatientNotFound, PatientMerged, RecordedDateImpossible */
  add(actor: Actor, id: string, check: RecordIdentityCheck): Promise<IdentityCheckView> {
    return this.database.write(actor, async (tx) => {
      const { birthDate, today } = await this.records.open(tx, id);
      assertInLifetime(calendarDate(check.checkedOn), birthDate, today);
      const checkId = await this.checks.add(tx, id, check);
      await record(tx, { action: 'patient.check-identity', entityId: checkId, patientId: id });
      return this.#lock(tx, id, checkId);
    });
  }

  /** Marks as entered in error. @throws PatientNotFound, PatientMerged, IdentityCheckNotFound, StaleVersion, AlreadyEnteredInError */
  correct(
    actor: Actor,
    id: string,
    checkId: string,
    { reason }: CorrectIdentityCheck,
    read: number | undefined,
  ): Promise<IdentityCheckView> {
    return this.database.write(actor, async (tx) => {
      await this.records.open(tx, id);
      const { version, errorReason } = await this.#lock(tx, id, checkId);
      assertFresh(version, read);
      if (errorReason !== null) throw new AlreadyEnteredInError();
      await this.checks.withdraw(tx, checkId, reason);
      await record(tx, { action: 'patient.correct-identity-check', entityId: checkId, patientId: id });
      return this.#lock(tx, id, checkId);
    });
  }

  async #lock(tx: Tx, id: string, checkId: string): Promise<IdentityCheckView> {
    const check = await this.checks.lock(tx, await this.records.united(tx, id), checkId);
    if (!check) throw new IdentityCheckNotFound();
    return check;
  }
}
