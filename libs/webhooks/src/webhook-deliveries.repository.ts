import { sql, type Tx } from '#database';
import { Injectable } from '@nestjs/common';

import type { Attempt, Outcome } from './domain/delivery-outcome.js';
import type { WebhookDeliveryView } from './http/webhook.dto.js';

export interface PendingDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly payload: string;
  readonly attempts: number;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly url: string;
  readonly endpointStatus: 'active' | 'disabled';
  readonly failingSince: Date | null;
  readonly sealedSecret: string;
  readonly sealedPreviousSecret: string | null;
  readonly previousUntil: Date | null;
}

// One delivery of each event for each endpoint that asked for it, or for the one that is named; their ids come from the
// caller, as many as the clinic may have endpoints for each event. An endpoint that is being removed is waited for and then
// left out: nobody's booking fails because of it.
const ADD = sql(`
  WITH told AS (
    SELECT type, payload, n, ARRAY[type, split_part(type, '.', 1) || '.*'] AS words
      FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS t (type, payload, n)
  ), e AS (
    SELECT id, events FROM webhook_endpoint w
     WHERE clinic_id = $1 AND status = 'active'
       AND CASE WHEN $6::uuid IS NULL THEN EXISTS (SELECT FROM told WHERE w.events && told.words) ELSE id = $6 END
       FOR KEY SHARE)
  INSERT INTO webhook_delivery (clinic_id, id, endpoint_id, type, payload, created_at)
  SELECT $1, ($2::uuid[])[row_number() OVER (ORDER BY told.n, e.id)], e.id, told.type, told.payload, $5
    FROM told JOIN e ON $6::uuid IS NOT NULL OR e.events && told.words
  RETURNING id`);
const WANTED = sql(`
  SELECT DISTINCT t.type FROM unnest($2::text[]) AS t (type) JOIN webhook_endpoint e
      ON e.clinic_id = $1 AND e.status = 'active' AND e.events && ARRAY[t.type, split_part(t.type, '.', 1) || '.*']`);
const PENDING = `
  SELECT d.id, d.endpoint_id AS "endpointId", d.payload, d.attempts, d.status, e.url,
         e.status AS "endpointStatus", e.failing_since AS "failingSince", e.sealed_secret AS "sealedSecret",
         e.sealed_previous_secret AS "sealedPreviousSecret", e.previous_until AS "previousUntil"
    FROM webhook_delivery d JOIN webhook_endpoint e ON e.clinic_id = d.clinic_id AND e.id = d.endpoint_id
   WHERE d.clinic_id = $1 AND d.id = $2`;
const READ = sql(PENDING);
const HOLD = sql(`${PENDING} FOR NO KEY UPDATE OF e`);
const NOTE = sql(`
  UPDATE webhook_delivery SET status = $3, attempts = $4, last_attempt_at = $5, last_status = $6, last_failure = $7
   WHERE clinic_id = $1 AND id = $2`);
const NOTE_ENDPOINT = sql(`
  UPDATE webhook_endpoint
     SET failing_since = CASE WHEN $3 THEN NULL ELSE coalesce(failing_since, $5) END,
         status = CASE WHEN $4 THEN 'disabled' ELSE status END
   WHERE clinic_id = $1 AND id = $2 AND ($4 OR (failing_since IS NULL) <> $3)`);
const LIST = sql(`
  SELECT id, type, status, attempts, created_at AS "createdAt", last_attempt_at AS "lastAttemptAt", last_status AS "lastStatus",
         last_failure AS "lastFailure"
    FROM webhook_delivery
   WHERE clinic_id = $1 AND endpoint_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`);
const AGAIN = sql(`
  UPDATE webhook_delivery SET status = 'pending', attempts = 0 WHERE clinic_id = $1 AND endpoint_id = $2 AND id = $3`);

@Injectable()
export class WebhookDeliveriesRepository {
  /** Makes a delivery of each event for each endpoint that asked for it, or for one of them; says their ids. */
  async add(
    tx: Tx,
    ids: readonly string[],
    events: readonly { readonly type: string; readonly payload: string }[],
    only: string | null,
  ): Promise<string[]> {
    const [types, payloads] = [events.map(({ type }) => type), events.map(({ payload }) => payload)];
    const rows = await tx.rows<{ id: string }>(ADD, [tx.clinicId, ids, types, payloads, tx.now, only]);
    return rows.map(({ id }) => id);
  }

  /** Which of these kinds some endpoint asked for. */
  async wanted(tx: Tx, types: readonly string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ type: string }>(WANTED, [tx.clinicId, types]);
    return new Set(rows.map(({ type }) => type));
  }

  read(tx: Tx, id: string): Promise<PendingDelivery | null> {
    return tx.maybe<PendingDelivery>(READ, [tx.clinicId, id]);
  }

  /** The same; until this transaction ends nobody changes its endpoint. */
  hold(tx: Tx, id: string): Promise<PendingDelivery | null> {
    return tx.maybe<PendingDelivery>(HOLD, [tx.clinicId, id]);
  }

  /** What an attempt came to. */
  async note(
    tx: Tx,
    { id, attempts }: Pick<PendingDelivery, 'id' | 'attempts'>,
    attempt: Attempt,
    delivery: Outcome['delivery'],
  ): Promise<void> {
    const values = [delivery, attempts + 1, tx.now, attempt.status, attempt.failure];
    await tx.run(NOTE, [tx.clinicId, id, ...values]);
  }

  /** What it says of the endpoint. */
  async noteEndpoint(tx: Tx, endpointId: string, { delivery, disables }: Outcome): Promise<void> {
    await tx.run(NOTE_ENDPOINT, [tx.clinicId, endpointId, delivery === 'delivered', disables, tx.now]);
  }

  list(tx: Tx, endpointId: string, before: string | null, limit: number): Promise<WebhookDeliveryView[]> {
    return tx.rows<WebhookDeliveryView>(LIST, [tx.clinicId, endpointId, before, limit]);
  }

  async again(tx: Tx, endpointId: string, id: string): Promise<boolean> {
    return (await tx.run(AGAIN, [tx.clinicId, endpointId, id])) === 1;
  }
}
