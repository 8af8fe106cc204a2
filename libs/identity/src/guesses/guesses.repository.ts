import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** How often something was tried since when. */
export interface Tried {
  readonly hits: number;
  readonly windowStart: Date;
}

const HIT = sql(`
  INSERT INTO rate_limit AS r (key, account, window_start, hits) VALUES ($1, $2, $3, 1)
  ON CONFLICT (key) DO UPDATE
     SET hits = CASE WHEN r.window_start <= $4 THEN 1 ELSE r.hits + 1 END,
         window_start = CASE WHEN r.window_start <= $4 THEN $3 ELSE r.window_start END
  RETURNING hits, window_start AS "windowStart"`);
const GIVE_BACK = sql('UPDATE rate_limit SET hits = greatest(hits - 1, 0) WHERE key = $1');
const FORGET = sql('DELETE FROM rate_limit WHERE key = ANY ($1::bytea[])');
const FORGET_ACCOUNT = sql('DELETE FROM rate_limit WHERE account = $1');

/** Counters, by hashed key; those of one account, whoever guessed, also by its hash. */
@Injectable()
export class GuessesRepository {
  /** Counts one more; anew when the last window began `since` or before. Whoever comes at the same moment waits for the row. */
  hit(tx: Tx, key: Buffer, account: Buffer | null, since: Date): Promise<Tried> {
    return tx.one<Tried>(HIT, [key, account, tx.now, since]);
  }

  async giveBack(tx: Tx, key: Buffer): Promise<void> {
    await tx.run(GIVE_BACK, [key]);
  }

  async forget(tx: Tx, keys: readonly Buffer[]): Promise<void> {
    await tx.run(FORGET, [keys]);
  }

  async forgetAccount(tx: Tx, account: Buffer): Promise<void> {
    await tx.run(FORGET_ACCOUNT, [account]);
  }
}
