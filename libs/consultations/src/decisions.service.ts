import { areaOf, CatalogueService } from '#catalogue';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { Assessments, assertUsable } from './assessments.js';
import { ConsultationsRepository } from './consultations.repository.js';
import { ConsultationsService } from './consultations.service.js';
import { assertDecidable, findingKey } from './domain/clearance.js';
import { ConsentTextsService } from './consents/consent-texts.service.js';
import { ConsentAreaMismatch, FindingNotFound } from './domain/consultations.errors.js';
import type { GiveConsent } from './consents/http/consent.dto.js';
import type { DecideFinding } from './http/consultation.dto.js';
import type { ConsultationView } from './http/consultation.view.js';

/** What people say to what was found and planned: prescribers decide, patients consent. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly charts: ConsultationsService,
    private readonly consultations: ConsultationsRepository,
    private readonly assessments: Assessments,
    private readonly catalogue: CatalogueService,
    private readonly texts: ConsentTextsService,
  ) {}

  /**
   * @throws ConsultationNotFound, ConsultationClosed, FindingNotFound, BlockedBySafetyRule, DecisionDoesNotFit,
   *   DecisionNeedsPrescriber, DecisionReasonMissing
   */
  decide(
    actor: RequestActor,
    id: string,
    key: string,
    { decision, reason = '' }: DecideFinding,
  ): Promise<ConsultationView> {
    return this.charts.changing(actor, id, undefined, 'consultation.decide', async (tx, consultation) => {
      assertUsable(consultation);
      const { findings, release } = await this.assessments.asItStands(tx, consultation, actor.market);
      const found = findings.find(({ finding }) => findingKey(finding) === key);
      if (!found) throw new FindingNotFound({ findings: findings.map(({ finding }) => findingKey(finding)) });
      assertDecidable(found.finding, decision, reason, actor.isPrescriber);
      const decided = { decision, reason: reason.trim() === '' ? null : reason };
      await this.consultations.keep(tx, id, found.finding, release, decided);
      return { finding: key, decision };
    });
  }

  /**
   * @throws ConsultationNotFound, ConsultationClosed, ConsultationSigned, ConsentAreaMismatch, ConsentTextMissing,
   *   ConsentTextUnknown, ConsentTextDiffers, UnknownArea
   */
  consent(actor: RequestActor, id: string, consent: GiveConsent): Promise<ConsultationView> {
    const { kind, area } = consent;
    return this.charts.changing(actor, id, undefined, 'consultation.consent', async (tx, consultation) => {
      if ((kind === 'off-label') !== (area !== undefined)) throw new ConsentAreaMismatch({ kind });
      assertUsable(consultation);
      if (area !== undefined) areaOf(await this.catalogue.current(tx), area);
      const consentId = await this.texts.give(tx, consultation, consent);
      return { consentId, kind };
    });
  }
}
