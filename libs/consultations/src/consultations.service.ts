import { record } from '#audit';
import { areaOf, CatalogueService, productOf } from '#catalogue';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import type { RequestActor } from '#identity';
import { type CalendarDate, dateIn } from '#kernel';
import { PatientsService } from '#patients';
import { AppointmentsService } from '#scheduling';
import { Injectable } from '@nestjs/common';

import { assertOpen, Assessments, assertUsable } from './assessments.js';
import { ConsultationsRepository, type ConsultationRow } from './consultations.repository.js';
import {
  AppointmentOfAnother,
  ConsultationNotFound,
  PlanRepeatsItself,
} from './domain/consultations.errors.js';
import { assertAnswer, assertDated } from './domain/screening.js';
import { assertScores } from './domain/severity.js';
import type {
  GiveAnswer,
  GiveAnswers,
  MakePlan,
  PlannedArea,
  ScoreArea,
  ScoreSeverity,
} from './http/assessment.dto.js';
import type { BeginConsultation } from './http/consultation.dto.js';
import type { ConsultationView } from './http/consultation.view.js';

/** The assessment before a treatment: what is planned, what was asked, what the rules find. */
@Injectable()
export class ConsultationsService {
  constructor(
    private readonly database: Database,
    private readonly consultations: ConsultationsRepository,
    private readonly assessments: Assessments,
    private readonly patients: PatientsService,
    private readonly catalogue: CatalogueService,
    private readonly appointments: AppointmentsService,
  ) {}

  /**
   * @throws PatientNotFound, PatientLeftCare, LocationNotFound, AppointmentNotFound, AppointmentOfAnother, and what answering,
   *   planning and scoring throw
   */
  begin(actor: RequestActor, begun: BeginConsultation): Promise<ConsultationView> {
    return this.database.write(actor, async (tx) => {
      await this.patients.requireActive(tx, begun.patientId);
      const { zone } = await this.appointments.locationOf(tx, begun.locationId);
      const heldOn = dateIn(tx.now, zone);
      if (begun.appointmentId !== undefined) await this.#assertVisit(tx, begun.appointmentId, begun);
      const plan = begun.plan ?? [];
      await this.#assertPlan(tx, plan);
      const { release } = await this.catalogue.current(tx);
      const id = await this.consultations.add(tx, begun, heldOn, release);
      await this.consultations.plan(tx, id, plan);
      await this.#score(tx, id, begun.severity ?? []);
      await this.#answer(tx, { id, patientId: begun.patientId }, begun.answers ?? [], heldOn);
      await record(tx, { action: 'consultation.begin', entityId: id, patientId: begun.patientId });
      return this.assessments.view(tx, id, actor.market);
    });
  }

  /** @throws ConsultationNotFound */
  read(actor: RequestActor, id: string): Promise<ConsultationView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.assessments.view(tx, id, actor.market);
      await record(tx, { action: 'consultation.read', entityId: id, patientId: view.patientId });
      return view;
    });
  }

  /**
   * Keeps answers given today; earlier ones stay. Also after clearing, since some answers hold for their day only and
   * are asked again before each treatment. @throws ConsultationNotFound, ConsultationClosed, UnknownQuestion, NotAnAnswer,
   * AnsweredDateImpossible
   */
  answer(
    actor: RequestActor,
    id: string,
    { answers }: GiveAnswers,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.changing(actor, id, read, 'consultation.answer', async (tx, consultation) => {
      assertUsable(consultation);
      await this.#answer(tx, consultation, answers, dateIn(tx.now, consultation.zone));
      return { questions: answers.map(({ questionId }) => questionId) };
    });
  }

  /** @throws ConsultationNotFound, ConsultationClosed, UnknownProduct, UnknownArea, PlanRepeatsItself */
  plan(
    actor: RequestActor,
    id: string,
    { plan }: MakePlan,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.changing(actor, id, read, 'consultation.plan', async (tx, consultation) => {
      assertOpen(consultation);
      await this.#assertPlan(tx, plan);
      await this.consultations.plan(tx, id, plan);
      return { areas: plan.length };
    });
  }

  /** Replaces the whole list. @throws ConsultationNotFound, ConsultationClosed, ConsultationSigned, UnknownArea, and what scores may not be */
  score(
    actor: RequestActor,
    id: string,
    { severity }: ScoreSeverity,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.changing(actor, id, read, 'consultation.score', async (tx, consultation) => {
      assertUsable(consultation);
      await this.#score(tx, id, severity);
      return { areas: severity.length };
    });
  }

  /** One change of a consultation: locked, fresh, counted, audited. For the services beside this one. */
  changing(
    actor: RequestActor,
    id: string,
    read: number | undefined,
    action: `consultation.${string}`,
    work: (tx: Tx, consultation: ConsultationRow) => Promise<{ status?: string } & Record<string, unknown>>,
  ): Promise<ConsultationView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.consultations.lock(tx, id);
      if (present === null) throw new ConsultationNotFound();
      assertFresh(present, read);
      const consultation = await this.assessments.require(tx, id);
      const { status = consultation.status, ...detail } = await work(tx, consultation);
      await this.consultations.changed(tx, id, status);
      await record(tx, { action, entityId: id, patientId: consultation.patientId, detail });
      return this.assessments.view(tx, id, actor.market);
    });
  }

  async #answer(
    tx: Tx,
    consultation: { readonly id: string; readonly patientId: string },
    answers: readonly GiveAnswer[],
    today: CalendarDate,
  ): Promise<void> {
    if (answers.length === 0) return;
    const { birthDate } = await this.patients.require(tx, consultation.patientId);
    for (const answer of answers) {
      assertAnswer(answer);
      assertDated(answer, { birthDate, today });
    }
    for (const answer of answers) await this.consultations.answer(tx, consultation, answer, today);
  }

  async #score(tx: Tx, id: string, scores: readonly ScoreArea[]): Promise<void> {
    assertScores(scores);
    const catalogue = await this.catalogue.current(tx);
    for (const { area } of scores) areaOf(catalogue, area);
    await this.consultations.score(tx, id, scores);
  }

  async #assertVisit(
    tx: Tx,
    appointmentId: string,
    { patientId, locationId }: BeginConsultation,
  ): Promise<void> {
    const visit = await this.appointments.requireAppointment(tx, appointmentId);
    const isTheirs = await this.patients.isSamePerson(tx, visit.patientId, patientId);
    if (!isTheirs || visit.locationId !== locationId) {
      throw new AppointmentOfAnother({ appointmentId });
    }
  }

  async #assertPlan(tx: Tx, plan: readonly PlannedArea[]): Promise<void> {
    const catalogue = await this.catalogue.current(tx);
    const seen = new Set<string>();
    for (const { area, product } of plan) {
      areaOf(catalogue, area);
      productOf(catalogue, product);
      const key = `${product} ${area}`;
      if (seen.has(key)) throw new PlanRepeatsItself({ product, area });
      seen.add(key);
    }
  }
}
