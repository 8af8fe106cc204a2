import { sql, type Tx } from '#database';

const FORGET_SESSIONS = sql(
  `DELETE FROM session WHERE clinic_id = $1 AND expires_at < $2::timestamptz - interval '30 days'`,
);
const FORGET_KEYS = sql(
  `DELETE FROM idempotency_key WHERE clinic_id = $1 AND created_at < $2::timestamptz - interval '2 days'`,
);
const FORGET_LINKS = sql(
  `DELETE FROM account_token WHERE clinic_id = $1 AND expires_at < $2::timestamptz - interval '30 days'`,
);
const FORGET_DELIVERIES = sql(
  `DELETE FROM webhook_delivery WHERE clinic_id = $1 AND created_at < $2::timestamptz - interval '30 days'`,
);
const FORGET_GUESSES = sql(
  `DELETE FROM rate_limit WHERE window_start < $1::timestamptz - interval '31 days'`,
);

/** What has served is forgotten, each kind after its time. */
export async function forgetServed(tx: Tx): Promise<void> {
  for (const forget of [FORGET_SESSIONS, FORGET_KEYS, FORGET_LINKS, FORGET_DELIVERIES])
    await tx.run(forget, [tx.clinicId, tx.now]);
  await tx.run(FORGET_GUESSES, [tx.now]);
}
