import { createPool, type Tx } from '#database';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type TestClinic } from '#identity/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';

import { JobHandler, Jobs, Worker, type JobData } from '../src/index.js';

class Collecting extends JobHandler {
  readonly queue = 'booking-confirmation';
  readonly done: JobData[] = [];
  #woken: (() => void) | undefined;

  work(data: JobData): Promise<void> {
    this.done.push(data);
    this.#woken?.();
    return Promise.resolve();
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#woken = resolve;
    });
  }
}

describe('jobs', () => {
  let db: TestDatabase;
  let clinic: TestClinic;
  let pool: pg.Pool;
  let jobs: Jobs;
  const waiting = async (): Promise<number> =>
    Number(
      (await db.admin.query(`SELECT count(*) FROM pgboss.job WHERE name = 'booking-confirmation'`)).rows[0]
        .count,
    );
  const confirm = (tx: Tx): Promise<void> =>
    jobs.enqueue(tx, 'booking-confirmation', { clinicId: clinic.clinicId });

  beforeAll(async () => {
    db = await createTestDatabase();
    clinic = await aClinic(db);
    pool = createPool({ databaseUrl: db.url, databasePoolSize: 4 });
    jobs = new Jobs(pool);
  });
  afterAll(async () => {
    await jobs.onApplicationShutdown();
    await pool.end();
    await db.drop();
  });

  it('are not there when the transaction that wanted them fails', async () => {
    const failing = db.database.write(clinic.actor.receptionist, async (tx) => {
      await confirm(tx);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await waiting()).toBe(0);
  });

  it('wait once under one key, whoever sends the second: it fails nobody, and the next is sent once this one is fetched', async () => {
    const queued = async (): Promise<unknown[]> =>
      (
        await db.admin.query(
          `SELECT data ->> 'n' AS n, state FROM pgboss.job WHERE name = 'retention-run' ORDER BY data ->> 'n'`,
        )
      ).rows;
    const ask = (n: number, singletonKey: string): Promise<string> =>
      db.database.write(clinic.actor.admin, async (tx) => {
        await jobs.enqueue(tx, 'retention-run', { clinicId: clinic.clinicId, n }, { singletonKey });
        return (await tx.one<{ said: string }>({ text: `SELECT 'goes on' AS said` })).said;
      });
    await ask(1, 'a');
    expect(await ask(2, 'a')).toBe('goes on');
    await ask(3, 'b');
    expect(await queued()).toEqual([
      { n: '1', state: 'created' },
      { n: '3', state: 'created' },
    ]);
    await db.admin.query(`UPDATE pgboss.job SET state = 'active' WHERE data ->> 'n' = '1'`);
    await ask(4, 'a');
    expect(await queued()).toHaveLength(3);
    await db.admin.query(`DELETE FROM pgboss.job WHERE name = 'retention-run'`);
  });

  it('are worked off once the transaction is committed', async () => {
    await db.database.write(clinic.actor.receptionist, confirm);
    expect(await waiting()).toBe(1);
    const handler = new Collecting();
    const done = handler.next();
    const worker = new Worker(pool, db.database, [handler], ['tidy-up']);
    await worker.start();
    await done;
    expect(handler.done).toEqual([{ clinicId: clinic.clinicId }]);
    await worker.fanOut();
    const nightly = await db.admin.query(`SELECT data FROM pgboss.job WHERE name = 'tidy-up'`);
    expect(nightly.rows).toEqual([{ data: { clinicId: clinic.clinicId } }]);
    await worker.stop();
  });
});
