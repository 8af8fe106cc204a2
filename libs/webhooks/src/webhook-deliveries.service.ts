import { record } from '#audit';
import { Database } from '#database';
import { pageOf, type PageQuery, readCursor } from '#http';
import type { RequestActor } from '#identity';
import { Jobs } from '#jobs';
import { isId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { WebhookDeliveryNotFound, WebhookDisabled, WebhookNotFound } from './domain/webhook.errors.js';
import type { WebhookDeliveryPage } from './http/webhook.dto.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.js';

/** What was sent, how it went, and sending it again. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly jobs: Jobs,
  ) {}

  /** The newest first. @throws WebhookNotFound */
  list(actor: RequestActor, endpointId: string, { limit, after }: PageQuery): Promise<WebhookDeliveryPage> {
    const [before = null] = readCursor(after, [isId]) ?? [];
    return this.database.read(actor, async (tx) => {
      if (!(await this.endpoints.read(tx, endpointId))) throw new WebhookNotFound();
      const from = before === null ? null : String(before);
      const rows = await this.deliveries.list(tx, endpointId, from, limit + 1);
      return pageOf(rows, limit, ({ id }) => [id]);
    });
  }

  /** Under the same id, so that a receiver that has it knows it again. @throws WebhookNotFound, WebhookDeliveryNotFound, WebhookDisabled */
  resend(actor: RequestActor, endpointId: string, deliveryId: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const endpoint = await this.endpoints.lock(tx, endpointId);
      if (!endpoint) throw new WebhookNotFound();
      if (endpoint.status === 'disabled') throw new WebhookDisabled();
      if (!(await this.deliveries.again(tx, endpointId, deliveryId))) throw new WebhookDeliveryNotFound();
      await this.jobs.enqueue(tx, 'deliver-webhook', { clinicId: tx.clinicId, deliveryId });
      await record(tx, { action: 'webhook.resend', entityId: deliveryId, patientId: null });
    });
  }
}
