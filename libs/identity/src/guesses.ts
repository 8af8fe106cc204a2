import { sql, type Tx } from '#database';
import { TooManyRequests } from '#http';
import { Injectable } from '@nestjs/common';

import { sha256 } from './secrets.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Limit {
  readonly kind: string;
  readonly hits: number;
  readonly windowMs: number;
}

/** NIST SP 800-63B-4, 3.2.2: no more than 100 failures in a row; the short window comes long before. */
const ACCOUNT: readonly Limit[] = [
  { kind: 'account', hits: 10, windowMs: 15 * MINUTE_MS },
  { kind: 'account-long', hits: 100, windowMs: 30 * DAY_MS },
];
const ADDRESS: Limit = { kind: 'address', hits: 100, windowMs: 15 * MINUTE_MS };
const RESET_ACCOUNT: Limit = { kind: 'reset-account', hits: 3, windowMs: 60 * MINUTE_MS };
const RESET_ADDRESS: Limit = { kind: 'reset-address', hits: 20, windowMs: 60 * MINUTE_MS };

const HIT = sql(`
  INSERT INTO rate_limit AS r (key, window_start, hits) VALUES ($1, $2, 1)
  ON CONFLICT (key) DO UPDATE
     SET hits = CASE WHEN r.window_start <= $3 THEN 1 ELSE r.hits + 1 END,
         window_start = CASE WHEN r.window_start <= $3 THEN $2 ELSE r.window_start END
  RETURNING hits, window_start AS "windowStart"`);
const FORGIVE_HIT = sql('UPDATE rate_limit SET hits = greatest(hits - 1, 0) WHERE key = $1');
const FORGET_HITS = sql('DELETE FROM rate_limit WHERE key = $1');

const keyOf = (kind: string, value: string): Buffer => sha256(`${kind} ${value}`);

/**
 * Counts attempts per account and per address, in the database, so that all processes count together. An account is an
 * e-mail address as typed, known or not, so that being locked tells nothing.
 */
@Injectable()
export class Guesses {
  /** @throws TooManyRequests */
  async count(tx: Tx, email: string, address: string): Promise<void> {
    for (const limit of ACCOUNT) await this.#hit(tx, limit, email);
    await this.#hit(tx, ADDRESS, address);
  }

  /** @throws TooManyRequests */
  async countReset(tx: Tx, email: string, address: string): Promise<void> {
    await this.#hit(tx, RESET_ACCOUNT, email);
    await this.#hit(tx, RESET_ADDRESS, address);
  }

  /** For attempts of which only the address is known. @throws TooManyRequests */
  async countAddress(tx: Tx, address: string): Promise<void> {
    await this.#hit(tx, ADDRESS, address);
  }

  /** It was no guess after all: the account starts anew and the address gets one back. */
  async forgive(tx: Tx, email: string, address: string): Promise<void> {
    await this.unlock(tx, email);
    await tx.run(FORGIVE_HIT, [keyOf(ADDRESS.kind, address)]);
  }

  /** Whoever reads the account's mail has shown whose it is. */
  async unlock(tx: Tx, email: string): Promise<void> {
    for (const { kind } of ACCOUNT) await tx.run(FORGET_HITS, [keyOf(kind, email)]);
  }

  async #hit(tx: Tx, { kind, hits: most, windowMs }: Limit, value: string): Promise<void> {
    const { hits, windowStart } = await tx.one<{ hits: number; windowStart: Date }>(HIT, [
      keyOf(kind, value),
      tx.now,
      new Date(tx.now.getTime() - windowMs),
    ]);
    if (hits <= most) return;
    const left = windowStart.getTime() + windowMs - tx.now.getTime();
    throw new TooManyRequests({ retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) });
  }
}
