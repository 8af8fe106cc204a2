import type { Tx } from '#database';
import { Jobs } from '#jobs';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { payloadOf, type WebhookEvent } from './domain/webhook-events.js';
import { MOST_WEBHOOKS } from './domain/webhook-limits.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';

/** Notes what happened for whoever wants to be told, in the transaction in which it happens. */
@Injectable()
export class WebhookAnnouncements {
  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly jobs: Jobs,
  ) {}

  /** Many at once: asks first whether anybody wants to be told of any of them. */
  async announceAll(tx: Tx, events: readonly WebhookEvent[]): Promise<void> {
    const types = [...new Set(events.map(({ type }) => type))];
    const wanted = await this.deliveries.wanted(tx, types);
    for (const event of events) if (wanted.has(event.type)) await this.announce(tx, event);
  }

  /** To every endpoint that asked for it, or to one of them. */
  async announce(tx: Tx, event: WebhookEvent, only: string | null = null): Promise<void> {
    const ids = Array.from({ length: MOST_WEBHOOKS }, () => newId(tx.now.getTime()));
    const payload = payloadOf(event, tx.clinicId, tx.now);
    const made = await this.deliveries.add(tx, { ids, type: event.type, payload }, only);
    for (const deliveryId of made)
      await this.jobs.enqueue(tx, 'deliver-webhook', { clinicId: tx.clinicId, deliveryId });
  }
}
