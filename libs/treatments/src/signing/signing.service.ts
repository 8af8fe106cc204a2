import { keepSigned, record } from '#audit';
import type { Tx } from '#database';
import type { RequestActor } from '#identity';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { Charts, eventOf } from '../charts.js';
import { accept, assertAccepted, assertConsented } from '../domain/dose/dose-acceptance.js';
import { signedContent } from '../domain/signed-content.js';
import { afterStep } from '../domain/treatment-status.js';
import { DoseFindingNotFound } from '../domain/dose/dose.errors.js';
import { ReasonMissing, TreatmentEmpty, TreatmentStatusRefused } from '../domain/treatments.errors.js';
import type { ApproveDoses, SignTreatment } from '../http/treatment.dto.js';
import type { AcceptanceView, TreatmentView } from '../http/treatment.view.js';
import { contentOf } from '../record/signed-treatments.repository.js';
import { SigningRules } from './signing-rules.js';
import { TreatmentEvents } from '../treatment-events.port.js';
import { type TreatmentRow } from '../treatment-rows.queries.js';
import { TreatmentsRepository } from '../treatments.repository.js';
import { TreatmentsService } from '../treatments.service.js';

const MEANING = 'I gave this treatment as recorded';

/** From draft to record. */
@Injectable()
export class SigningService {
  constructor(
    private readonly drafts: TreatmentsService,
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly rules: SigningRules,
    private readonly appointments: AppointmentsService,
    private readonly events: TreatmentEvents,
  ) {}

  /**
   * A prescriber accepts what the dose guard found in somebody's draft.
   * @throws TreatmentNotFound, TreatmentSigned, ReasonMissing, DoseFindingNotFound, DoseNeedsPrescriber
   */
  approve(
    actor: RequestActor,
    id: string,
    { findings: codes, reason }: ApproveDoses,
  ): Promise<TreatmentView> {
    const work = async (tx: Tx, draft: TreatmentRow): Promise<void> => {
      if (reason.trim() === '') throw new ReasonMissing();
      const { findings } = await this.charts.guard(tx, draft, actor.market);
      const unknown = codes.find((code) => !findings.some((finding) => finding.code === code));
      if (unknown !== undefined) throw new DoseFindingNotFound({ finding: unknown });
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
   * @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother, TreatmentEmpty, VisitTreatedAlready, and what the rules refuse:
   *   clearance, safety, cooling-off, lots, doses, consents, touch-up, an open non-response pathway, an incomplete record
   */
  sign(actor: RequestActor, id: string, signing: SignTreatment): Promise<TreatmentView> {
    return this.drafts.changingDraft(actor, id, async (tx, draft) => {
      if (draft.injections.length === 0) throw new TreatmentEmpty();
      const given = signing.givenBeforePathway;
      const clearance = await this.rules.assertMaySign(tx, actor, draft, given !== undefined);
      await this.charts.prepare(tx, draft, draft.injections.map(asCharted), actor.market);
      const { findings: found } = await this.charts.guard(tx, draft, actor.market);
      const findings = accept(found, signing.acknowledge ?? [], acceptance(tx, actor, signing.reason));
      assertAccepted(findings);
      assertConsented(findings, draft.injections, clearance.offLabelAreas);
      await this.rules.assertComplete(tx, { ...draft, doseFindings: findings }, actor.market);
      const { release } = await this.charts.published(tx);
      const [by, name, meaning] = [actor.staffId, actor.displayName, meaningOf(signing)];
      const signature = { by, name, meaning, release };
      const content = contentOf({
        ...draft,
        doseFindings: findings,
        catalogueVersion: release,
        signedAt: tx.now,
        signedBy: by,
        signedName: name,
        signedMeaning: meaning,
      });
      const contentHash = keepSigned(tx, 'treatment', id, signedContent(content));
      await this.treatments.sign(tx, id, findings, signature, contentHash);
      if (draft.amendsId !== null) await this.#replace(tx, draft, draft.amendsId);
      else if (draft.appointmentId !== null) await this.appointments.complete(tx, draft.appointmentId);
      await record(tx, {
        action: 'treatment.sign',
        entityId: id,
        patientId: draft.patientId,
        detail: { contentHash },
      });
      await this.events.publish(tx, eventOf(draft, draft.amendsId === null ? 'signed' : 'amended'));
    });
  }

  async #replace(tx: Tx, draft: TreatmentRow, replacedId: string): Promise<void> {
    const replaced = await this.treatments.lock(tx, replacedId);
    const reason = draft.amendReason ?? '';
    if (replaced) afterStep(replaced.status, 'amend', reason);
    const isDone = await this.treatments.withdraw(tx, replacedId, 'amended', reason, draft.id);
    if (!isDone) throw new TreatmentStatusRefused({ status: replaced?.status, allowedFrom: ['signed'] });
  }
}

const meaningOf = ({ meaning = MEANING, givenBeforePathway: given }: SignTreatment): string =>
  given === undefined ? meaning : `${meaning}. Given before the non-response pathway was known: ${given}`;

const acceptance = (tx: Tx, actor: RequestActor, reason = ''): AcceptanceView => ({
  by: actor.staffId,
  byPrescriber: actor.isPrescriber,
  reason: reason.trim() === '' ? null : reason,
  at: tx.now.toISOString(),
});

/** A kept point as it was charted, for checking it once more. */
const asCharted = ({ area, side, product, lotId, vialId, units }: TreatmentRow['injections'][number]) => ({
  area,
  side,
  product,
  lotId,
  ...(vialId === null ? {} : { vialId }),
  units,
});
