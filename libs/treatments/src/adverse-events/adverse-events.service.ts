import { record } from '#audit';
import { CatalogueService, marketOf, productOf, type Catalogue } from '#catalogue';
import { Database, type Tx } from '#database';
import { assertFresh, pageOf, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { dateIn, isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { TreatmentNotFound } from '../domain/treatments.errors.js';
import { ClinicalTasksRepository } from '../tasks/clinical-tasks.repository.js';
import { contentOf, describedIn, keptOf, pointsOf } from './adverse-event-content.js';
import { AdverseEventsPort } from './adverse-events.port.js';
import {
  AdverseEventsRepository,
  type AdverseEventContent,
  type AdverseEventRow,
} from './adverse-events.repository.js';
import { adverseEventAfter, type AdverseEventStep } from './domain/adverse-event-status.js';
import { termOf } from './domain/adverse-event.js';
import { AdverseEventNotFound, AdverseEventOfDraft } from './domain/adverse-events.errors.js';
import { tasksOf } from './domain/reporting.js';
import type {
  DescribeAdverseEvent,
  FindAdverseEvents,
  RecordAdverseEvent,
  ResolveAdverseEvent,
} from './http/adverse-event.dto.js';
import type { AdverseEventPage, AdverseEventTerms, AdverseEventView } from './http/adverse-event.view.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What went wrong after a treatment, and what has to be done about it. */
@Injectable()
export class AdverseEventsService {
  constructor(
    private readonly database: Database,
    private readonly events: AdverseEventsRepository,
    private readonly tasks: ClinicalTasksRepository,
    private readonly catalogue: CatalogueService,
    private readonly port: AdverseEventsPort,
  ) {}

  /** The catalogue's list, as it is in force. */
  terms(actor: RequestActor): Promise<AdverseEventTerms> {
    return this.database.read(actor, async (tx) => {
      const { version, adverseEvents } = await this.catalogue.current(tx);
      const items = adverseEvents.map(({ term, onsetDays: typicalDays, severityFlag, areas, review }) => {
        return { term, typicalDays, severityFlag, areas: [...areas], review };
      });
      return { version, items };
    });
  }

  /**
   * @throws TreatmentNotFound, AdverseEventOfDraft, InjectionNotOfTreatment, AdverseEventUnnamed, AdverseEventTermUnknown,
   *   OnsetBeforeTreatment, OnsetInFuture, ResolvedBeforeOnset
   */
  record(actor: RequestActor, { treatmentId, ...recorded }: RecordAdverseEvent): Promise<AdverseEventView> {
    return this.database.write(actor, async (tx) => {
      const treated = await this.events.treated(tx, treatmentId);
      if (!treated) throw new TreatmentNotFound();
      if (treated.isDraft) throw new AdverseEventOfDraft();
      const catalogue = await this.catalogue.current(tx);
      const points = pointsOf(treated.points, recorded, catalogue);
      const content = contentOf(
        catalogue,
        dateIn(tx.now, treated.zone),
        recorded,
        treated,
        points,
        recorded.resolvedOn,
      );
      const of = { patientId: treated.patientId, treatmentId };
      const injectionIds = points.map(({ id }) => id);
      const id = await this.events.add(tx, of, content, injectionIds);
      await record(tx, { action: 'adverse-event.record', entityId: id, patientId: treated.patientId });
      const row = await this.#row(tx, id);
      await this.#followUp(tx, actor, row, catalogue);
      await this.#publish(tx, row, content.status === 'active' ? 'opened' : 'resolved');
      return this.#view(tx, id);
    });
  }

  /** @throws AdverseEventNotFound */
  read(actor: RequestActor, id: string): Promise<AdverseEventView> {
    return this.database.read(actor, async (tx) => {
      const view = await this.#view(tx, id);
      await record(tx, { action: 'adverse-event.read', entityId: id, patientId: view.patientId });
      return view;
    });
  }

  /** Newest first. */
  list(actor: RequestActor, { limit, after, ...wanted }: FindAdverseEvents): Promise<AdverseEventPage> {
    const [before] = readCursor(after, [isId]) ?? [LAST_ID];
    return this.database.read(actor, async (tx) => {
      const rows = await this.events.list(tx, wanted, String(before), limit);
      const { items, next } = pageOf(rows, limit, ({ id }) => [id]);
      await record(tx, {
        action: 'adverse-event.list',
        entityId: null,
        patientId: wanted.patientId ?? null,
      });
      return { items, next };
    });
  }

  /** @throws AdverseEventNotFound, AdverseEventStatusRefused, StaleVersion, and what recording throws of its content */
  change(
    actor: RequestActor,
    id: string,
    described: DescribeAdverseEvent,
    read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.#changing(actor, id, read, 'change', null, (row, catalogue, tx) =>
      contentOf(catalogue, dateIn(tx.now, row.zone), described, row, row.injections),
    );
  }

  /** @throws AdverseEventNotFound, AdverseEventStatusRefused, StaleVersion, OnsetInFuture, ResolvedBeforeOnset */
  resolve(
    actor: RequestActor,
    id: string,
    { outcome, resolvedOn }: ResolveAdverseEvent,
    read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.#changing(actor, id, read, 'resolve', null, (row, catalogue, tx) =>
      contentOf(
        catalogue,
        dateIn(tx.now, row.zone),
        { ...describedIn(row), outcome },
        row,
        row.injections,
        resolvedOn,
      ),
    );
  }

  /**
   * Opens it again, or takes it back for good; either needs a reason.
   * @throws AdverseEventNotFound, AdverseEventStatusRefused, StaleVersion
   */
  correct(
    actor: RequestActor,
    id: string,
    step: 'reopen' | 'enter-in-error',
    reason: string,
    read: number | undefined,
  ): Promise<AdverseEventView> {
    return this.#changing(actor, id, read, step, reason, (row) =>
      step === 'reopen' ? { ...keptOf(row), outcome: 'unknown', resolvedOn: null } : keptOf(row),
    );
  }

  #changing(
    actor: RequestActor,
    id: string,
    read: number | undefined,
    step: AdverseEventStep,
    reason: string | null,
    contentAfter: (row: AdverseEventRow, catalogue: Catalogue, tx: Tx) => AdverseEventContent,
  ): Promise<AdverseEventView> {
    return this.database.write(actor, async (tx) => {
      const row = await this.events.lock(tx, id);
      if (!row) throw new AdverseEventNotFound();
      assertFresh(row.version, read);
      const status = adverseEventAfter(row.status, step);
      const catalogue = await this.catalogue.current(tx);
      await this.events.change(tx, row, step, { ...contentAfter(row, catalogue, tx), status }, reason);
      await record(tx, { action: `adverse-event.${step}`, entityId: id, patientId: row.patientId });
      const changed = await this.#row(tx, id);
      await this.#followUp(tx, actor, changed, catalogue);
      await this.#publish(tx, changed, WHAT[step]);
      return this.#view(tx, id);
    });
  }

  /** Tasks that are due by what is known now; open ones that no longer are, are cancelled. */
  async #followUp(tx: Tx, actor: RequestActor, row: AdverseEventRow, catalogue: Catalogue): Promise<void> {
    const products = [...new Set(row.injections.map(({ product }) => product))];
    const due =
      row.status === 'entered-in-error'
        ? []
        : tasksOf({
            market: marketOf(actor.market),
            listed: row.term === null ? null : termOf(catalogue, row.term),
            serious: row.serious,
            seriousness: row.seriousness,
            outcome: row.outcome,
            products: products.map((id) => productOf(catalogue, id)),
            on: dateIn(row.recordedAt, row.zone),
          });
    await this.tasks.keep(tx, row, due);
  }

  async #publish(
    tx: Tx,
    { id: adverseEventId, patientId, treatmentId, serious }: AdverseEventRow,
    what: (typeof WHAT)[AdverseEventStep],
  ): Promise<void> {
    await this.port.publish(tx, { what, adverseEventId, patientId, treatmentId, serious });
  }

  async #row(tx: Tx, id: string): Promise<AdverseEventRow> {
    const row = await this.events.read(tx, id);
    if (!row) throw new AdverseEventNotFound();
    return row;
  }

  async #view(tx: Tx, id: string): Promise<AdverseEventView> {
    const { zone: _, ...view } = await this.#row(tx, id);
    return view;
  }
}

const WHAT = {
  change: 'changed',
  resolve: 'resolved',
  reopen: 'opened',
  'enter-in-error': 'withdrawn',
} as const;
