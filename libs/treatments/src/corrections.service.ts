import { record } from '#audit';
import type { RequestActor } from '#identity';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { eventOf } from './charts.js';
import { afterStep } from './domain/treatment-status.js';
import { AmendmentUnderWay, TreatmentOfAnother, TreatmentStatusRefused } from './domain/treatments.errors.js';
import type { TreatmentView } from './http/treatment.view.js';
import { TreatmentEvents } from './treatment-events.port.js';
import { TreatmentsRepository } from './treatments.repository.js';
import { TreatmentsService } from './treatments.service.js';
import { ChartedVials } from './vials/charted-vials.js';

/** How a record is corrected: by adding to it, never by changing it. */
@Injectable()
export class CorrectionsService {
  constructor(
    private readonly drafts: TreatmentsService,
    private readonly treatments: TreatmentsRepository,
    private readonly patients: PatientsService,
    private readonly events: TreatmentEvents,
    private readonly vials: ChartedVials,
  ) {}

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
      return { treatmentId: draftId };
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
      await this.events.publish(tx, eventOf(row, 'withdrawn'));
    });
  }

  /** Throws away a draft, which never was part of the record. @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother */
  async discard(actor: RequestActor, id: string): Promise<void> {
    await this.drafts.discarding(actor, id, async (tx, draft) => {
      await this.vials.letGo(tx, draft);
      await this.treatments.discard(tx, id);
      await record(tx, { action: 'treatment.discard', entityId: id, patientId: draft.patientId });
    });
  }
}
