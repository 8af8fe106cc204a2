import { Database, DatabaseBusy, type Tx } from '#database';
import type { RequestActor } from '#identity';
import { Injectable } from '@nestjs/common';

import { TakingTime } from '../taking-time/taking-time.js';
import { SeriesBlocked } from './domain/series.errors.js';
import type { PlannedVisitView, SeriesPlanView } from './http/series.view.js';
import { type SeriesPlan, SeriesPlanner, type SeriesWish } from './series-planner.js';
import { plannedView } from './series-views.js';

const ATTEMPTS = 4;
/** Of one process: the others wait without a connection in hand, or a few series would keep single bookings out. */
const AT_ONCE = 2;

/** Reads what is wished for; locking the rows that would change, when it is meant. */
export type ReadWish = (tx: Tx, locking: boolean) => Promise<SeriesWish>;

/** Some visits cannot be had; which, and what is free instead, is looked up once nobody waits for us any more. */
class NotAll extends Error {}

/** Tries a whole series, as a question or in earnest. */
@Injectable()
export class SeriesAttempt {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly database: Database,
    private readonly planner: SeriesPlanner,
    private readonly time: TakingTime,
  ) {}

  /** What would come of it, visit by visit; nothing is changed. @throws as `SeriesPlanner.plan` */
  preview(actor: RequestActor, wishIn: ReadWish): Promise<SeriesPlanView> {
    return this.database.read(actor, async (tx) => {
      const plan = await this.planner.plan(tx, actor, await wishIn(tx, false), 'never');
      const alternatives = await this.planner.alternatives(tx, plan);
      const visits = plan.visits.map((visit) =>
        plannedView(plan, visit, alternatives.get(visit.wish.number)),
      );
      return { zone: plan.zone, free: visits.every(({ free }) => free), visits };
    });
  }

  /**
   * Waits in line, looks, and lets `keep` write what can be had, in one transaction: every visit, or with `skipBlocked`
   * at least one. @throws SeriesBlocked, and as `preview`
   */
  run<T>(
    actor: RequestActor,
    wishIn: ReadWish,
    skipBlocked: boolean,
    keep: (tx: Tx, plan: SeriesPlan, notDone: readonly PlannedVisitView[]) => Promise<T>,
  ): Promise<T> {
    return this.#inTurn(() => this.#try(actor, wishIn, skipBlocked, keep));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // Whoever has waited longest takes our place as it is.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #try<T>(
    actor: RequestActor,
    wishIn: ReadWish,
    skipBlocked: boolean,
    keep: (tx: Tx, plan: SeriesPlan, notDone: readonly PlannedVisitView[]) => Promise<T>,
  ): Promise<T> {
    const line = skipBlocked ? 'always' : 'if-free';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await this.time.racing(actor, async (tx) => {
          const plan = await this.planner.plan(tx, actor, await wishIn(tx, true), line);
          const blocked = plan.visits.filter(({ refusal }) => refusal !== null);
          if (blocked.length > 0 && (!skipBlocked || blocked.length === plan.visits.length))
            throw new NotAll();
          const alternatives = blocked.length > 0 ? await this.planner.alternatives(tx, plan) : new Map();
          const notDone = blocked.map((visit) =>
            plannedView(plan, visit, alternatives.get(visit.wish.number)),
          );
          return keep(tx, plan, notDone);
        });
      } catch (error) {
        if (!(error instanceof NotAll)) throw error;
        const { visits } = await this.preview(actor, wishIn);
        const blocked = visits.filter(({ free }) => !free);
        // Whoever was in the way has gone in the meantime: once more.
        if (blocked.length > 0) throw new SeriesBlocked({ visits: blocked });
      }
    }
    throw new DatabaseBusy();
  }
}
