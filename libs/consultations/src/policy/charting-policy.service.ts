import { record } from '#audit';
import { marketOf } from '#catalogue';
import { Database, type Tx } from '#database';
import { assertFresh, StaleVersion } from '#http';
import { ClinicsService, type RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { QuestionnaireNotFound } from '../domain/consultations.errors.js';
import { SCREENING_EDITIONS, SCREENING_VERSION } from '../domain/screening.js';
import { SEVERITY_SCALES } from '../domain/severity.js';
import type { FindQuestionnaire } from '../http/assessment.dto.js';
import type { QuestionnaireView } from '../http/consultation.view.js';
import { ChartingPolicyRepository } from './charting-policy.repository.js';
import { assertPolicy, MARKET_POLICIES, type ChartingPolicy } from './domain/charting-policy.js';
import type { ChartingPolicyView, SetChartingPolicy } from './http/charting-policy.dto.js';

/** What a clinic asks beyond its market before treating. */
@Injectable()
export class ChartingPolicyService {
  constructor(
    private readonly database: Database,
    private readonly policies: ChartingPolicyRepository,
    private readonly clinics: ClinicsService,
  ) {}

  /** An edition with the shelf lives of this clinic. @throws QuestionnaireNotFound */
  questionnaire(
    actor: RequestActor,
    { version = SCREENING_VERSION }: FindQuestionnaire,
  ): Promise<QuestionnaireView> {
    return this.database.read(actor, async (tx) => {
      const edition = SCREENING_EDITIONS.find((one) => one.version === version);
      if (!edition)
        throw new QuestionnaireNotFound({ versions: SCREENING_EDITIONS.map((one) => one.version) });
      const { shelfLives } = await this.inForce(tx);
      const questions = edition.questions.map(({ id, text, kind, answers, shelfLifeDays, ruleCode }) => ({
        id,
        text,
        kind,
        answers: [...answers],
        shelfLifeDays: shelfLives[id] ?? shelfLifeDays,
        ruleCode,
      }));
      const scales = SEVERITY_SCALES.map((scale) => ({ ...scale, grades: [...scale.grades] }));
      return { version, questions, scales };
    });
  }

  read(actor: RequestActor): Promise<ChartingPolicyView> {
    return this.database.read(actor, (tx) => this.#view(tx, actor.market));
  }

  /** Replaces the clinic's policy; what is left out is as the market has it. @throws UnknownQuestion, PolicyBelowMarket, StaleVersion */
  set(actor: RequestActor, wanted: SetChartingPolicy, read: number | undefined): Promise<ChartingPolicyView> {
    const market = marketOf(actor.market);
    const { shelfLives, reason, ...own } = wanted;
    const policy: ChartingPolicy = {
      ...MARKET_POLICIES[market],
      ...own,
      shelfLives: Object.fromEntries((shelfLives ?? []).map(({ questionId, days }) => [questionId, days])),
    };
    return this.database.write(actor, async (tx) => {
      const present = (await this.policies.newest(tx))?.version ?? 0;
      assertFresh(present, read);
      assertPolicy(policy, market);
      if (!(await this.policies.keep(tx, present + 1, policy, reason)))
        throw new StaleVersion({ present: present + 1, read: present });
      await record(tx, {
        action: 'charting-policy.set',
        entityId: null,
        patientId: null,
        detail: { version: present + 1 },
      });
      return this.#view(tx, actor.market);
    });
  }

  /** For this context and those above, inside their transaction: what is in force today. */
  async inForce(tx: Tx): Promise<ChartingPolicy> {
    const kept = await this.policies.newest(tx);
    if (kept) return kept.policy;
    return MARKET_POLICIES[marketOf((await this.clinics.settings(tx)).market)];
  }

  async #view(tx: Tx, market: string): Promise<ChartingPolicyView> {
    const kept = await this.policies.newest(tx);
    const policy = kept?.policy ?? MARKET_POLICIES[marketOf(market)];
    const shelfLives = Object.entries(policy.shelfLives).map(([questionId, days]) => ({ questionId, days }));
    return {
      ...policy,
      shelfLives,
      version: kept?.version ?? 0,
      reason: kept?.reason ?? null,
      authorId: kept?.authorId ?? null,
    };
  }
}
