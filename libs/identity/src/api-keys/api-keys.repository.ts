import { Database, sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { ApiKeyView } from './http/api-key.dto.js';

export interface KeyActor {
  readonly clinicId: string;
  readonly staffId: string;
  readonly keyId: string;
  readonly scopes: string[];
  readonly market: string;
  readonly displayName: string;
}

export interface NewKey {
  readonly id: string;
  readonly integrationId: string;
  readonly hash: Buffer;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
}

const ACTOR = sql(`
  SELECT clinic_id AS "clinicId", staff_id AS "staffId", key_id AS "keyId", scopes, market, display_name AS "displayName"
    FROM api_key_actor($1)`);
const KEY = `
  SELECT k.id, k.staff_id AS "integrationId", s.display_name AS name, k.hint, k.scopes, k.created_by AS "createdBy",
         k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt"
    FROM api_key k JOIN staff s ON s.clinic_id = k.clinic_id AND s.id = k.staff_id
   WHERE k.clinic_id = $1 AND k.revoked_at IS NULL AND k.expires_at > $2`;
const LIST = sql(`${KEY} AND ($3::uuid IS NULL OR k.id > $3) ORDER BY k.id LIMIT $4`);
const LOCK = sql(`${KEY} AND k.id = $3 FOR UPDATE OF k`);
const ADD_INTEGRATION = sql(`
  INSERT INTO staff (clinic_id, id, kind, email, display_name, roles, created_at)
  VALUES ($1, $2, 'integration', $2::uuid::text || '@integration.invalid', $3, '{}', $4)`);
const ADD = sql(`
  INSERT INTO api_key (clinic_id, id, staff_id, token_hash, hint, scopes, created_by, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`);
const END_AT = sql('UPDATE api_key SET expires_at = $3 WHERE clinic_id = $1 AND id = $2');
const REVOKE = sql(
  'UPDATE api_key SET revoked_at = $3 WHERE clinic_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3',
);
const REVOKE_MADE_BY = sql(
  'UPDATE api_key SET revoked_at = $3 WHERE clinic_id = $1 AND created_by = $2 AND revoked_at IS NULL AND expires_at > $3',
);

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  /** The integration behind a key: one round trip before any clinic is known. */
  actor(hash: Buffer): Promise<KeyActor | null> {
    return this.database.lookUp<KeyActor>(ACTOR, [hash]);
  }

  list(tx: Tx, after: string | null, limit: number): Promise<ApiKeyView[]> {
    return tx.rows<ApiKeyView>(LIST, [tx.clinicId, tx.now, after, limit]);
  }

  lock(tx: Tx, id: string): Promise<ApiKeyView | null> {
    return tx.maybe<ApiKeyView>(LOCK, [tx.clinicId, tx.now, id]);
  }

  /** Whom the audit trail names for what the key does. */
  async addIntegration(tx: Tx, id: string, name: string): Promise<void> {
    await tx.run(ADD_INTEGRATION, [tx.clinicId, id, name, tx.now]);
  }

  async add(tx: Tx, { id, integrationId, hash, hint, scopes, expiresAt }: NewKey): Promise<void> {
    const values = [id, integrationId, hash, hint, scopes, tx.actor.staffId, tx.now, expiresAt];
    await tx.run(ADD, [tx.clinicId, ...values]);
  }

  async endAt(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(END_AT, [tx.clinicId, id, at]);
  }

  async revoke(tx: Tx, id: string): Promise<boolean> {
    return (await tx.run(REVOKE, [tx.clinicId, id, tx.now])) === 1;
  }

  /** Ends the keys somebody made; says how many. */
  revokeMadeBy(tx: Tx, staffId: string): Promise<number> {
    return tx.run(REVOKE_MADE_BY, [tx.clinicId, staffId, tx.now]);
  }
}
