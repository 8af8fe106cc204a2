import { Database, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

export interface Account {
  clinicId: string;
  staffId: string;
  passwordHash: string;
}

export interface SessionRow {
  clinicId: string;
  staffId: string;
  sessionId: string;
  roles: string[];
  isPrescriber: boolean;
  market: string;
  displayName: string;
}

const LOOK_UP_BY_EMAIL = sql(`SELECT set_config('app.sign_in_email', $1, true)`);
const ACCOUNTS = sql(`
  SELECT clinic_id AS "clinicId", id AS "staffId", password_hash AS "passwordHash"
    FROM staff WHERE email = $1 AND active ORDER BY clinic_id LIMIT 5`);
const ENTER_CLINIC = sql(`SELECT set_config('app.clinic_id', $1, true)`);
const CLINIC_SLUG = sql(`SELECT slug FROM clinic WHERE id = $1`);
const OPEN = sql(`
  INSERT INTO session (clinic_id, id, staff_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`);
const ACTOR = sql(`
  SELECT clinic_id AS "clinicId", staff_id AS "staffId", session_id AS "sessionId", roles, is_prescriber AS "isPrescriber",
         market, display_name AS "displayName"
    FROM session_actor($1)`);
const REVOKE = sql(
  `UPDATE session SET revoked_at = $3 WHERE clinic_id = $1 AND id = $2 AND revoked_at IS NULL`,
);
const OPEN_ONES = sql(`
  SELECT s.id, f.roles FROM session s JOIN staff f ON f.clinic_id = s.clinic_id AND f.id = s.staff_id AND f.active
   WHERE s.clinic_id = $1 AND s.id = ANY ($2::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > $3`);
const HIT = sql(`
  INSERT INTO rate_limit AS r (key, window_start, hits) VALUES ($1, $2, 1)
  ON CONFLICT (key) DO UPDATE
     SET hits = CASE WHEN r.window_start <= $3 THEN 1 ELSE r.hits + 1 END,
         window_start = CASE WHEN r.window_start <= $3 THEN $2 ELSE r.window_start END
  RETURNING hits, window_start AS "windowStart"`);
const FORGIVE_HIT = sql('UPDATE rate_limit SET hits = greatest(hits - 1, 0) WHERE key = $1');
const FORGET_HITS = sql(`DELETE FROM rate_limit WHERE key = $1`);

@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  async accounts(tx: Tx, email: string): Promise<Account[]> {
    await tx.run(LOOK_UP_BY_EMAIL, [email]);
    return tx.rows<Account>(ACCOUNTS, [email]);
  }

  /** From here on the transaction sees the clinic's rows. Only for an account whose password was proved. */
  async enter(tx: Tx, clinicId: string): Promise<string> {
    await tx.run(ENTER_CLINIC, [clinicId]);
    return (await tx.one<{ slug: string }>(CLINIC_SLUG, [clinicId])).slug;
  }

  async open(
    tx: Tx,
    session: { clinicId: string; id: string; staffId: string; hash: Buffer; expiresAt: Date },
  ) {
    await tx.run(OPEN, [
      session.clinicId,
      session.id,
      session.staffId,
      session.hash,
      tx.now,
      session.expiresAt,
    ]);
  }

  /** Every request asks this first, so it is one round trip outside any transaction. */
  actor(hash: Buffer): Promise<SessionRow | null> {
    return this.database.lookUp<SessionRow>(ACTOR, [hash]);
  }

  openOnes(tx: Tx, sessionIds: readonly string[]): Promise<{ id: string; roles: string[] }[]> {
    return tx.rows(OPEN_ONES, [tx.clinicId, sessionIds, tx.now]);
  }

  async revoke(tx: Tx, sessionId: string): Promise<void> {
    await tx.run(REVOKE, [tx.clinicId, sessionId, tx.now]);
  }

  /** Counts an attempt under a key in a window; a window that is over starts anew. */
  hit(tx: Tx, key: Buffer, windowMs: number): Promise<{ hits: number; windowStart: Date }> {
    return tx.one(HIT, [key, tx.now, new Date(tx.now.getTime() - windowMs)]);
  }

  /** Takes one attempt back: it was no guess. */
  async forgiveHit(tx: Tx, key: Buffer): Promise<void> {
    await tx.run(FORGIVE_HIT, [key]);
  }

  async forgetHits(tx: Tx, key: Buffer): Promise<void> {
    await tx.run(FORGET_HITS, [key]);
  }
}
