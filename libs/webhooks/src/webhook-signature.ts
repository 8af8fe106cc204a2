import { randomBytes } from 'node:crypto';

import type { SealedColumn } from '#identity';
import { Webhook } from 'standardwebhooks';

/** As Standard Webhooks writes a secret: 256 random bits. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What a sealed secret of a webhook belongs to. */
export const sealedFor = (clinicId: string, endpointId: string): string =>
  `webhook ${clinicId} ${endpointId}`;

/** What this context keeps sealed. */
export const WEBHOOK_SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'webhook_endpoint', column: 'sealed_secret', key: 'id', belongsTo: sealedFor },
  { table: 'webhook_endpoint', column: 'sealed_previous_secret', key: 'id', belongsTo: sealedFor },
];

/**
 * The headers of Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`. The id is that of the event at every attempt, the
 * time that of the attempt, so that a receiver tells a repeat by the one and a replay by the other.
 */
export const signed = (
  { id, at, body }: { readonly id: string; readonly at: Date; readonly body: string },
  secrets: readonly string[],
): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
});
