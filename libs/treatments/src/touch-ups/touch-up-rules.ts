import { CatalogueService } from '#catalogue';
import type { HeldClearance } from '#consultations';
import type { Tx } from '#database';
import { ClinicsService, type RequestActor } from '#identity';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import { assertTouchUpAllowed, assertTouchUpDay, type TouchUpPolicy } from '../domain/touch-up.js';
import { TouchUpCompletesNothing } from '../domain/touch-up.errors.js';
import type { TreatmentRow } from '../treatment-rows.queries.js';
import { TreatmentsRepository } from '../treatments.repository.js';
import { TouchUpApprovalsPort } from './touch-up-approvals.port.js';

/** What must hold of a treatment that completes another. */
@Injectable()
export class TouchUpRules {
  constructor(
    private readonly treatments: TreatmentsRepository,
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
    private readonly approvals: TouchUpApprovalsPort,
  ) {}

  /** Before a draft begins, because afterwards it is injected. @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate */
  async assertDay(tx: Tx, treatedOn: CalendarDate, on: CalendarDate): Promise<void> {
    assertTouchUpDay(await this.#policy(tx), treatedOn, on);
  }

  /** A prescriber signs it, saw the patient since, or approved it after the review. @throws what assertTouchUpAllowed throws */
  async assertMaySign(tx: Tx, actor: RequestActor, draft: TreatmentRow, held: HeldClearance): Promise<void> {
    if (draft.completesId === null) return;
    const completes = await this.treatments.read(tx, draft.completesId);
    if (!completes) throw new TouchUpCompletesNothing({ completesId: draft.completesId });
    const seenSince = held.faceToFaceOn !== null && held.faceToFaceOn > completes.treatedOn;
    assertTouchUpAllowed({
      policy: await this.#policy(tx),
      completes: { treatedOn: completes.treatedOn, doses: completes.injections },
      on: draft.treatedOn,
      doses: draft.injections,
      approvedByPrescriber: actor.isPrescriber || seenSince || (await this.#approved(tx, draft)),
    });
  }

  async #approved(tx: Tx, { id, injections }: TreatmentRow): Promise<boolean> {
    const versions = await this.treatments.versions(tx, id);
    const areas = await this.approvals.areas(
      tx,
      versions.map((version) => version.id),
    );
    return injections.every(({ area }) => areas.includes(area));
  }

  async #policy(tx: Tx): Promise<TouchUpPolicy> {
    const { policy } = await this.catalogue.current(tx);
    const { touchUpsAllowed } = await this.clinics.settings(tx);
    return { enabled: touchUpsAllowed, fromDay: policy.touchUpFromDay, toDay: policy.touchUpToDay };
  }
}
