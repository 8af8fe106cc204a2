import { Database, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { OwnSessionView } from './http/session.dto.js';

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
  locationIds: string[];
  secondFactorDue: boolean;
  deskReadsCharts: boolean;
}

/** How one signs in to a clinic. */
export interface EnteredClinic {
  readonly slug: string;
  readonly requiresSecondFactor: boolean;
  readonly allowsPasswords: boolean;
}

export interface NewSession {
  readonly id: string;
  readonly staffId: string;
  readonly hash: Buffer;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string | null;
  readonly secondFactor: boolean;
}

const LOOK_UP_BY_EMAIL = sql(`SELECT set_config('app.sign_in_email', $1, true)`);
const ACCOUNTS = sql(`
  SELECT clinic_id AS "clinicId", id AS "staffId", password_hash AS "passwordHash"
    FROM staff WHERE email = $1 AND active AND password_hash IS NOT NULL ORDER BY clinic_id LIMIT 5`);
const ENTER_CLINIC = sql(`SELECT set_config('app.clinic_id', $1, true)`);
const CLINIC = sql(`
  SELECT slug, require_second_factor AS "requiresSecondFactor", passwords_allowed AS "allowsPasswords"
    FROM clinic WHERE id = $1`);
const OPEN = sql(`
  INSERT INTO session (clinic_id, id, staff_id, token_hash, created_at, last_seen_at, expires_at, address, user_agent, second_factor)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)`);
const ACTOR = sql(`
  SELECT clinic_id AS "clinicId", staff_id AS "staffId", session_id AS "sessionId", roles, is_prescriber AS "isPrescriber",
         market, display_name AS "displayName", location_ids AS "locationIds", second_factor_due AS "secondFactorDue",
         desk_reads_charts AS "deskReadsCharts"
    FROM session_actor($1, make_interval(mins => $2::int))`);
const REVOKE = sql(`
  UPDATE session SET revoked_at = $4
   WHERE clinic_id = $1 AND staff_id = $2 AND ($3::uuid IS NULL OR id = $3) AND ($5::uuid IS NULL OR id <> $5) AND revoked_at IS NULL`);
const OWN = sql(`
  SELECT id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt", address,
         user_agent AS "userAgent", second_factor AS "secondFactor", id = $3 AS "isCurrent"
    FROM session
   WHERE clinic_id = $1 AND staff_id = $2 AND revoked_at IS NULL AND expires_at > $4 AND last_seen_at > $5
   ORDER BY last_seen_at DESC, id LIMIT 100`);

@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  async accounts(tx: Tx, email: string): Promise<Account[]> {
    await tx.run(LOOK_UP_BY_EMAIL, [email]);
    return tx.rows<Account>(ACCOUNTS, [email]);
  }

  /** From here on the transaction sees the clinic's rows. Only for an account that was proved. */
  async enter(tx: Tx, clinicId: string): Promise<EnteredClinic> {
    await tx.run(ENTER_CLINIC, [clinicId]);
    return tx.one(CLINIC, [clinicId]);
  }

  async open(tx: Tx, one: NewSession): Promise<void> {
    const { id, staffId, hash, expiresAt, address, userAgent, secondFactor } = one;
    const values = [id, staffId, hash, tx.now, expiresAt, address, userAgent, secondFactor];
    await tx.run(OPEN, [tx.clinicId, ...values]);
  }

  /** Every request asks this first, so it is one round trip outside any transaction. */
  actor(hash: Buffer, idleMinutes: number): Promise<SessionRow | null> {
    return this.database.lookUp<SessionRow>(ACTOR, [hash, idleMinutes]);
  }

  own(tx: Tx, staffId: string, current: string, seenSince: Date): Promise<OwnSessionView[]> {
    return tx.rows(OWN, [tx.clinicId, staffId, current, tx.now, seenSince]);
  }

  /** Ends one session of a person (`only`), or all, or all but one (`except`); says how many. */
  revoke(
    tx: Tx,
    staffId: string,
    { only = null, except = null }: { readonly only?: string | null; readonly except?: string | null } = {},
  ): Promise<number> {
    return tx.run(REVOKE, [tx.clinicId, staffId, only, tx.now, except]);
  }
}
