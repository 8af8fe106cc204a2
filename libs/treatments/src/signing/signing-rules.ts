import { ClearancesService, type HeldClearance } from '#consultations';
import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { BeginningRules } from '../beginning-rules.js';
import { ConsentMissing } from '../domain/treatments.errors.js';
import { RecordCheck } from '../record/record-check.js';
import { TouchUpRules } from '../touch-ups/touch-up-rules.js';
import type { TreatmentRow } from '../treatment-rows.queries.js';

/** What must hold before a treatment is signed, besides its lots and doses. */
@Injectable()
export class SigningRules {
  constructor(
    private readonly beginning: BeginningRules,
    private readonly clearances: ClearancesService,
    private readonly patients: PatientsService,
    private readonly touchUps: TouchUpRules,
    private readonly records: RecordCheck,
  ) {}

  /**
   * The clearance the treatment rests on. `given`: it was injected before anybody knew that the last one did not take.
   * @throws what clearance, safety rules, consent to treatment, the touch-up policy and an open non-response pathway refuse
   */
  async assertMaySign(
    tx: Tx,
    actor: RequestActor,
    draft: TreatmentRow,
    given: boolean,
  ): Promise<HeldClearance> {
    // One after another for a patient, so that each sees the doses of the other.
    await this.patients.hold(tx, [draft.patientId]);
    const clearance = await this.#mayTreat(tx, actor, draft);
    await this.touchUps.assertMaySign(tx, actor, draft, clearance);
    if (!given) await this.beginning.assertRested(tx, draft, draft.injections);
    return clearance;
  }

  /** What the market wants in a signed record. @throws RecordIncomplete */
  assertComplete(tx: Tx, draft: TreatmentRow, market: string): Promise<void> {
    return this.records.assertComplete(tx, draft, market);
  }

  /** Clearance, the market's rules on what is injected, consent to treatment; on the day of the treatment. */
  async #mayTreat(tx: Tx, actor: RequestActor, draft: TreatmentRow): Promise<HeldClearance> {
    const { patientId, clearanceId, treatedOn, injections } = draft;
    const clearance = await this.clearances.requireClearance(tx, patientId, clearanceId ?? '', treatedOn);
    await this.clearances.assertSafe(tx, clearance.consultationId, injections, treatedOn, actor.market);
    if (!clearance.consentedToTreatment) throw new ConsentMissing({ kind: 'treatment' });
    if (draft.amendsId === null) await this.clearances.assertReflected(tx, clearance, draft.begunAt);
    return clearance;
  }
}
