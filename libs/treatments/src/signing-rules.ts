import { ClearancesService, type HeldClearance } from '#consultations';
import type { Tx } from '#database';
import { ClinicsService, type RequestActor } from '#identity';
import type { CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { Charts } from './charts.js';
import { assertTouchUpAllowed, assertTouchUpDay, type TouchUpPolicy } from './domain/touch-up.js';
import { TouchUpCompletesNothing } from './domain/touch-up.errors.js';
import { ConsentMissing } from './domain/treatments.errors.js';
import { RecordCheck } from './record/record-check.js';
import { type TreatmentRow } from './treatment-rows.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';

/** What must hold before a treatment is signed, besides its lots and doses. */
@Injectable()
export class SigningRules {
  constructor(
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly clearances: ClearancesService,
    private readonly patients: PatientsService,
    private readonly clinics: ClinicsService,
    private readonly records: RecordCheck,
  ) {}

  /**
   * The clearance the treatment rests on.
   * @throws what clearance, safety rules, consent to treatment and the touch-up policy refuse
   */
  async assertMaySign(tx: Tx, actor: RequestActor, draft: TreatmentRow): Promise<HeldClearance> {
    // One after another for a patient, so that each sees the doses of the other.
    await this.patients.hold(tx, [draft.patientId]);
    const clearance = await this.#mayTreat(tx, actor, draft);
    await this.#mayTouchUp(tx, actor, draft, clearance);
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

  /** Before a draft begins, because afterwards it is injected. @throws TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate */
  async assertTouchUpDay(tx: Tx, treatedOn: CalendarDate, on: CalendarDate): Promise<void> {
    assertTouchUpDay(await this.#touchUpPolicy(tx), treatedOn, on);
  }

  async #mayTouchUp(tx: Tx, actor: RequestActor, draft: TreatmentRow, held: HeldClearance): Promise<void> {
    if (draft.completesId === null) return;
    const completes = await this.treatments.read(tx, draft.completesId);
    if (!completes) throw new TouchUpCompletesNothing({ completesId: draft.completesId });
    const seenSince = held.faceToFaceOn !== null && held.faceToFaceOn > completes.treatedOn;
    assertTouchUpAllowed({
      policy: await this.#touchUpPolicy(tx),
      completes: { treatedOn: completes.treatedOn, doses: completes.injections },
      on: draft.treatedOn,
      doses: draft.injections,
      approvedByPrescriber: actor.isPrescriber || seenSince,
    });
  }

  async #touchUpPolicy(tx: Tx): Promise<TouchUpPolicy> {
    const { policy } = await this.charts.published(tx);
    const { touchUpsAllowed } = await this.clinics.settings(tx);
    return { enabled: touchUpsAllowed, fromDay: policy.touchUpFromDay, toDay: policy.touchUpToDay };
  }
}
