import { record } from '#audit';
import { Database, type Actor, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { isCalendarDate, isId } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { type FollowUpAction, followUpAfter } from './domain/follow-up-status.js';
import { FollowUpNotFound } from './domain/follow-ups.errors.js';
import { FollowUpEvents, type FollowUpEvent } from './follow-up-events.port.js';
import { FollowUpsRepository, type LockedFollowUp } from './follow-ups.repository.js';
import { ListedPatients } from './listed-patients.js';
import type {
  FindFollowUps,
  FollowUpPage,
  FollowUpsOfPatient,
  FollowUpView,
  WaiveFollowUp,
} from './http/follow-up.dto.js';

/** What somebody above is told after a verb. */
const AFTER: Partial<Record<FollowUpAction, FollowUpEvent['what']>> = {
  complete: 'completed',
  waive: 'waived',
};

/** Reviews and non-response checks of treatments. */
@Injectable()
export class FollowUpsService {
  constructor(
    private readonly database: Database,
    private readonly followUps: FollowUpsRepository,
    private readonly patients: PatientsService,
    private readonly listed: ListedPatients,
    private readonly events: FollowUpEvents,
  ) {}

  find(actor: Actor, query: FindFollowUps): Promise<FollowUpPage> {
    const cursor = readCursor(query.after, [isCalendarDate, isId]);
    return this.database.read(actor, async (tx) => {
      const { patientId } = query;
      if (patientId !== undefined) await record(tx, { action: 'follow-up.list', entityId: null, patientId });
      const rows = await this.followUps.list(tx, query, cursor);
      const { items, next } = pageOf(rows, query.limit, ({ dueFrom, id }) => [dueFrom, id]);
      return { items: await this.listed.with(tx, items), next };
    });
  }

  /** @throws PatientNotFound */
  ofPatient(actor: Actor, patientId: string): Promise<FollowUpsOfPatient> {
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      await record(tx, { action: 'follow-up.list', entityId: null, patientId });
      return { items: await this.followUps.ofPatient(tx, patientId) };
    });
  }

  /** @throws FollowUpNotFound, StaleVersion, FollowUpTransitionNotAllowed, FollowUpReasonMissing */
  waive(
    actor: Actor,
    id: string,
    { reason }: WaiveFollowUp,
    read: number | undefined,
  ): Promise<FollowUpView> {
    return this.changing(actor, id, 'waive', read, async (tx, { status }) => {
      followUpAfter(status, 'waive', reason);
      await this.followUps.waive(tx, [id], reason.trim());
    });
  }

  /** One change of a follow-up, locked. For the services beside this one. @throws FollowUpNotFound, StaleVersion */
  changing(
    actor: Actor,
    id: string,
    verb: FollowUpAction,
    read: number | undefined,
    work: (tx: Tx, followUp: LockedFollowUp) => Promise<void>,
  ): Promise<FollowUpView> {
    return this.database.write(actor, async (tx) => {
      const present = await this.followUps.lock(tx, id);
      if (!present) throw new FollowUpNotFound();
      assertFresh(present.version, read);
      await work(tx, present);
      await record(tx, { action: `follow-up.${verb}`, entityId: id, patientId: present.patientId });
      const what = AFTER[verb];
      const { patientId } = present;
      if (what !== undefined) await this.events.publish(tx, [{ what, followUpId: id, patientId }]);
      const after = await this.followUps.lock(tx, id);
      if (!after) throw new FollowUpNotFound();
      const { nonResponseDay: _, ...view } = after;
      return view;
    });
  }
}
