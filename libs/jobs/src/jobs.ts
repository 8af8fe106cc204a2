import { POOL, sql, type Statement, type Tx } from '#database';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import pg from 'pg';

import { queueOver } from './queue.js';

/** What a job needs to find its rows: ids, never their contents. `clinicId` opens row-level security for it. */
export type JobData = { readonly clinicId: string } & Readonly<
  Record<string, string | number | boolean | null>
>;

export interface EnqueueOptions {
  /** Not before this instant. */
  readonly startAfter?: Date;
  /**
   * At most one waiting job per key, in queues of the policy `short` alone: what is sent besides is let go, and the job that
   * waits may be fetched before this transaction commits. A `short` queue is never sent to without one.
   */
  readonly singletonKey?: string;
}

/** Puts work into the queue in the transaction that causes it: rolled back with it, visible only once it commits. */
@Injectable()
export class Jobs implements OnApplicationShutdown {
  #queue: Promise<PgBoss> | undefined;

  /**
   * What pg-boss must know of its queues it asks on a connection of its own: the caller already holds one of the pool,
   * and if all the others wait for what the caller has locked, asking the pool would wait for ever.
   */
  readonly #own: pg.Pool;

  constructor(@Inject(POOL) pool: pg.Pool) {
    this.#own = new pg.Pool({ ...pool.options, max: 1 });
    this.#own.on('error', () => undefined); // replaced at the next use
  }

  async enqueue(tx: Tx, name: string, data: JobData, options: EnqueueOptions = {}): Promise<void> {
    const queue = await this.#started();
    await queue.send(name, data, { ...options, db: over(tx) });
  }

  /** Many of one queue, in one statement. */
  async enqueueAll(tx: Tx, name: string, all: readonly JobData[]): Promise<void> {
    if (all.length === 0) return;
    const queue = await this.#started();
    await queue.insert(
      name,
      all.map((data) => ({ data })),
      { db: over(tx) },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#queue) await (await this.#queue).stop({ graceful: false });
    await this.#own.end();
  }

  #started(): Promise<PgBoss> {
    this.#queue ??= this.#start().catch((error: unknown) => {
      this.#queue = undefined; // the next caller tries again
      throw error;
    });
    return this.#queue;
  }

  async #start(): Promise<PgBoss> {
    const queue = queueOver(this.#own, { supervise: false, schedule: false, registerInstance: false });
    queue.on('error', () => undefined); // a failing send rejects by itself
    await queue.start();
    return queue;
  }
}

const over = (tx: Tx) => ({
  executeSql: async (text: string, values: unknown[] = []) => ({
    rows: await tx.rows(prepared(text), values),
  }),
});

const STATEMENTS = new Map<string, Statement>();
/** pg-boss knows its few texts, one a queue; it would have the server parse and plan them at every job. */
function prepared(text: string): Statement {
  const known = STATEMENTS.get(text);
  if (known) return known;
  const statement = sql(text);
  STATEMENTS.set(text, statement);
  return statement;
}
