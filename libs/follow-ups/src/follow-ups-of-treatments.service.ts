import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import type { Tx } from '#database';
import { ClinicsService } from '#identity';
import { type TreatmentEvent, TreatmentHistory } from '#treatments';
import { Injectable } from '@nestjs/common';

import { planFollowUps } from './domain/planned-follow-ups.js';
import { replan } from './domain/replanned-follow-ups.js';
import { FollowUpEvents } from './follow-up-events.port.js';
import { FollowUpsRepository, type StoredFollowUp } from './follow-ups.repository.js';
import { PathwaysRepository } from './pathways/pathways.repository.js';

const WITHDRAWN = 'The treatment was entered in error';
const AMENDED = 'The treatment was replaced by an amended version';

/** What becomes of follow-ups and pathways when their treatment is signed, amended or taken back. */
@Injectable()
export class FollowUpsOfTreatments {
  constructor(
    private readonly followUps: FollowUpsRepository,
    private readonly pathways: PathwaysRepository,
    private readonly history: TreatmentHistory,
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
    private readonly events: FollowUpEvents,
  ) {}

  /** In the transaction that signs, amends or withdraws. */
  async answer(tx: Tx, event: TreatmentEvent): Promise<void> {
    const { treatmentId, replacesId, patientId, treatedOn, kind } = event;
    if (event.what === 'withdrawn') {
      await this.#retire(tx, treatmentId, patientId, WITHDRAWN);
      await this.pathways.withdraw(tx, treatmentId);
      return;
    }
    const replaced = replacesId === null ? [] : await this.#replace(tx, replacesId, event);
    const { market } = await this.clinics.settings(tx);
    const protocol = await this.catalogue.protocolOf(tx, market);
    const treated = event.doses.map((dose) => ({ ...dose, kind }));
    const planned = planFollowUps(treatedOn, treated, (product, area) => protocol.figures(product, area));
    const plans = replan(planned, replaced);
    if (plans.length === 0) return;
    // Where products differ, the latest day decides: before it nobody can say that nothing happened.
    const days = treated.map(({ product, area }) => protocol.figures(product, area).nonResponse.day);
    const ids = await this.followUps.plan(
      tx,
      { patientId, treatmentId, treatedOn },
      Math.max(...days),
      plans,
    );
    await record(tx, { action: 'follow-up.plan', entityId: treatmentId, patientId });
    await this.events.publish(
      tx,
      ids.map((followUpId) => ({ what: 'planned', followUpId, patientId })),
    );
  }

  /** Follow-ups of the version replaced as they were, and what was settled under those before it. */
  async #replace(tx: Tx, replacesId: string, event: TreatmentEvent): Promise<StoredFollowUp[]> {
    const { treatmentId, patientId, doses } = event;
    const present = await this.#retire(tx, replacesId, patientId, AMENDED);
    const areas = doses.map(({ area }) => area);
    await this.pathways.follow(tx, replacesId, treatmentId, areas);
    // In an area the amended version did not treat there is nothing to look into.
    await this.pathways.withdraw(tx, replacesId);
    const earlier = await this.history.earlierVersions(tx, replacesId);
    return [...present, ...(await this.followUps.settledOf(tx, earlier, AMENDED))];
  }

  /** Waives what is still open of a treatment that no longer counts; returns all of them as they were. */
  async #retire(tx: Tx, treatmentId: string, patientId: string, reason: string): Promise<StoredFollowUp[]> {
    const present = await this.followUps.lockOfTreatment(tx, treatmentId);
    const open = present.filter(({ status }) => status !== 'completed' && status !== 'waived');
    if (open.length > 0) {
      await this.followUps.waive(
        tx,
        open.map(({ id }) => id),
        reason,
      );
      await record(tx, { action: 'follow-up.retire', entityId: treatmentId, patientId });
      await this.events.publish(
        tx,
        open.map(({ id }) => ({ what: 'waived', followUpId: id, patientId })),
      );
    }
    return present;
  }
}
