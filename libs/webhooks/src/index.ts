export * from './domain/webhook.errors.js';
export { WEBHOOK_EVENTS, type WebhookEventType } from './domain/webhook-events.js';
export * from './jobs/deliver-webhook.job.js';
export { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
export * from './webhooks.module.js';
