import { record } from '#audit';
import { ClearancesService, type HeldClearance } from '#consultations';
import type { Tx } from '#database';
import { ClinicsService, type RequestActor } from '#identity';
import { PatientsService } from '#patients';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { Charts, hashOf } from './charts.js';
import { accept, assertAccepted, assertConsented } from './domain/dose/dose-acceptance.js';
import { assertTouchUpAllowed } from './domain/touch-up.js';
import { afterStep } from './domain/treatment-status.js';
import {
  AmendmentUnderWay,
  ConsentMissing,
  TouchUpCompletesNothing,
  TreatmentEmpty,
  TreatmentOfAnother,
  TreatmentStatusRefused,
} from './domain/treatments.errors.js';
import type { ApproveDoses, SignTreatment } from './http/treatment.dto.js';
import type { AcceptanceView, TreatmentView } from './http/treatment.view.js';
import { TreatmentEvents, type TreatmentEvent } from './treatment-events.port.js';
import { TreatmentsRepository, type TreatmentRow } from './treatments.repository.js';
import { TreatmentsService } from './treatments.service.js';

const MEANING = 'I gave this treatment as recorded';

/** From draft to record, and how a record is corrected. */
@Injectable()
export class SigningService {
  constructor(
    private readonly drafts: TreatmentsService,
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly clearances: ClearancesService,
    private readonly patients: PatientsService,
    private readonly appointments: AppointmentsService,
    private readonly clinics: ClinicsService,
    private readonly events: TreatmentEvents,
  ) {}

  /**
   * A prescriber accepts what the dose guard found in somebody's draft.
   * @throws TreatmentNotFound, TreatmentSigned, DoseNeedsPrescriber
   */
  approve(
    actor: RequestActor,
    id: string,
    { findings: codes, reason }: ApproveDoses,
  ): Promise<TreatmentView> {
    const work = async (tx: Tx, draft: TreatmentRow): Promise<void> => {
      const { findings } = await this.charts.guard(tx, draft, actor.market);
      await this.treatments.found(tx, id, accept(findings, codes, acceptance(tx, actor, reason)));
      await record(tx, {
        action: 'treatment.approve',
        entityId: id,
        patientId: draft.patientId,
        detail: { codes },
      });
    };
    return this.drafts.changingDraft(actor, id, work, false);
  }

  /**
   * Locks the draft, and in the same transaction completes the visit and tells those who plan what comes after.
   * @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother, TreatmentEmpty, and what the rules refuse: clearance,
   *   safety, lots, doses, consents, touch-up
   */
  sign(actor: RequestActor, id: string, signing: SignTreatment): Promise<TreatmentView> {
    return this.drafts.changingDraft(actor, id, async (tx, draft) => {
      // One after another for a patient, so that each sees the doses of the other.
      await this.patients.hold(tx, [draft.patientId]);
      if (draft.injections.length === 0) throw new TreatmentEmpty();
      const clearance = await this.#assertMayTreat(tx, actor, draft);
      await this.#assertTouchUp(tx, actor, draft, clearance);
      await this.charts.prepare(tx, draft, draft.injections.map(asCharted), actor.market);
      const { findings: found } = await this.charts.guard(tx, draft, actor.market);
      const findings = accept(found, signing.acknowledge ?? [], acceptance(tx, actor, signing.reason));
      assertAccepted(findings);
      assertConsented(findings, draft.injections, clearance.offLabelAreas);
      const signature = { by: actor.staffId, name: actor.displayName, meaning: signing.meaning ?? MEANING };
      const { by, name, meaning } = signature;
      const signed = { ...draft, doseFindings: findings, signedAt: tx.now, signedBy: by };
      const contentHash = hashOf({ ...signed, signedName: name, signedMeaning: meaning });
      await this.treatments.sign(tx, id, findings, signature, contentHash);
      if (draft.amendsId !== null) await this.#replace(tx, draft, draft.amendsId);
      else if (draft.appointmentId !== null) await this.#completeVisit(tx, draft.appointmentId);
      await record(tx, { action: 'treatment.sign', entityId: id, patientId: draft.patientId });
      await this.#tell(tx, draft, draft.amendsId === null ? 'signed' : 'amended');
    });
  }

  /**
   * A new draft with the same content; signed, it replaces this version, which stays readable.
   * @throws TreatmentNotFound, TreatmentStatusRefused, ReasonMissing, TreatmentOfAnother, AmendmentUnderWay
   */
  amend(actor: RequestActor, id: string, reason: string): Promise<TreatmentView> {
    return this.drafts.changing(actor, id, async (tx, row) => {
      afterStep(row.status, 'amend', reason);
      if (row.practitionerId !== actor.staffId) throw new TreatmentOfAnother();
      const draftId = await this.treatments.amend(tx, row, reason);
      if (draftId === null) throw new AmendmentUnderWay({ treatmentId: id });
      await record(tx, {
        action: 'treatment.amend',
        entityId: id,
        patientId: row.patientId,
        detail: { draftId },
      });
      return draftId;
    });
  }

  /**
   * Takes a signed treatment back; it stays readable and counts no more. Any colleague may, since its practitioner can
   * have left. @throws TreatmentNotFound, TreatmentStatusRefused, ReasonMissing
   */
  enterInError(actor: RequestActor, id: string, reason: string): Promise<TreatmentView> {
    return this.drafts.changing(actor, id, async (tx, row) => {
      if (row.status === 'draft')
        throw new TreatmentStatusRefused({ status: row.status, allowedFrom: ['signed'] });
      afterStep(row.status, 'withdraw', reason);
      await this.patients.hold(tx, [row.patientId]);
      await this.treatments.withdraw(tx, id, 'entered-in-error', reason, null);
      await record(tx, { action: 'treatment.enter-in-error', entityId: id, patientId: row.patientId });
      await this.#tell(tx, row, 'withdrawn');
    });
  }

  /** Throws away a draft, which never was part of the record. @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother */
  async discard(actor: RequestActor, id: string): Promise<void> {
    await this.drafts.discarding(actor, id, async (tx, draft) => {
      await this.treatments.discard(tx, id);
      await record(tx, { action: 'treatment.discard', entityId: id, patientId: draft.patientId });
    });
  }

  /** Clearance, the market's rules on what is injected, consent to treatment; on the day of the treatment. */
  async #assertMayTreat(tx: Tx, actor: RequestActor, draft: TreatmentRow): Promise<HeldClearance> {
    const { patientId, clearanceId, treatedOn, injections } = draft;
    const clearance = await this.clearances.requireClearance(tx, patientId, clearanceId ?? '', treatedOn);
    await this.clearances.assertSafe(tx, clearance.consultationId, injections, treatedOn, actor.market);
    if (!clearance.consentedToTreatment) throw new ConsentMissing({ kind: 'treatment' });
    return clearance;
  }

  async #assertTouchUp(tx: Tx, actor: RequestActor, draft: TreatmentRow, held: HeldClearance): Promise<void> {
    if (draft.completesId === null) return;
    const completes = await this.treatments.read(tx, draft.completesId);
    if (!completes) throw new TouchUpCompletesNothing({ completesId: draft.completesId });
    const { policy } = await this.charts.published(tx);
    const { touchUpsAllowed } = await this.clinics.settings(tx);
    const seenSince = held.faceToFaceOn !== null && held.faceToFaceOn > completes.treatedOn;
    assertTouchUpAllowed({
      policy: { enabled: touchUpsAllowed, fromDay: policy.touchUpFromDay, toDay: policy.touchUpToDay },
      completes: { treatedOn: completes.treatedOn, doses: completes.injections },
      on: draft.treatedOn,
      doses: draft.injections,
      approvedByPrescriber: actor.isPrescriber || seenSince,
    });
  }

  async #replace(tx: Tx, draft: TreatmentRow, replacedId: string): Promise<void> {
    const replaced = await this.treatments.lock(tx, replacedId);
    const reason = draft.amendReason ?? '';
    if (replaced) afterStep(replaced.status, 'amend', reason);
    const isDone = await this.treatments.withdraw(tx, replacedId, 'amended', reason, draft.id);
    if (!isDone) throw new TreatmentStatusRefused({ status: replaced?.status, allowedFrom: ['signed'] });
  }

  /** A treatment happens in one fulfilled visit; somebody may have completed it already. */
  async #completeVisit(tx: Tx, appointmentId: string): Promise<void> {
    const { status } = await this.appointments.requireAppointment(tx, appointmentId);
    if (status === 'fulfilled') return;
    await this.appointments.requireArrived(tx, appointmentId);
    await this.appointments.complete(tx, appointmentId);
  }

  async #tell(tx: Tx, row: TreatmentRow, what: TreatmentEvent['what']): Promise<void> {
    const { id: treatmentId, amendsId, patientId, treatedOn, kind, injections } = row;
    const pairs = new Map(injections.map(({ product, area }) => [`${product} ${area}`, { product, area }]));
    const replacesId = what === 'amended' ? amendsId : null;
    await this.events.publish(tx, {
      what,
      treatmentId,
      replacesId,
      patientId,
      treatedOn,
      kind,
      doses: [...pairs.values()],
    });
  }
}

const acceptance = (tx: Tx, actor: RequestActor, reason = ''): AcceptanceView => ({
  by: actor.staffId,
  byPrescriber: actor.isPrescriber,
  reason: reason.trim() === '' ? null : reason,
  at: tx.now.toISOString(),
});

/** A kept point as it was charted, for checking it once more. */
const asCharted = ({ area, side, product, lotId, units }: TreatmentRow['injections'][number]) => ({
  area,
  side,
  product,
  lotId,
  units,
});
