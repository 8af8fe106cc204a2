import type { Database } from '#database';
import { Logger } from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import type pg from 'pg';

import type { JobHandler } from './job-handler.js';
import type { JobData } from './jobs.js';
import { queueOver } from './queue.js';

/** A job that every clinic gets each night at 02:15 UTC, in its own transaction with its own retries. */
export const NIGHTLY = 'nightly';
const NIGHTLY_CRON = '15 2 * * *';
/** The same every five minutes, for what must not wait for the night. */
export const OFTEN = 'often';
const OFTEN_CRON = '*/5 * * * *';

/** Fetches jobs and hands them to their handlers; as many workers as wanted run side by side. */
export class Worker {
  readonly #log = new Logger('Worker');
  readonly #queue: PgBoss;

  constructor(
    pool: pg.Pool,
    private readonly database: Database,
    private readonly handlers: readonly JobHandler[],
    private readonly nightly: readonly string[],
    private readonly often: readonly string[] = [],
  ) {
    this.#queue = queueOver(pool, { supervise: true, schedule: true });
    this.#queue.on('error', (error) => this.#log.error(`Queue · ${error.name}`));
  }

  async start(): Promise<void> {
    await this.#queue.start();
    for (const handler of this.handlers) {
      await this.#queue.work<JobData>(handler.queue, { pollingIntervalSeconds: 2 }, async (jobs) => {
        for (const { id, data } of jobs) await this.#run(handler, id, data);
      });
    }
    await this.#queue.work(NIGHTLY, { pollingIntervalSeconds: 30 }, () => this.fanOut());
    await this.#queue.schedule(NIGHTLY, NIGHTLY_CRON, null, { tz: 'UTC' });
    await this.#queue.work(OFTEN, { pollingIntervalSeconds: 30 }, () => this.fanOut(this.often));
    await this.#queue.schedule(OFTEN, OFTEN_CRON, null, { tz: 'UTC' });
  }

  /** Stops fetching and lets running jobs end. */
  async stop(): Promise<void> {
    await this.#queue.stop({ graceful: true, timeout: 10_000 });
  }

  /**
   * Gives every clinic one job of each of these queues: its nightly ones, unless others are named. In a `short` queue one that
   * waits still will do.
   */
  async fanOut(queues: readonly string[] = this.nightly): Promise<void> {
    for (const id of await this.database.clinicIds()) {
      for (const name of queues) await this.#queue.send(name, { clinicId: id }, { singletonKey: id });
    }
  }

  async #run(handler: JobHandler, id: string, data: JobData): Promise<void> {
    const started = performance.now();
    const failure = await handler.work(data).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.name : 'unknown'),
    );
    const about = { queue: handler.queue, job: id, ms: Math.round(performance.now() - started) };
    if (failure === null) return this.#log.log({ ...about, outcome: 'done' });
    this.#log.error({ ...about, outcome: 'failed', error: failure });
    // A new error, because the queue stores it: its name only, nothing that could quote a patient's data.
    throw new Error(failure);
  }
}
