import type { Tx } from '#database';
import { ClinicsService, StaffService, type RequestActor } from '#identity';
import { calendarDate, type CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

import {
  acknowledgedOf,
  assertOpen,
  Assessments,
  decisionsOf,
  unansweredOf,
  type Assessment,
  type Planned,
} from './assessments.js';
import { ConsultationsRepository } from './consultations.repository.js';
import { ConsultationsService } from './consultations.service.js';
import { assertCleared, clear, decline, type ClearanceOutcome } from './domain/clearance.js';
import {
  ClearanceNotFound,
  DecisionNeedsPrescriber,
  FaceToFaceImpossible,
  NotCleared,
  PlanMissing,
  PrescriberMissing,
} from './domain/consultations.errors.js';
import type { PlannedArea } from './http/assessment.dto.js';
import type { ClearConsultation, DeclineConsultation } from './http/consultation.dto.js';
import { assertReflected, oldestMeeting } from './policy/domain/charting-policy.js';
import { ChartingPolicyService } from './policy/charting-policy.service.js';
import type { AnswerView, ConsentView, ConsultationView } from './http/consultation.view.js';

/** A clearance that holds, with what was consented to under it. */
export interface HeldClearance {
  readonly id: string;
  readonly consultationId: string;
  readonly outcome: ClearanceOutcome;
  readonly expiresOn: string | null;
  readonly prescriberId: string | null;
  readonly faceToFaceOn: string | null;
  readonly consentedToTreatment: boolean;
  /** When the newest consent to treatment was signed; null: never. */
  readonly consentedAt: string | null;
  readonly offLabelAreas: readonly string[];
}

/** What a consultation contributes to the record of a treatment (fields 2 and 4 to 10). */
export interface ConsultationRecord {
  readonly consultationId: string;
  readonly isSigned: boolean;
  readonly prescriberId: string | null;
  readonly faceToFaceOn: string | null;
  readonly consents: readonly Pick<ConsentView, 'kind' | 'area' | 'covers' | 'costAmount'>[];
  readonly severity: ConsultationView['severity'];
  readonly screening: readonly Pick<AnswerView, 'questionId' | 'state' | 'answeredOn'>[];
  /** Questions that decide something for what was injected and have no fresh answer. */
  readonly unanswered: readonly string[];
}

/** Whether a patient may be treated: concluding consultations, and asking for their conclusion. */
@Injectable()
export class ClearancesService {
  constructor(
    private readonly charts: ConsultationsService,
    private readonly consultations: ConsultationsRepository,
    private readonly assessments: Assessments,
    private readonly staff: StaffService,
    private readonly clinics: ClinicsService,
    private readonly policies: ChartingPolicyService,
  ) {}

  /**
   * @throws ConsultationNotFound, ConsultationClosed, PlanMissing, BlockedBySafetyRule, DecisionMissing,
   *   AcknowledgementMissing, PrescriberMissing, FaceToFaceImpossible
   */
  clear(
    actor: RequestActor,
    id: string,
    seen: ClearConsultation,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.charts.changing(actor, id, read, 'consultation.clear', async (tx, consultation) => {
      assertOpen(consultation);
      if (consultation.plan.length === 0) throw new PlanMissing();
      const check = await this.assessments.asItStands(tx, consultation, actor.market);
      const validDays = (await this.clinics.settings(tx)).clearanceDays;
      const clearance = clear({ ...conclusion(check), decidedOn: check.on, validDays });
      const prescribed = await this.#prescribed(tx, actor, seen, check.on, validDays);
      await this.consultations.conclude(tx, consultation, clearance, { ...prescribed, reason: null });
      await this.#keepUndecided(tx, check);
      return { status: 'closed', outcome: clearance.outcome };
    });
  }

  /** @throws ConsultationNotFound, ConsultationClosed, DecisionReasonMissing */
  decline(
    actor: RequestActor,
    id: string,
    { outcome, reason }: DeclineConsultation,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.charts.changing(actor, id, read, 'consultation.decline', async (tx, consultation) => {
      assertOpen(consultation);
      const check = await this.assessments.asItStands(tx, consultation, actor.market);
      const by = { prescriberId: actor.isPrescriber ? actor.staffId : null, faceToFaceOn: null, reason };
      await this.consultations.conclude(tx, consultation, decline(outcome, reason, check.on), by);
      await this.#keepUndecided(tx, check);
      return { status: 'closed', outcome };
    });
  }

  /**
   * For treatments, in their transaction: the clearance, if it is this patient's and holds on the day.
   * @throws ClearanceNotFound, NotCleared, ClearanceExpired
   */
  async requireClearance(
    tx: Tx,
    patientId: string,
    clearanceId: string,
    on: CalendarDate,
  ): Promise<HeldClearance> {
    const consultationId = await this.consultations.idOfClearance(tx, clearanceId, patientId);
    if (consultationId === null) throw new ClearanceNotFound();
    const { clearance, consents, withdrawal } = await this.assessments.require(tx, consultationId);
    if (clearance === null) throw new ClearanceNotFound();
    if (withdrawal !== null)
      throw new NotCleared({ outcome: withdrawal.cause, replacedById: withdrawal.replacedById });
    const { outcome, decidedOn, expiresOn, prescriberId, faceToFaceOn } = clearance;
    const until = expiresOn === null ? null : calendarDate(expiresOn);
    assertCleared({ outcome, decidedOn: calendarDate(decidedOn), expiresOn: until, pathways: [] }, on);
    return {
      id: clearanceId,
      consultationId,
      outcome,
      expiresOn,
      prescriberId,
      faceToFaceOn,
      consentedToTreatment: consents.some(({ kind }) => kind === 'treatment'),
      consentedAt: consents.findLast(({ kind }) => kind === 'treatment')?.signedAt ?? null,
      offLabelAreas: consents.flatMap(({ kind, area }) =>
        kind === 'off-label' && area !== null ? [area] : [],
      ),
    };
  }

  /** For treatments: whether the patient had the time to reflect the clinic gives. @throws CoolingOff */
  async assertReflected(tx: Tx, { consentedAt }: HeldClearance, treatedAt: Date): Promise<void> {
    assertReflected(await this.policies.inForce(tx), consentedAt, treatedAt);
  }

  /** For treatments: what was planned when it was cleared, whether or not it still holds. @throws ClearanceNotFound */
  async planOf(tx: Tx, patientId: string, clearanceId: string): Promise<PlannedArea[]> {
    const consultationId = await this.consultations.idOfClearance(tx, clearanceId, patientId);
    if (consultationId === null) throw new ClearanceNotFound();
    return (await this.assessments.require(tx, consultationId)).plan;
  }

  /** For treatments: what the record takes from the consultation, with the screening as it stands on a day; null: none. */
  async recordOf(
    tx: Tx,
    patientId: string,
    clearanceId: string,
    injected: readonly Planned[],
    on: CalendarDate,
    market: string,
  ): Promise<ConsultationRecord | null> {
    const consultationId = await this.consultations.idOfClearance(tx, clearanceId, patientId);
    if (consultationId === null) return null;
    const consultation = await this.assessments.require(tx, consultationId);
    const { consents, severity, clearance, signature } = consultation;
    const { screening, findings } = await this.assessments.check(tx, consultation, injected, on, market);
    const { prescriberId = null, faceToFaceOn = null } = clearance ?? {};
    const seen = { prescriberId, faceToFaceOn, isSigned: signature !== null };
    return { consultationId, ...seen, consents, severity, screening, unanswered: unansweredOf(findings) };
  }

  /**
   * For treatments: the market's rules once more, for what is injected, on that day, with answers fresh on that day.
   * @throws BlockedBySafetyRule, DecisionMissing, AcknowledgementMissing
   */
  async assertSafe(
    tx: Tx,
    consultationId: string,
    injected: readonly Planned[],
    on: CalendarDate,
    market: string,
  ): Promise<void> {
    const consultation = await this.assessments.require(tx, consultationId);
    const check = await this.assessments.check(tx, consultation, injected, on, market);
    clear({ ...conclusion(check), decidedOn: on, validDays: 0 });
  }

  /** Every prescription rests on a prescriber who saw the patient (UK: GMC and NMC, sources S71 and S72). */
  async #prescribed(
    tx: Tx,
    actor: RequestActor,
    { prescriberId, faceToFaceOn }: ClearConsultation,
    today: CalendarDate,
    validDays: number,
  ): Promise<{ prescriberId: string | null; faceToFaceOn: CalendarDate | null }> {
    const isSelf = actor.isPrescriber && (prescriberId === undefined || prescriberId === actor.staffId);
    const who = isSelf ? actor.staffId : (prescriberId ?? null);
    const seenOn = faceToFaceOn ?? (isSelf ? today : undefined);
    const policy = await this.policies.inForce(tx);
    if (who === null || seenOn === undefined) {
      if (policy.faceToFaceRequired || who !== null || seenOn !== undefined) throw new PrescriberMissing();
      return { prescriberId: null, faceToFaceOn: null };
    }
    if (!isSelf && !(await this.staff.requirePractitioner(tx, who)).isPrescriber)
      throw new DecisionNeedsPrescriber();
    const day = calendarDate(seenOn);
    if (day > today || day < oldestMeeting(policy, today, validDays))
      throw new FaceToFaceImpossible({ faceToFaceOn: day });
    return { prescriberId: who, faceToFaceOn: day };
  }

  async #keepUndecided(tx: Tx, { consultation, findings, release }: Assessment): Promise<void> {
    for (const { finding, kept } of findings) {
      if (!kept) await this.consultations.keep(tx, consultation.id, finding, release);
    }
  }
}

const conclusion = ({ findings }: Assessment) => ({
  findings: findings.map(({ finding }) => finding),
  decisions: decisionsOf(findings),
  acknowledged: acknowledgedOf(findings),
});
