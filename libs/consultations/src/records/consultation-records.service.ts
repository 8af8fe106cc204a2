import { keepSigned, record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { Assessments } from '../assessments.js';
import { ConsultationsRepository, type ConsultationRow } from '../consultations.repository.js';
import { ConsultationsService } from '../consultations.service.js';
import {
  ConsultationNotConcluded,
  ConsultationNotFound,
  ConsultationOfAnother,
  ConsultationReasonMissing,
  ConsultationSigned,
  ConsultationStepRefused,
} from '../domain/consultations.errors.js';
import type { SignConsultation } from '../http/consultation.dto.js';
import type { ConsultationView } from '../http/consultation.view.js';
import { ConsultationRecordsRepository } from './consultation-records.repository.js';

const MEANING = 'I assessed this patient as recorded';

/** From a concluded consultation to a record, and how that is corrected: by adding to it, never by changing it. */
@Injectable()
export class ConsultationRecordsService {
  constructor(
    private readonly database: Database,
    private readonly charts: ConsultationsService,
    private readonly consultations: ConsultationsRepository,
    private readonly records: ConsultationRecordsRepository,
    private readonly assessments: Assessments,
    private readonly catalogue: CatalogueService,
  ) {}

  /**
   * Locks the consultation with everything in it; an amended version takes the place of the one it amends.
   * @throws ConsultationNotFound, ConsultationNotConcluded, ConsultationSigned, ConsultationStepRefused, ConsultationOfAnother, StaleVersion
   */
  sign(
    actor: RequestActor,
    id: string,
    { meaning = MEANING }: SignConsultation,
    read: number | undefined,
  ): Promise<ConsultationView> {
    return this.charts.changing(actor, id, read, 'consultation.sign', async (tx, consultation) => {
      if (consultation.status === 'open') throw new ConsultationNotConcluded();
      if (consultation.status === 'signed') throw new ConsultationSigned();
      if (consultation.status !== 'closed')
        throw new ConsultationStepRefused({ status: consultation.status });
      assertOwn(consultation, actor);
      await this.records.sign(tx, id, { staffId: actor.staffId, name: actor.displayName, meaning });
      const contentHash = keepSigned(tx, 'consultation', id, await this.records.content(tx, id));
      await this.records.lockContent(tx, id, contentHash);
      if (consultation.amendsId !== null) {
        const reason = consultation.amendReason ?? '';
        const isDone = await this.records.withdraw(tx, consultation.amendsId, 'amended', reason, id);
        if (!isDone) throw new ConsultationStepRefused({ consultationId: consultation.amendsId });
      }
      return { status: 'signed', contentHash };
    });
  }

  /**
   * An open version with the same content but its conclusion; signed, it replaces this one, which stays readable.
   * @throws ConsultationNotFound, ConsultationStepRefused, ConsultationOfAnother, ConsultationReasonMissing
   */
  amend(actor: RequestActor, id: string, reason: string): Promise<ConsultationView> {
    return this.#beside(actor, id, reason, 'consultation.amend', async (tx, consultation) => {
      assertOwn(consultation, actor);
      const amendedBy = await this.records.amendedBy(tx, id);
      if (consultation.status !== 'signed' || amendedBy !== null)
        throw new ConsultationStepRefused({
          status: consultation.status,
          allowedFrom: ['signed'],
          amendedBy,
        });
      const { release } = await this.catalogue.current(tx);
      return this.records.copy(tx, id, reason, release);
    });
  }

  /**
   * Takes it back: it stays readable, its answers count no more and its clearance holds no more. Any colleague may.
   * @throws ConsultationNotFound, ConsultationStepRefused, ConsultationReasonMissing
   */
  enterInError(actor: RequestActor, id: string, reason: string): Promise<ConsultationView> {
    return this.#beside(actor, id, reason, 'consultation.enter-in-error', async (tx, { status }) => {
      if (!(await this.records.withdraw(tx, id, 'entered-in-error', reason, null)))
        throw new ConsultationStepRefused({ status, allowedFrom: ['open', 'closed', 'signed'] });
      return id;
    });
  }

  /** A step that leaves the row as it is; answers the view of the consultation whose id the work returns. */
  #beside(
    actor: RequestActor,
    id: string,
    reason: string,
    action: `consultation.${string}`,
    work: (tx: Tx, consultation: ConsultationRow) => Promise<string>,
  ): Promise<ConsultationView> {
    return this.database.write(actor, async (tx) => {
      if ((await this.consultations.lock(tx, id)) === null) throw new ConsultationNotFound();
      if (reason.trim() === '') throw new ConsultationReasonMissing();
      const consultation = await this.assessments.require(tx, id);
      const shownId = await work(tx, consultation);
      await record(tx, { action, entityId: id, patientId: consultation.patientId, detail: { shownId } });
      return this.assessments.view(tx, shownId, actor.market);
    });
  }
}

/** @throws ConsultationOfAnother */
function assertOwn({ practitionerId, clearance }: ConsultationRow, { staffId }: RequestActor): void {
  if (![practitionerId, clearance?.prescriberId, clearance?.decidedBy].includes(staffId))
    throw new ConsultationOfAnother();
}
