import type { Actor, Tx } from '#database';
import { calendarDate, newestDay } from '#kernel';
import { PatientsService } from '#patients';
import { AdverseEventNotFound, AdverseEvents } from '#treatments';
import { Injectable } from '@nestjs/common';

import { followUpAfter } from './domain/follow-up-status.js';
import { ReviewedInTheFuture } from './domain/follow-ups.errors.js';
import { assessOutcome, NON_RESPONSE_STEPS } from './domain/outcome.js';
import { FollowUpsRepository } from './follow-ups.repository.js';
import { FollowUpsService } from './follow-ups.service.js';
import type { CompleteFollowUp, FollowUpView } from './http/follow-up.dto.js';
import { PathwaysRepository } from './pathways/pathways.repository.js';

/** What came of a treatment, as seen at its review. */
@Injectable()
export class ReviewsService {
  constructor(
    private readonly service: FollowUpsService,
    private readonly followUps: FollowUpsRepository,
    private readonly pathways: PathwaysRepository,
    private readonly patients: PatientsService,
    private readonly adverseEvents: AdverseEvents,
  ) {}

  /**
   * Areas without response from the check day on open their pathway in the same transaction.
   * @throws FollowUpNotFound, StaleVersion, FollowUpTransitionNotAllowed, ReviewedBeforeTreatment, OutcomeAreasDiffer,
   *   ReviewedInTheFuture, AdverseEventNotFound
   */
  complete(
    actor: Actor,
    id: string,
    { reviewedOn: day, areas, adverseEventIds = [], ...given }: CompleteFollowUp,
    read: number | undefined,
  ): Promise<FollowUpView> {
    const { satisfaction, note } = { satisfaction: given.satisfaction ?? null, note: given.note ?? null };
    return this.service.changing(actor, id, 'complete', read, async (tx, followUp) => {
      followUpAfter(followUp.status, 'complete');
      const reviewedOn = calendarDate(day);
      // A follow-up knows no location.
      if (reviewedOn > newestDay(tx.now)) throw new ReviewedInTheFuture({ reviewedOn });
      const verdict = assessOutcome({ reviewedOn, areas, satisfaction, adverseEventIds }, followUp);
      await this.#assertOfPatient(tx, followUp.patientId, adverseEventIds);
      const outcome = {
        areas,
        satisfaction,
        note,
        adverseEventIds: [...new Set(adverseEventIds)],
        nonResponse: [...verdict.nonResponse],
        tooSoonToTell: [...verdict.tooSoonToTell],
        touchUps: [...verdict.touchUps],
        pathway: verdict.nonResponse.length > 0 ? [...NON_RESPONSE_STEPS] : [],
      };
      await this.followUps.complete(tx, id, outcome, reviewedOn);
      const { patientId, treatmentId, treatedOn } = followUp;
      const found = { followUpId: id, foundOn: reviewedOn, areas: verdict.nonResponse };
      await this.pathways.open(tx, { patientId, treatmentId, treatedOn, ...found });
    });
  }

  /** Another patient's event is as absent as one of another clinic. @throws AdverseEventNotFound */
  async #assertOfPatient(tx: Tx, patientId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const same = (await this.patients.unitedIds(tx, [patientId])).get(patientId) ?? [patientId];
    const found = await this.adverseEvents.find(tx, ids);
    const own = new Set(found.filter((event) => same.includes(event.patientId)).map((event) => event.id));
    if (ids.some((id) => !own.has(id.toLowerCase()))) throw new AdverseEventNotFound();
  }
}
