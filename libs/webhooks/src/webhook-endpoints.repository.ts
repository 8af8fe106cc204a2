import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { WebhookView } from './http/webhook.dto.js';

const VIEW = `
  SELECT id, url, events, status, failing_since AS "failingSince", created_by AS "createdBy", created_at AS "createdAt", version
    FROM webhook_endpoint WHERE clinic_id = $1`;
const LIST = sql(`${VIEW} ORDER BY id LIMIT 100`);
const READ = sql(`${VIEW} AND id = $2`);
const LOCK = sql(`${VIEW} AND id = $2 FOR UPDATE`);
const COUNT = sql('SELECT count(*)::int AS count FROM webhook_endpoint WHERE clinic_id = $1');
const ADD = sql(`
  INSERT INTO webhook_endpoint (clinic_id, id, url, events, sealed_secret, created_by, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);
const CHANGE = sql(`
  UPDATE webhook_endpoint SET url = $3, events = $4, status = $5, failing_since = CASE WHEN $5 = 'active' THEN NULL ELSE failing_since END,
         version = version + 1 WHERE clinic_id = $1 AND id = $2`);
const ROTATE = sql(`
  UPDATE webhook_endpoint SET sealed_previous_secret = sealed_secret, previous_until = $4, sealed_secret = $3, version = version + 1
   WHERE clinic_id = $1 AND id = $2`);

@Injectable()
export class WebhookEndpointsRepository {
  list(tx: Tx): Promise<WebhookView[]> {
    return tx.rows<WebhookView>(LIST, [tx.clinicId]);
  }

  read(tx: Tx, id: string): Promise<WebhookView | null> {
    return tx.maybe<WebhookView>(READ, [tx.clinicId, id]);
  }

  lock(tx: Tx, id: string): Promise<WebhookView | null> {
    return tx.maybe<WebhookView>(LOCK, [tx.clinicId, id]);
  }

  async count(tx: Tx): Promise<number> {
    return (await tx.one<{ count: number }>(COUNT, [tx.clinicId])).count;
  }

  async add(tx: Tx, endpoint: { id: string; url: string; events: readonly string[]; sealedSecret: string }) {
    const { id, url, events, sealedSecret } = endpoint;
    await tx.run(ADD, [tx.clinicId, id, url, events, sealedSecret, tx.actor.staffId, tx.now]);
  }

  async change(tx: Tx, { id, url, events, status }: Pick<WebhookView, 'id' | 'url' | 'events' | 'status'>) {
    await tx.run(CHANGE, [tx.clinicId, id, url, events, status]);
  }

  /** The present secret becomes the previous one and signs too until then. */
  async rotate(tx: Tx, id: string, sealedSecret: string, previousUntil: Date): Promise<void> {
    await tx.run(ROTATE, [tx.clinicId, id, sealedSecret, previousUntil]);
  }
}
