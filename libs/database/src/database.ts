import { Clock, isId } from '#kernel';
import pg from 'pg';

import type { Actor } from './actor.js';
import {
  DatabaseBusy,
  DatabaseUnavailable,
  isPoolFull,
  isRetryable,
  isUnreachable,
  sqlState,
} from './database.errors.js';
import { PrismaOnConnection } from './prisma-on-connection.js';
import { requestContext } from './request-context.js';
import { sql, type Statement } from './statement.js';
import { type Sent, settled, Tx } from './tx.js';

const ATTEMPTS = 3;
const PING = sql('SELECT 1 AS answers');
const SEE_CLINICS = sql(`SELECT set_config('app.system', 'clinics', true)`);
const CLINICS = sql('SELECT id FROM clinic ORDER BY id');

/**
 * The only way to the data: opens a transaction for an actor, sets the clinic for row-level security, retries what a
 * concurrent transaction broke, and says "busy" or "away" in the words of a refusal.
 */
export class Database {
  readonly #orm = new PrismaOnConnection();
  #closed: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
  ) {}

  /** Runs reading work (its audit rows included) in one transaction. */
  read<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#transaction(actor, work);
  }

  /** Runs a use case in one transaction: rows, audit entry and jobs come to be together or not at all. */
  write<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#around(actor, work, true);
  }

  /**
   * Runs one of several transactions of a request, each of which stands whatever becomes of the next; the request ends with
   * a `write`, which keeps its answer. Whoever breaks off in between goes on where it ended: a step finds what is done.
   */
  step<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#around(actor, work, false);
  }

  /** Runs work that belongs to no clinic yet (sign-in): tenant rows are invisible to it. */
  withoutClinic<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#transaction({ clinicId: '', staffId: null }, work);
  }

  /**
   * One statement on its own, for look-ups before any clinic is known that must cost a single round trip.
   * Tenant rows are invisible to it unless the statement itself opens them (`session_actor`).
   */
  async lookUp<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row | null> {
    try {
      const result = await this.pool.query<Row & pg.QueryResultRow>({ ...statement, values: [...values] });
      return result.rows[0] ?? null;
    } catch (error) {
      if (isPoolFull(error)) throw new DatabaseBusy();
      throw isUnreachable(error) ? new DatabaseUnavailable() : error;
    }
  }

  /** Every clinic there is, for what the system does for each in a transaction of its own; nothing else is seen of them. */
  async clinicIds(): Promise<string[]> {
    return this.withoutClinic(async (tx) => {
      await tx.run(SEE_CLINICS);
      return (await tx.rows<{ id: string }>(CLINICS)).map(({ id }) => id);
    });
  }

  /** Whether the database answers. @throws DatabaseUnavailable */
  async ping(): Promise<void> {
    await this.lookUp(PING, []);
  }

  /** Ends the pool; asked again, waits for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#orm.disconnect().then(() => this.pool.end());
    return this.#closed;
  }

  #around<T>(actor: Actor, work: (tx: Tx) => Promise<T>, keeps: boolean): Promise<T> {
    const around = requestContext.getStore()?.aroundFirstWrite;
    return this.#transaction(actor, around ? (tx) => around(tx, () => work(tx), keeps) : work);
  }

  async #transaction<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(actor, work);
      } catch (error) {
        const state = sqlState(error);
        if (isRetryable(state) && attempt < ATTEMPTS) continue;
        if (isRetryable(state) || state === '55P03' || state === '57014' || isPoolFull(error))
          throw new DatabaseBusy();
        if (isUnreachable(error)) throw new DatabaseUnavailable();
        throw error;
      }
    }
  }

  async #once<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    const connection = await this.pool.connect();
    connection.on('error', lost);
    let broken: Error | undefined;
    try {
      // Nobody waits for BEGIN, for what `tx.later` sent, or between the last statement and COMMIT: they travel one
      // behind the other, and the server answers in order. Whatever fails on the way aborts the transaction, so that
      // the COMMIT behind it commits nothing; each answer is looked at below before the work counts as done.
      const now = this.clock.now();
      const begun = settled(connection.query(begin(actor, now)));
      const sent: Sent[] = [begun];
      const tx = new Tx(actor, now, connection, this.#orm, sent);
      let result: T;
      try {
        result = await work(tx);
      } finally {
        await tx.close();
      }
      const committed = settled(connection.query('COMMIT').then(assertCommitted));
      for (const answer of [...sent, committed]) {
        const error = await answer;
        if (error !== null) throw error;
      }
      return result;
    } catch (error) {
      await connection.query('ROLLBACK').catch((cause: Error) => {
        broken = cause;
      });
      throw error;
    } finally {
      connection.off('error', lost);
      connection.release(broken);
    }
  }
}

/** A connection lost between two statements tells so by an event, which nobody but the next statement needs: it fails. */
const lost = (): void => undefined;

/** An aborted transaction answers COMMIT by rolling back, without an error of its own. */
function assertCommitted({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT')
    throw new Error('The transaction was rolled back: a failed statement was ignored');
}

/** BEGIN, the tenant and the clock in one round trip; the ids are checked to be UUIDs, so they can stand in the text. */
function begin({ clinicId, staffId }: Actor, now: Date): string {
  if ((clinicId !== '' && !isId(clinicId)) || (staffId !== null && !isId(staffId))) {
    throw new Error('An actor needs ids');
  }
  return `BEGIN; SELECT set_config('app.clinic_id', '${clinicId}', true), set_config('app.staff_id', '${staffId ?? ''}', true),
    set_config('app.now', '${now.toISOString()}', true)`;
}
