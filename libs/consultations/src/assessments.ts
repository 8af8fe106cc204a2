import { CatalogueService, marketOf, offLabelMarks, type PublishedCatalogue } from '#catalogue';
import type { Tx } from '#database';
import { calendarDate, contentHash, dateIn, type CalendarDate } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import {
  ConsultationsRepository,
  type ConsultationRow,
  type KeptFinding,
} from './consultations.repository.js';
import { findingKey, outcomeOf, stillStands, type Decision } from './domain/clearance.js';
import {
  ConsultationClosed,
  ConsultationNotFound,
  ConsultationSigned,
} from './domain/consultations.errors.js';
import { registerAnswers } from './domain/register-facts.js';
import { safetyCheck, SCREENING_INCOMPLETE, type Finding } from './domain/safety-check.js';
import { freshness, stillAsked } from './domain/screening.js';
import type { AnswerView, ConsultationView, FindingView } from './http/consultation.view.js';
import { ChartingPolicyService } from './policy/charting-policy.service.js';
import { ConsultationRecordsRepository } from './records/consultation-records.repository.js';

/** What a safety check is made for. */
export interface Planned {
  readonly product: string;
  readonly area: string;
}

/** A consultation with the safety check of one day. */
export interface Assessment {
  readonly consultation: ConsultationRow;
  readonly on: CalendarDate;
  readonly catalogue: PublishedCatalogue;
  readonly release: number;
  readonly screening: AnswerView[];
  readonly findings: readonly { readonly finding: Finding; readonly kept: KeptFinding | null }[];
}

/** Puts a consultation, the patient's answers and register, and the market's rules together. */
@Injectable()
export class Assessments {
  constructor(
    private readonly consultations: ConsultationsRepository,
    private readonly patients: PatientsService,
    private readonly catalogue: CatalogueService,
    private readonly policies: ChartingPolicyService,
    private readonly records: ConsultationRecordsRepository,
  ) {}

  /** @throws ConsultationNotFound */
  async require(tx: Tx, id: string): Promise<ConsultationRow> {
    const row = await this.consultations.read(tx, id);
    if (!row) throw new ConsultationNotFound();
    return row;
  }

  /** The check on the day that matters: today while the consultation can still lead to a treatment. */
  async asItStands(tx: Tx, consultation: ConsultationRow, market: string): Promise<Assessment> {
    const on = dayThatMatters(tx, consultation);
    return this.check(tx, consultation, consultation.plan, on, market);
  }

  /** The check for what is planned or was injected, on a day. */
  async check(
    tx: Tx,
    consultation: ConsultationRow,
    planned: readonly Planned[],
    on: CalendarDate,
    market: string,
  ): Promise<Assessment> {
    const catalogue = await this.catalogue.current(tx);
    const patient = await this.patients.require(tx, consultation.patientId);
    const given = stillAsked(await this.consultations.answers(tx, consultation.patientId));
    const { shelfLives } = await this.policies.inForce(tx);
    const toxins = patient.priorToxins.map((toxin) => ({ ...toxin, givenOn: calendarDate(toxin.givenOn) }));
    const register = registerAnswers(patient.healthFacts, toxins, on);
    const answers = [...given, ...register];
    const spokenBy = new Map(register.map((answer) => [answer.questionId, answer.register]));
    const found = safetyCheck({
      catalogue,
      market: marketOf(market),
      products: planned.map(({ product }) => product),
      areas: planned.map(({ area }) => area),
      birthDate: patient.birthDate,
      onDate: on,
      answers,
      shelfLives,
    });
    const screening = freshness(answers, on, shelfLives).map(
      ({ question, state, answer, freshUntil }): AnswerView => {
        const spoken = spokenBy.get(question.id) ?? null;
        const source = given.findLast((one) => one === answer);
        return {
          questionId: question.id,
          text: question.text,
          state,
          value: answer?.value ?? null,
          answeredOn: answer?.answeredOn ?? null,
          lastOn: answer?.lastOn ?? null,
          freshUntil,
          carriedOver: state === 'fresh' && source !== undefined && source.consultationId !== consultation.id,
          register: spoken,
        };
      },
    );
    const findings = found.map((one) => {
      const spoken = spokenBy.get(String(one.because['question']));
      const finding = spoken === undefined ? one : { ...one, because: { ...one.because, register: spoken } };
      const kept = consultation.kept.findLast(
        (past) => past.decision !== null && stillStands(past.finding, finding),
      );
      return { finding, kept: kept ?? null };
    });
    return { consultation, on, catalogue, release: catalogue.release, screening, findings };
  }

  async view(tx: Tx, id: string, market: string): Promise<ConsultationView> {
    const { consultation, on, catalogue, screening, findings } = await this.asItStands(
      tx,
      await this.require(tx, id),
      market,
    );
    const { kept: _, zone: __, signature, ...row } = consultation;
    const isConcluded = row.clearance !== null && row.clearance.expiresOn === null;
    const shown = isConcluded
      ? consultation.kept.map((kept) => findingView(kept.finding, kept))
      : findings.map(({ finding, kept }) => findingView(finding, kept));
    return {
      ...row,
      plan: row.plan.map((one) => ({
        ...one,
        offLabel: offLabelMarks(catalogue, marketOf(market), one, row.plan),
      })),
      signature: signature && {
        ...signature,
        intact: contentHash(await this.records.content(tx, id)) === signature.contentHash,
      },
      checkedOn: on,
      screening,
      unanswered: unansweredOf(findings),
      findings: shown,
      comesTo: outcomeOf({
        findings: findings.map(({ finding }) => finding),
        decisions: decisionsOf(findings),
      }),
    };
  }
}

/** Today, or the day of the conclusion once it can lead to no treatment any more. */
function dayThatMatters(tx: Tx, { zone, clearance }: ConsultationRow): CalendarDate {
  const today = dateIn(tx.now, zone);
  const isOver = clearance !== null && (clearance.expiresOn === null || clearance.expiresOn < today);
  return isOver ? calendarDate(clearance.decidedOn) : today;
}

/** Refuses to add to a consultation that is signed, withdrawn or can lead to no treatment. @throws ConsultationClosed, ConsultationSigned */
export function assertUsable({ status, clearance }: ConsultationRow): void {
  if (status === 'signed') throw new ConsultationSigned();
  if (status !== 'open' && status !== 'closed') throw new ConsultationClosed({ status });
  if (clearance !== null && clearance.expiresOn === null) {
    throw new ConsultationClosed({ outcome: clearance.outcome });
  }
}

/** Refuses what belongs before the conclusion. @throws ConsultationClosed, ConsultationSigned */
export function assertOpen({ status, clearance }: ConsultationRow): void {
  if (status === 'signed') throw new ConsultationSigned();
  if (status !== 'open') throw new ConsultationClosed({ outcome: clearance?.outcome ?? null });
}

/** The decisions in force. Only a prescriber's "proceed" is ever kept, so whoever decided was one. */
export const decisionsOf = (findings: Assessment['findings']): Decision[] =>
  findings.flatMap(({ finding, kept }) =>
    kept?.decision === 'proceed'
      ? [
          {
            findingKey: findingKey(finding),
            proceed: true,
            reason: kept.reason ?? '',
            by: { staffId: kept.decidedBy ?? '', isPrescriber: true },
          },
        ]
      : [],
  );

export const acknowledgedOf = (findings: Assessment['findings']): string[] =>
  findings.filter(({ kept }) => kept?.decision === 'acknowledged').map(({ finding }) => findingKey(finding));

/** Questions that decide something and have no fresh answer. */
export const unansweredOf = (findings: Assessment['findings']): string[] =>
  findings
    .filter(({ finding }) => finding.ruleCode === SCREENING_INCOMPLETE)
    .map(({ finding }) => String(finding.because['question']));

function findingView(finding: Finding, kept: KeptFinding | null): FindingView {
  const { decision, reason, decidedBy, decidedAt } = kept ?? {};
  const decided =
    decision && decidedBy && decidedAt ? { decision, reason: reason ?? null, decidedBy, decidedAt } : null;
  return {
    ...finding,
    key: findingKey(finding),
    sources: [...finding.sources],
    because: finding.because,
    decision: decided,
  };
}
