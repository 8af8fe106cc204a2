import { refusal } from '#kernel';

export class WebhookNotFound extends refusal({
  code: 'webhook_not_found',
  kind: 'not-found',
  title: 'There is no such webhook in this clinic',
}) {}

export class WebhookDeliveryNotFound extends refusal({
  code: 'webhook_delivery_not_found',
  kind: 'not-found',
  title: 'There is no such delivery of this webhook',
}) {}

export class WebhookLimit extends refusal({
  code: 'webhook_limit',
  kind: 'rule',
  title: 'The clinic has as many webhooks as it may have: change or remove one',
}) {}

export class WebhookDisabled extends refusal({
  code: 'webhook_disabled',
  kind: 'rule',
  title: 'The webhook is disabled: enable it first',
}) {}
