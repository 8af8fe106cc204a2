import { Database, sql, systemActor } from '#database';
import { JobHandler, type JobData } from '#jobs';
import { Injectable } from '@nestjs/common';

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

/** Forgets what has served: ended sessions, kept answers of retries, counted guesses. */
@Injectable()
export class TidyUp extends JobHandler {
  readonly queue = 'tidy-up';

  constructor(private readonly database: Database) {
    super();
  }

  async work({ clinicId }: JobData): Promise<void> {
    await this.database.write(systemActor(clinicId), async (tx) => {
      await tx.run(FORGET_SESSIONS, [clinicId, tx.now]);
      await tx.run(FORGET_KEYS, [clinicId, tx.now]);
      await tx.run(FORGET_LINKS, [clinicId, tx.now]);
      await tx.run(FORGET_DELIVERIES, [clinicId, tx.now]);
      await tx.run(FORGET_GUESSES, [tx.now]);
    });
  }
}
