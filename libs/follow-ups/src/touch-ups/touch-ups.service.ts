import { record } from '#audit';
import { Database, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { calendarDate, dateIn } from '#kernel';
import { AppointmentsService } from '#scheduling';
import {
  TouchUpCompletesNothing,
  TouchUpNeedsPrescriber,
  TreatmentHistory,
  TreatmentsService,
  type TreatmentView,
} from '#treatments';
import { Injectable } from '@nestjs/common';

import {
  FollowUpNotFound,
  TouchUpApproved,
  TouchUpBegun,
  TouchUpNotAdvised,
  TouchUpNotApproved,
} from '../domain/follow-ups.errors.js';
import { FollowUpsRepository, type LockedFollowUp } from '../follow-ups.repository.js';
import type { ApproveTouchUp, BeginTouchUp, TouchUpView } from './http/touch-up.dto.js';
import { TouchUpDays } from './touch-up-days.js';
import { TouchUpsRepository } from './touch-ups.repository.js';

/** From the advice of a review to the draft of a touch-up. */
@Injectable()
export class TouchUpsService {
  constructor(
    private readonly database: Database,
    private readonly followUps: FollowUpsRepository,
    private readonly touchUps: TouchUpsRepository,
    private readonly days: TouchUpDays,
    private readonly treatments: TreatmentsService,
    private readonly appointments: AppointmentsService,
    private readonly history: TreatmentHistory,
  ) {}

  /**
   * A prescriber's leave, for areas the review advised it in and a day of the protocol.
   * @throws FollowUpNotFound, TouchUpNotAdvised, TouchUpApproved, TouchUpsSwitchedOff, TouchUpTooEarly, TouchUpTooLate,
   *   TouchUpNeedsPrescriber, TouchUpCompletesNothing
   */
  approve(
    actor: RequestActor,
    followUpId: string,
    { areas, plannedOn, note }: ApproveTouchUp,
  ): Promise<TouchUpView> {
    return this.database.write(actor, async (tx) => {
      const followUp = await this.#lock(tx, followUpId);
      const advised = followUp.outcome?.touchUps ?? [];
      const unadvised = areas.filter((area) => !advised.includes(area));
      if (unadvised.length > 0) throw new TouchUpNotAdvised({ areas: unadvised, advised });
      const day = calendarDate(plannedOn);
      const ruleId = await this.days.ruleOn(tx, followUp, day);
      if (!actor.isPrescriber) throw new TouchUpNeedsPrescriber();
      const { patientId } = followUp;
      const isKept = await this.touchUps.approve(tx, {
        followUpId,
        patientId,
        treatmentId: await this.#toComplete(tx, followUp),
        areas,
        plannedOn: day,
        ruleId,
        note: note ?? null,
        approvedBy: actor.staffId,
      });
      if (!isKept) throw new TouchUpApproved();
      await record(tx, { action: 'touch-up.approve', entityId: followUpId, patientId, detail: { areas } });
      return this.#view(tx, followUpId);
    });
  }

  /**
   * The draft, today at the location, by the practitioner who asks; the day is judged again.
   * @throws FollowUpNotFound, TouchUpNotApproved, TouchUpBegun, LocationNotFound, TouchUpsSwitchedOff, TouchUpTooEarly,
   *   TouchUpTooLate, and what beginning a treatment throws
   */
  begin(actor: RequestActor, followUpId: string, begun: BeginTouchUp): Promise<TreatmentView> {
    return this.database.write(actor, async (tx) => {
      const followUp = await this.#lock(tx, followUpId);
      const approved = await this.touchUps.read(tx, followUpId);
      if (!approved) throw new TouchUpNotApproved();
      const { draftId: before, patientId } = approved;
      if (before !== null && (await this.history.isKept(tx, before)))
        throw new TouchUpBegun({ treatmentId: before });
      const today = dateIn(tx.now, (await this.appointments.locationOf(tx, begun.locationId)).zone);
      await this.days.ruleOn(tx, followUp, today);
      const draft = await this.treatments.beginIn(tx, actor, {
        ...begun,
        patientId,
        kind: 'touch-up',
        completesId: await this.#toComplete(tx, followUp),
      });
      await this.touchUps.begin(tx, followUpId, draft.id);
      const detail = { treatmentId: draft.id };
      await record(tx, { action: 'touch-up.begin', entityId: followUpId, patientId, detail });
      return draft;
    });
  }

  /** @throws TouchUpNotApproved */
  read(actor: RequestActor, followUpId: string): Promise<TouchUpView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.#view(tx, followUpId);
      await record(tx, { action: 'touch-up.read', entityId: followUpId, patientId: view.patientId });
      return view;
    });
  }

  /** The reviewed treatment in the version that counts now: a review stays with the one it was done of. @throws TouchUpCompletesNothing */
  async #toComplete(tx: Tx, { treatmentId }: LockedFollowUp): Promise<string> {
    const inForce = await this.history.versionInForce(tx, treatmentId);
    if (inForce === null) throw new TouchUpCompletesNothing({ completesId: treatmentId });
    return inForce;
  }

  async #lock(tx: Tx, id: string): Promise<LockedFollowUp> {
    const followUp = await this.followUps.lock(tx, id);
    if (!followUp) throw new FollowUpNotFound();
    return followUp;
  }

  async #view(tx: Tx, followUpId: string): Promise<TouchUpView> {
    const view = await this.touchUps.read(tx, followUpId);
    if (!view) throw new TouchUpNotApproved();
    return view;
  }
}
