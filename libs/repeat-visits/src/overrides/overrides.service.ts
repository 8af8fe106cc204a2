import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { calendarDate, latest } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { assertNotBeforeEarliest } from '../domain/override.js';
import { AreaNeverTreated, OverrideNotFound } from '../domain/repeat-visits.errors.js';
import { UnitedHistory } from '../united-history.js';
import { WindowsRepository } from '../windows.repository.js';
import type { DecideOverride, OverrideView } from './http/override.dto.js';
import { OverridesRepository } from './overrides.repository.js';

/** A clinician's own day in place of the calculated one: who, why, and until when. */
@Injectable()
export class OverridesService {
  constructor(
    private readonly database: Database,
    private readonly patients: PatientsService,
    private readonly windows: WindowsRepository,
    private readonly history: UnitedHistory,
    private readonly overrides: OverridesRepository,
  ) {}

  /** Decides on a day; an earlier decision for the area is withdrawn. @throws PatientNotFound, PatientLeftCare, AreaNeverTreated, OverrideTooEarly */
  decide(
    actor: RequestActor,
    patientId: string,
    area: string,
    { notBefore, reason }: DecideOverride,
  ): Promise<OverrideView> {
    const day = calendarDate(notBefore);
    return this.database.write(actor, async (tx) => {
      await this.patients.requireActive(tx, patientId);
      await this.patients.hold(tx, [patientId]);
      const window = (await this.windows.open(tx, [patientId])).find((one) => one.area === area);
      if (!window) throw new AreaNeverTreated();
      assertNotBeforeEarliest(day, window.earliest);
      const doses = (await this.history.of(tx, [patientId])).get(patientId) ?? [];
      const [first, ...others] = doses.filter((dose) => dose.area === area).map(({ treatedOn }) => treatedOn);
      if (!first) throw new AreaNeverTreated();
      await this.overrides.withdraw(tx, patientId, area, actor.staffId);
      await this.overrides.decide(tx, {
        patientId,
        area,
        notBefore: day,
        calculated: window.target,
        afterTreatmentOn: latest(first, ...others),
        reason,
        staffId: actor.staffId,
      });
      await record(tx, {
        action: 'repeat-visit-override.decide',
        entityId: window.id,
        patientId,
        detail: { area, notBefore },
      });
      return this.#inForce(tx, patientId, area);
    });
  }

  /** Back to the calculated dates. @throws PatientNotFound, OverrideNotFound */
  withdraw(actor: RequestActor, patientId: string, area: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      await this.#inForce(tx, patientId, area);
      await this.overrides.withdraw(tx, patientId, area, actor.staffId);
      await record(tx, {
        action: 'repeat-visit-override.withdraw',
        entityId: patientId,
        patientId,
        detail: { area },
      });
    });
  }

  async #inForce(tx: Tx, patientId: string, area: string): Promise<OverrideView> {
    const united = (await this.patients.unitedIds(tx, [patientId])).get(patientId) ?? [patientId];
    const found = (await this.overrides.inForce(tx, united)).find((one) => one.area === area);
    if (!found) throw new OverrideNotFound();
    const { staffId: _, ...view } = found;
    return { ...view, patientId };
  }
}
