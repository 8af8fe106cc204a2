import type pg from 'pg';

import type { Actor } from './actor.js';
import type { PrismaOnConnection, PrismaTransaction } from './prisma-on-connection.js';
import type { Statement } from './statement.js';

/** The outcome of something sent whose answer nobody waits for yet: null, or why it failed. */
export type Sent = Promise<Error | null>;

/** Keeps a failure for whoever looks later, so that it is never "unhandled" meanwhile. */
export const settled = (answer: Promise<unknown>): Sent =>
  answer.then(
    () => null,
    (error: unknown) =>
      error instanceof Error ? error : new Error('The database refused', { cause: error }),
  );

/**
 * One open transaction, with the actor's clinic set for row-level security. Every query of the product takes one:
 * prepared statements by `rows`, `one`, `maybe` and `run`, model calls by `prisma()`.
 */
export class Tx {
  #opened: Promise<{ prisma: PrismaTransaction; close: () => Promise<void> }> | undefined;

  constructor(
    readonly actor: Actor,
    /** The instant the transaction began, by the clock of the service: every row it writes carries the same. */
    readonly now: Date,
    private readonly connection: pg.PoolClient,
    private readonly orm: PrismaOnConnection,
    private readonly sent: Sent[],
  ) {}

  get clinicId(): string {
    return this.actor.clinicId;
  }

  /** All rows of a prepared statement. Column names come back as written: alias them to the view's names. */
  async rows<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.connection.query<Row & pg.QueryResultRow>({
      ...statement,
      values: [...values],
    });
    return result.rows;
  }

  /** The first row, or null. */
  async maybe<Row extends object>(
    statement: Statement,
    values: readonly unknown[] = [],
  ): Promise<Row | null> {
    return (await this.rows<Row>(statement, values))[0] ?? null;
  }

  /** The one row there must be. @throws Error when there is none: a fault of ours, not of the caller. */
  async one<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row> {
    const row = await this.maybe<Row>(statement, values);
    if (!row)
      throw new Error(`A statement that must return a row returned none: ${statement.text.slice(0, 80)}`);
    return row;
  }

  /** Runs a statement and says how many rows it touched. */
  async run(statement: Statement, values: readonly unknown[] = []): Promise<number> {
    return (await this.connection.query({ ...statement, values: [...values] })).rowCount ?? 0;
  }

  /**
   * Sends a statement whose rows nobody needs, without waiting: the transaction commits only if it succeeds, and fails
   * with its error otherwise.
   */
  later(statement: Statement, values: readonly unknown[] = []): void {
    this.sent.push(settled(this.connection.query({ ...statement, values: [...values] })));
  }

  /** The same transaction on behalf of another actor: the person a sign-in has just proved. */
  as(actor: Actor): Tx {
    return new Tx(actor, this.now, this.connection, this.orm, this.sent);
  }

  /** Prisma's model calls on this very transaction; opened at first use, so hot paths do not pay for it. */
  async prisma(): Promise<PrismaTransaction> {
    this.#opened ??= this.orm.open(this.connection);
    return (await this.#opened).prisma;
  }

  /** Ends Prisma's part; called by Database before it commits or rolls back. */
  async close(): Promise<void> {
    if (this.#opened) await (await this.#opened).close();
  }
}
