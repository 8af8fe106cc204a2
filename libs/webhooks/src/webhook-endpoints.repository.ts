import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { WebhookView } from './http/webhook.dto.js';

const VIEW = `
  SELECT id, url, events, status, failing_since AS "failingSince", created_by AS "createdBy", created_at AS "createdAt", version
    FROM webhook_endpoint WHERE clinic_id = $1`;
const LIST = sql(`${VIEW} ORDER BY id LIMIT 100`);
const READ = sql(`${VIEW} AND id = $2`);
const LOCK = sql(`${VIEW} AND id = $2 FOR UPDATE`);
// Two who make one at the same moment take turns; the place has the last word.
const ALONE = sql(`SELECT pg_advisory_xact_lock(hashtextextended('webhook-places ' || $1, 43))`);
const ADD = sql(`
  INSERT INTO webhook_endpoint (clinic_id, id, url, events, sealed_secret, created_by, created_at, place)
  SELECT $1, $2, $3, $4, $5, $6, $7, min(p) FROM generate_series(1, $8) AS p
   WHERE NOT EXISTS (SELECT FROM webhook_endpoint w WHERE w.clinic_id = $1 AND w.place = p) HAVING min(p) IS NOT NULL
  ON CONFLICT (clinic_id, place) DO NOTHING`);
const REMOVE_LOG = sql('DELETE FROM webhook_delivery WHERE clinic_id = $1 AND endpoint_id = $2');
const REMOVE = sql('DELETE FROM webhook_endpoint WHERE clinic_id = $1 AND id = $2');
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

  /** False when the clinic has `most` already. */
  async add(
    tx: Tx,
    endpoint: { id: string; url: string; events: readonly string[]; sealedSecret: string },
    most: number,
  ): Promise<boolean> {
    const { id, url, events, sealedSecret } = endpoint;
    await tx.run(ALONE, [tx.clinicId]);
    const values = [id, url, events, sealedSecret, tx.actor.staffId, tx.now, most];
    return (await tx.run(ADD, [tx.clinicId, ...values])) === 1;
  }

  /** With what was sent to it. */
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.run(REMOVE_LOG, [tx.clinicId, id]);
    await tx.run(REMOVE, [tx.clinicId, id]);
  }

  async change(tx: Tx, { id, url, events, status }: Pick<WebhookView, 'id' | 'url' | 'events' | 'status'>) {
    await tx.run(CHANGE, [tx.clinicId, id, url, events, status]);
  }

  /** The present secret becomes the previous one and signs too until then. */
  async rotate(tx: Tx, id: string, sealedSecret: string, previousUntil: Date): Promise<void> {
    await tx.run(ROTATE, [tx.clinicId, id, sealedSecret, previousUntil]);
  }
}
