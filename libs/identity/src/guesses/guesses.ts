import type { Tx } from '#database';
import { TooManyRequests } from '#http';
import { Injectable } from '@nestjs/common';

import { sha256 } from '../secrets.js';
import { GuessesRepository } from './guesses.repository.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Limit {
  readonly kind: string;
  readonly hits: number;
  readonly windowMs: number;
}

/** Who guesses at which account. */
export interface Guesser {
  /** In lower case, as typed: known or not, so that being locked tells nothing. */
  readonly email: string;
  readonly address: string;
  /** What the account knows the guesser by (a device, an open session); null: a stranger. */
  readonly known: string | null;
}

/** NIST SP 800-63B-4, 3.2.2: no more than 100 failures in a row; the short window comes long before. */
const SHORT = { hits: 10, windowMs: 15 * MINUTE_MS };
const LONG = { hits: 100, windowMs: 30 * DAY_MS };
const STRANGERS: readonly Limit[] = [
  { kind: 'account', ...SHORT },
  { kind: 'account-long', ...LONG },
];
/** Each by itself: what strangers guess does not lock out whoever signed in here before. */
const KNOWN: readonly Limit[] = [
  { kind: 'known', ...SHORT },
  { kind: 'known-long', ...LONG },
];
const ADDRESS: Limit = { kind: 'address', hits: 100, windowMs: 15 * MINUTE_MS };
const RESET_ACCOUNT: Limit = { kind: 'reset-account', hits: 3, windowMs: 60 * MINUTE_MS };
const RESET_ADDRESS: Limit = { kind: 'reset-address', hits: 20, windowMs: 60 * MINUTE_MS };

const keyOf = (kind: string, value: string): Buffer => sha256(`${kind} ${value}`);
const accountOf = (email: string): Buffer => keyOf('guesses', email);

/** The counters a guess at an account moves. */
const countersOf = ({ email, known }: Guesser): { limit: Limit; key: Buffer }[] =>
  known === null
    ? STRANGERS.map((limit) => ({ limit, key: keyOf(limit.kind, email) }))
    : KNOWN.map((limit) => ({ limit, key: keyOf(limit.kind, `${known} ${email}`) }));

const keysOf = (guesser: Guesser): Buffer[] => countersOf(guesser).map(({ key }) => key);

/**
 * Counts attempts in the database, so that all processes count together: those of strangers per account and per address,
 * those of a device or session the account knows by themselves.
 */
@Injectable()
export class Guesses {
  constructor(private readonly counters: GuessesRepository) {}

  /** @throws TooManyRequests */
  async count(tx: Tx, guesser: Guesser): Promise<void> {
    for (const { limit, key } of countersOf(guesser))
      await this.#hit(tx, limit, key, accountOf(guesser.email));
    if (guesser.known === null) await this.countAddress(tx, guesser.address);
  }

  /** @throws TooManyRequests */
  async countReset(tx: Tx, email: string, address: string): Promise<void> {
    await this.#hit(tx, RESET_ACCOUNT, keyOf(RESET_ACCOUNT.kind, email));
    await this.#hit(tx, RESET_ADDRESS, keyOf(RESET_ADDRESS.kind, address));
  }

  /** For attempts of which only the address is known. @throws TooManyRequests */
  async countAddress(tx: Tx, address: string): Promise<void> {
    await this.#hit(tx, ADDRESS, keyOf(ADDRESS.kind, address));
  }

  /** It was no guess after all: whoever was counted starts anew, and a stranger's address gets one back. */
  async forgive(tx: Tx, guesser: Guesser): Promise<void> {
    await this.counters.forget(tx, keysOf(guesser));
    if (guesser.known === null) await this.forgiveAddress(tx, guesser.address);
  }

  async forgiveAddress(tx: Tx, address: string): Promise<void> {
    await this.counters.giveBack(tx, keyOf(ADDRESS.kind, address));
  }

  /** For everybody: whoever reads the account's mail has shown whose it is. */
  async unlock(tx: Tx, email: string): Promise<void> {
    await this.counters.forgetAccount(tx, accountOf(email));
    // Those counted before a counter told its account.
    await this.counters.forget(tx, keysOf({ email, address: '', known: null }));
  }

  async #hit(
    tx: Tx,
    { hits: most, windowMs }: Limit,
    key: Buffer,
    account: Buffer | null = null,
  ): Promise<void> {
    const since = new Date(tx.now.getTime() - windowMs);
    const { hits, windowStart } = await this.counters.hit(tx, key, account, since);
    if (hits <= most) return;
    const left = windowStart.getTime() + windowMs - tx.now.getTime();
    throw new TooManyRequests({ retryAfterSeconds: Math.max(1, Math.ceil(left / 1000)) });
  }
}
