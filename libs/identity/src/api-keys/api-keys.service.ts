import { record } from '#audit';
import { Database, type Tx } from '#database';
import { pageOf, type PageQuery, readCursor } from '#http';
import { isId, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import type { RequestActor } from '../request-actor.js';
import { newSecret, sha256 } from '../secrets.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeyNotFound } from './domain/api-key.errors.js';
import { assertExpiry, assertOwnScopes, overlapEnd } from './domain/api-key-rules.js';
import type { ApiKeyPage, MakeApiKey, NewApiKey, RotateApiKey } from './http/api-key.dto.js';

const PREFIX = 'rvk_';
const HINT_LENGTH = 4;

/** Keys with which programs act in the clinic. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeysRepository,
  ) {}

  list(actor: RequestActor, { limit, after }: PageQuery): Promise<ApiKeyPage> {
    const [from = null] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      const rows = await this.keys.list(tx, from === null ? null : String(from), limit + 1);
      return pageOf(rows, limit, ({ id }) => [id]);
    });
  }

  /** @throws ScopeBeyondOwn, ApiKeyExpiryInvalid */
  make(actor: RequestActor, { name, scopes, expiresAt }: MakeApiKey): Promise<NewApiKey> {
    assertOwnScopes(scopes, actor.permissions);
    return this.database.write(actor, async (tx) => {
      const end = new Date(expiresAt);
      assertExpiry(end, tx.now);
      const integrationId = newId(tx.now.getTime());
      await this.keys.addIntegration(tx, integrationId, name);
      const made = await this.#add(tx, { integrationId, scopes, expiresAt: end });
      const detail = { integrationId, scopes, expiresAt: end };
      await record(tx, { action: 'api-key.make', entityId: made.id, patientId: null, detail });
      return made;
    });
  }

  /** The same integration under a new secret; the old one works on for the hours asked. @throws ApiKeyNotFound, ScopeBeyondOwn, ApiKeyExpiryInvalid */
  rotate(actor: RequestActor, id: string, { expiresAt, overlapHours = 0 }: RotateApiKey): Promise<NewApiKey> {
    return this.database.write(actor, async (tx) => {
      const old = await this.keys.lock(tx, id);
      if (!old) throw new ApiKeyNotFound();
      assertOwnScopes(old.scopes, actor.permissions);
      const end = new Date(expiresAt);
      assertExpiry(end, tx.now);
      const { integrationId, scopes } = old;
      const made = await this.#add(tx, { integrationId, scopes, expiresAt: end });
      await this.keys.endAt(tx, id, overlapEnd(tx.now, overlapHours, old.expiresAt));
      const detail = { replaces: id, overlapHours };
      await record(tx, { action: 'api-key.rotate', entityId: made.id, patientId: null, detail });
      return made;
    });
  }

  /** Ends it at once. @throws ApiKeyNotFound */
  revoke(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      if (!(await this.keys.revoke(tx, id))) throw new ApiKeyNotFound();
      await record(tx, { action: 'api-key.revoke', entityId: id, patientId: null });
    });
  }

  async #add(
    tx: Tx,
    wanted: { integrationId: string; scopes: readonly string[]; expiresAt: Date },
  ): Promise<NewApiKey> {
    const [id, secret] = [newId(tx.now.getTime()), newSecret()];
    await this.keys.add(tx, { ...wanted, id, hash: sha256(secret), hint: secret.slice(-HINT_LENGTH) });
    return { id, key: `${PREFIX}${secret}`, expiresAt: wanted.expiresAt };
  }
}
