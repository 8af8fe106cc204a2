import type { Tx } from '#database';
import { Jobs } from '#jobs';
import { newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { payloadOf, type WebhookEvent } from './domain/webhook-events.js';
import { MOST_WEBHOOKS } from './domain/webhook-limits.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';

/** Of as many events deliveries are noted in one statement. */
const AT_ONCE = 100;

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
    const asked = await this.deliveries.wanted(tx, types);
    const wanted = events.filter(({ type }) => asked.has(type));
    for (let at = 0; at < wanted.length; at += AT_ONCE)
      await this.#tell(tx, wanted.slice(at, at + AT_ONCE), null);
  }

  /** To every endpoint that asked for it, or to one of them whatever it asked for. */
  announce(tx: Tx, event: WebhookEvent, only: string | null = null): Promise<void> {
    return this.#tell(tx, [event], only);
  }

  async #tell(tx: Tx, events: readonly WebhookEvent[], only: string | null): Promise<void> {
    const ids = Array.from({ length: MOST_WEBHOOKS * events.length }, () => newId(tx.now.getTime()));
    const told = events.map((event) => ({
      type: event.type,
      payload: payloadOf(event, tx.clinicId, tx.now),
    }));
    const made = await this.deliveries.add(tx, ids, told, only);
    const jobs = made.map((deliveryId) => ({ clinicId: tx.clinicId, deliveryId }));
    await this.jobs.enqueueAll(tx, 'deliver-webhook', jobs);
  }
}
