export * from './domain/webhook.errors.js';
export * from './jobs/deliver-webhook.job.js';
export { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
export { WEBHOOK_SEALED_COLUMNS } from './webhook-signature.js';
export * from './webhooks.module.js';
