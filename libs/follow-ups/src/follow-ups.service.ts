import { record } from '#audit';
import { CatalogueService } from '#catalogue';
import { Database, type Actor, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import { ClinicsService } from '#identity';
import { isCalendarDate, isId } from '#kernel';
import { PatientsService } from '#patients';
import type { TreatmentEvent } from '#treatments';
import { Injectable } from '@nestjs/common';

import { type FollowUpAction, followUpAfter } from './domain/follow-up-status.js';
import { FollowUpNotFound } from './domain/follow-ups.errors.js';
import { planFollowUps } from './domain/planned-follow-ups.js';
import { replan } from './domain/replanned-follow-ups.js';
import { FollowUpEvents, type FollowUpEvent } from './follow-up-events.port.js';
import { FollowUpsRepository, type LockedFollowUp, type StoredFollowUp } from './follow-ups.repository.js';
import { ListedPatients } from './listed-patients.js';
import { PathwaysRepository } from './pathways/pathways.repository.js';
import type {
  FindFollowUps,
  FollowUpPage,
  FollowUpsOfPatient,
  FollowUpView,
  WaiveFollowUp,
} from './http/follow-up.dto.js';

const WITHDRAWN = 'The treatment was entered in error';
const AMENDED = 'The treatment was replaced by an amended version';

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
    private readonly catalogue: CatalogueService,
    private readonly clinics: ClinicsService,
    private readonly pathways: PathwaysRepository,
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

  /** What a treatment's signing, amendment or withdrawal means for its follow-ups, in the same transaction. */
  async answer(tx: Tx, event: TreatmentEvent): Promise<void> {
    const { treatmentId, replacesId, patientId, treatedOn, kind } = event;
    if (event.what === 'withdrawn') {
      await this.#retire(tx, treatmentId, patientId, WITHDRAWN);
      await this.pathways.withdraw(tx, treatmentId);
      return;
    }
    const replaced =
      replacesId === null
        ? []
        : [
            ...(await this.#retire(tx, replacesId, patientId, AMENDED)),
            ...(await this.followUps.settledOn(tx, { patientId, treatedOn, treatmentId: replacesId }, [
              AMENDED,
              WITHDRAWN,
            ])),
          ];
    if (replacesId !== null) await this.pathways.follow(tx, replacesId, treatmentId);
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
