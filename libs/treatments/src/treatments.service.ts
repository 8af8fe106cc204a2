import { record } from '#audit';
import { Database, sqlState, violatedConstraint, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { isCalendarDate, isId } from '#kernel';
import { PatientsService } from '#patients';
import { Injectable } from '@nestjs/common';

import { BeginningRules } from './beginning-rules.js';
import { Charts, type Guarded } from './charts.js';
import { FillAmbiguous } from './domain/drafts.errors.js';
import {
  TreatmentNotFound,
  TreatmentOfAnother,
  TreatmentSigned,
  VisitTreatedAlready,
} from './domain/treatments.errors.js';
import type { ChartInjections } from './http/injection.dto.js';
import type { BeginTreatment, ListTreatments } from './http/treatment.dto.js';
import type { TreatmentPage, TreatmentView } from './http/treatment.view.js';
import { Filling } from './drafts/filling.js';
import { type TreatmentRow } from './treatment-rows.queries.js';
import { TreatmentsRepository } from './treatments.repository.js';
import { vialRefusal } from './vials/vial-refusals.js';

/** What a change leaves for the answer. */
export interface Changed {
  /** The treatment to show, where it is another. */
  readonly treatmentId?: string;
  /** What the dose guard said of it, after the last change. */
  readonly guarded?: Guarded;
}

/** Charting what is injected, until it is signed. */
@Injectable()
export class TreatmentsService {
  constructor(
    private readonly database: Database,
    private readonly treatments: TreatmentsRepository,
    private readonly charts: Charts,
    private readonly patients: PatientsService,
    private readonly rules: BeginningRules,
    private readonly filling: Filling,
  ) {}

  /**
   * A draft for today at the location, by the person who asks.
   * @throws PatientNotFound, PatientLeftCare, LocationNotFound, AppointmentNotFound, PatientNotHere, AppointmentOfAnother,
   *   ClearanceNotFound, NotCleared, ClearanceExpired, CoolingOff, StaffNotFound, TouchUpCompletesNothing, a touch-up on a wrong
   *   day, and what filling and charting throw
   */
  begin(actor: RequestActor, begun: BeginTreatment): Promise<TreatmentView> {
    return this.#write(actor, (tx) => this.beginIn(tx, actor, begun));
  }

  /** The same in the transaction of a context above, which answers for what led to it. */
  async beginIn(tx: Tx, actor: RequestActor, begun: BeginTreatment): Promise<TreatmentView> {
    const { patientId, fill, record: details } = begun;
    const treatedOn = await this.rules.assertMayBegin(tx, actor, begun);
    if (fill !== undefined && begun.injections !== undefined) throw new FillAmbiguous();
    const injections = fill ? await this.filling.points(tx, patientId, fill) : (begun.injections ?? []);
    const { locationId, kind } = begun;
    const draft = { id: null, patientId, locationId, amendsId: null, injections: [], treatedOn, kind };
    await this.rules.assertRested(tx, draft, injections);
    const prepared = await this.charts.prepare(tx, draft, injections, actor.market);
    const id = await this.treatments.add(tx, begun, treatedOn);
    await this.treatments.chart(tx, id, prepared);
    if (details !== undefined) await this.treatments.keepRecord(tx, id, begun.note, details);
    await record(tx, { action: 'treatment.begin', entityId: id, patientId });
    return this.charts.view(tx, id, actor.market);
  }

  /** @throws TreatmentNotFound */
  read(actor: RequestActor, id: string): Promise<TreatmentView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.charts.view(tx, id, actor.market);
      await record(tx, { action: 'treatment.read', entityId: id, patientId: view.patientId });
      return view;
    });
  }

  /** A patient's treatments, newest first. @throws PatientNotFound */
  list(actor: RequestActor, patientId: string, { limit, after }: ListTreatments): Promise<TreatmentPage> {
    const cursor = readCursor(after, [isCalendarDate, isId]);
    return this.database.read(actor, async (tx) => {
      await this.patients.require(tx, patientId);
      const rows = await this.treatments.list(tx, patientId, cursor, limit);
      const { items, next } = pageOf(rows, limit, ({ treatedOn, id }) => [treatedOn, id]);
      await record(tx, { action: 'treatment.list', entityId: null, patientId });
      return { items, next };
    });
  }

  /** Replaces the whole list. @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother, StaleVersion, and what prepare throws */
  chart(
    actor: RequestActor,
    id: string,
    { injections }: ChartInjections,
    read: number | undefined,
  ): Promise<TreatmentView> {
    return this.changingDraft(actor, id, async (tx, draft) => {
      assertFresh(draft.version, read);
      await this.rules.assertRested(tx, draft, injections);
      const guarded = await this.charts.keep(tx, draft, injections, actor.market);
      await record(tx, { action: 'treatment.chart', entityId: id, patientId: draft.patientId });
      return { guarded };
    });
  }

  /** One change of a draft, locked; `ownOnly` false lets others than its practitioner in. For the services beside this one. */
  changingDraft(
    actor: RequestActor,
    id: string,
    work: (tx: Tx, draft: TreatmentRow) => Promise<Changed | void>,
    ownOnly = true,
  ): Promise<TreatmentView> {
    return this.changing(actor, id, async (tx, row) => {
      assertOwnDraft(row, actor, ownOnly);
      return work(tx, row);
    });
  }

  /** The end of one's own draft, locked. @throws TreatmentNotFound, TreatmentSigned, TreatmentOfAnother */
  discarding(
    actor: RequestActor,
    id: string,
    work: (tx: Tx, draft: TreatmentRow) => Promise<void>,
  ): Promise<void> {
    return this.#write(actor, async (tx) => {
      const row = await this.#lock(tx, id);
      assertOwnDraft(row, actor, true);
      await work(tx, row);
    });
  }

  /** One change of a treatment, locked; answers the view of the treatment the work names, or of this one. */
  changing(
    actor: RequestActor,
    id: string,
    work: (tx: Tx, row: TreatmentRow) => Promise<Changed | void>,
  ): Promise<TreatmentView> {
    return this.#write(actor, async (tx) => {
      const changed = (await work(tx, await this.#lock(tx, id))) ?? {};
      return this.charts.view(tx, changed.treatmentId ?? id, actor.market, changed.guarded);
    });
  }

  async #lock(tx: Tx, id: string): Promise<TreatmentRow> {
    const row = await this.treatments.lock(tx, id);
    if (!row) throw new TreatmentNotFound();
    return row;
  }

  /** The database's last word on signed rows and visits, in the words of a refusal. */
  async #write<T>(actor: RequestActor, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.database.write(actor, work);
    } catch (error) {
      const broken = `${sqlState(error)} ${violatedConstraint(error)}`;
      if (broken === '23001 treatment_signed_locked') throw new TreatmentSigned();
      throw broken === '23505 treatment_once_a_visit' ? new VisitTreatedAlready() : vialRefusal(error);
    }
  }
}

function assertOwnDraft(
  { status, practitionerId }: TreatmentRow,
  { staffId }: RequestActor,
  ownOnly: boolean,
): void {
  if (status !== 'draft') throw new TreatmentSigned({ status });
  if (ownOnly && practitionerId !== staffId) throw new TreatmentOfAnother();
}
