import { record } from '#audit';
import { Database, type Tx } from '#database';
import { pageOf, type PageQuery, readCursor } from '#http';
import { ClinicsService, type RequestActor } from '#identity';
import { Jobs } from '#jobs';
import { isId, isInstant } from '#kernel';
import { Injectable } from '@nestjs/common';

import { RecomputeNotFound } from '../domain/repeat-visits.errors.js';
import { FiguresInForce } from '../figures-in-force.js';
import type { PersonalIntervalSetting, RecomputePage, RecomputeView } from './http/recompute.dto.js';
import { RECOMPUTE_QUEUE } from './recompute.job.js';
import { type Recompute, type RecomputeCause, RecomputesRepository } from './recomputes.repository.js';

/** Bulk recomputes: asked for in the transaction that makes one needed, done in the background, read while they run. */
@Injectable()
export class RecomputesService {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly recomputes: RecomputesRepository,
    private readonly inForce: FiguresInForce,
    private readonly clinics: ClinicsService,
  ) {}

  ask(actor: RequestActor): Promise<RecomputeView> {
    return this.database.write(actor, (tx) => this.request(tx, 'asked'));
  }

  /** @throws RecomputeNotFound */
  read(actor: RequestActor, id: string): Promise<RecomputeView> {
    return this.database.read(actor, async (tx) => {
      const found = await this.recomputes.one(tx, id);
      if (!found) throw new RecomputeNotFound();
      return viewOf(found);
    });
  }

  list(actor: RequestActor, { limit, after }: PageQuery): Promise<RecomputePage> {
    const key = readCursor(after, [isInstant, isId]);
    return this.database.read(actor, async (tx) => {
      const place = key && { requestedAt: String(key[0]), id: String(key[1]) };
      const rows = await this.recomputes.list(tx, place, limit + 1);
      const { items, next } = pageOf(rows, limit, ({ requestedAt, id }) => [requestedAt.toISOString(), id]);
      return { items: items.map(viewOf), next };
    });
  }

  /** The clinic's switch: whether windows learn from the patient's own intervals. A change recomputes all. */
  switchPersonal(actor: RequestActor, enabled: boolean): Promise<PersonalIntervalSetting> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.clinics.switchPersonalIntervals(tx, enabled))) return { enabled, recompute: null };
      await record(tx, {
        action: 'clinic.switch-personal-interval',
        entityId: tx.clinicId,
        patientId: null,
        detail: { enabled },
      });
      return { enabled, recompute: await this.request(tx, 'personal-interval') };
    });
  }

  /** For whoever changes what windows are computed from, inside their transaction. */
  async request(tx: Tx, cause: RecomputeCause): Promise<RecomputeView> {
    const asked = await this.recomputes.request(tx, cause);
    await this.#enqueue(tx, asked.id);
    await record(tx, {
      action: 'repeat-visit-window.recompute',
      entityId: asked.id,
      patientId: null,
      detail: { cause },
    });
    return viewOf(asked);
  }

  /** Every night: figures that came into force by their date are followed; a recompute that no worker finished goes on. */
  async followFigures(tx: Tx): Promise<void> {
    const newest = await this.recomputes.newest(tx);
    if (newest && newest.status !== 'done') return this.#enqueue(tx, newest.id);
    const { basis } = await this.inForce.of(tx);
    if (newest?.basis !== basis) await this.request(tx, 'nightly');
  }

  #enqueue(tx: Tx, recomputeId: string): Promise<void> {
    const data = { clinicId: tx.clinicId, recomputeId };
    return this.jobs.enqueue(tx, RECOMPUTE_QUEUE, data, { singletonKey: recomputeId });
  }
}

const viewOf = ({ epoch: _, ...view }: Recompute): RecomputeView => view;
