import { AsyncLocalStorage } from 'node:async_hooks';

import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { Prisma, PrismaClient } from './generated/client.js';

export type PrismaTransaction = Prisma.TransactionClient;

/** Longer than any statement may run: our own statement_timeout ends a transaction, never this. */
const NEVER_MS = 24 * 60 * 60 * 1000;

const BOUNDARY = /^\s*(BEGIN|COMMIT|ROLLBACK)\s*$/i;

/**
 * Runs Prisma inside a transaction that *we* opened on one of our pool's connections, so that model calls and
 * prepared statements see the same snapshot, tenant setting and fate. Prisma believes it opens a transaction of its
 * own on a pool; this pool lends it our connection and swallows its BEGIN, COMMIT and ROLLBACK.
 */
export class PrismaOnConnection {
  readonly #lent = new AsyncLocalStorage<pg.PoolClient>();
  readonly #client: PrismaClient;

  constructor() {
    const lent = this.#lent;
    class LendingPool extends pg.Pool {
      override connect(): Promise<pg.PoolClient>;
      override connect(callback: unknown): void;
      override connect(): Promise<pg.PoolClient> {
        const connection = lent.getStore();
        if (!connection) throw new Error('Prisma may only be used through a Tx');
        return Promise.resolve(lend(connection));
      }
    }
    this.#client = new PrismaClient({ adapter: new PrismaPg(new LendingPool()) });
  }

  /** Opens Prisma on the connection; `close` must be awaited before the transaction is committed. */
  open(connection: pg.PoolClient): Promise<{ prisma: PrismaTransaction; close: () => Promise<void> }> {
    return new Promise((resolve, reject) => {
      const work = Promise.withResolvers<void>();
      const whole = this.#lent.run(connection, () =>
        this.#client.$transaction(
          (prisma) => {
            resolve({
              prisma,
              close: async () => {
                work.resolve();
                await whole;
              },
            });
            return work.promise;
          },
          { timeout: NEVER_MS, maxWait: NEVER_MS },
        ),
      );
      whole.catch(reject);
    });
  }

  async disconnect(): Promise<void> {
    await this.#client.$disconnect();
  }
}

function lend(connection: pg.PoolClient): pg.PoolClient {
  const nothing = { rows: [], fields: [], rowCount: 0, command: '', oid: 0 };
  return new Proxy(connection, {
    get(target, property) {
      if (property === 'release') return () => undefined;
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'query') return value.bind(target);
      return (config: { text: string }): unknown =>
        BOUNDARY.test(config.text) ? Promise.resolve(nothing) : Reflect.apply(value, target, [config]);
    },
  });
}
