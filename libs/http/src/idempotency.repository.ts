import { sql, type Tx } from '#database';

// One round trip takes the key's lock and reads its row; a row committed between the two is caught by the
// primary key at the end, and the transaction runs again.
const CLAIM = sql(`
  SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || $3, 17)) AS free, k.route, k.status, k.response,
         k.body_hash = $4 AS "sameBody"
    FROM (VALUES (1)) one LEFT JOIN idempotency_key k
      ON k.clinic_id = $1::uuid AND k.staff_id = $2::uuid AND k.key = $3`);

const KEEP = sql(`
  INSERT INTO idempotency_key (clinic_id, staff_id, key, route, body_hash, status, response)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);

/** What a key stands for already; `route` null: nothing yet, and `free` says whether nobody else is at it. */
export interface Claim {
  free: boolean;
  route: string | null;
  status: number;
  response: string;
  sameBody: boolean;
}

/** The answer a key is kept with. */
export interface KeptAnswer {
  readonly key: string;
  readonly route: string;
  readonly bodyHash: Buffer;
  readonly status: number;
  /** JSON. */
  readonly answer: string;
}

/** Takes the key for this transaction, for the actor's own requests, and reads what it stands for. */
export const claimKey = (tx: Tx, key: string, bodyHash: Buffer): Promise<Claim> =>
  tx.one<Claim>(CLAIM, [tx.actor.clinicId, tx.actor.staffId, key, bodyHash]);

/** Sent with the commit: nothing waits for it. */
export function keepAnswer(tx: Tx, { key, route, bodyHash, status, answer }: KeptAnswer): void {
  tx.later(KEEP, [tx.actor.clinicId, tx.actor.staffId, key, route, bodyHash, status, answer]);
}
