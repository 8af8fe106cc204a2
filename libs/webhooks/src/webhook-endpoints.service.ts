import { record } from '#audit';
import { Database, type Tx } from '#database';
import { assertFresh } from '#http';
import { type RequestActor, Sealing } from '#identity';
import { newId } from '#kernel';
import { Outbound } from '#outbound';
import { Injectable } from '@nestjs/common';

import { WebhookDisabled, WebhookLimit, WebhookNotFound } from './domain/webhook.errors.js';
import { MOST_WEBHOOKS } from './domain/webhook-limits.js';
import type {
  ChangeWebhook,
  MakeWebhook,
  NewWebhookSecret,
  WebhookList,
  WebhookView,
} from './http/webhook.dto.js';
import { WebhookAnnouncements } from './webhook-announcements.js';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.js';
import { newWebhookSecret, sealedFor } from './webhook-signature.js';

const HOUR_MS = 3_600_000;
const OVERLAP_HOURS = 24;

/** Where integrators are told of what happens. */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly database: Database,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly announcements: WebhookAnnouncements,
    private readonly outbound: Outbound,
    private readonly sealing: Sealing,
  ) {}

  list(actor: RequestActor): Promise<WebhookList> {
    return this.database.read(actor, async (tx) => ({ items: await this.endpoints.list(tx) }));
  }

  /** @throws AddressRefused, WebhookLimit, SealingNotSetUp */
  make(actor: RequestActor, { url, events }: MakeWebhook): Promise<NewWebhookSecret> {
    this.outbound.assertAddress(url);
    return this.database.write(actor, async (tx) => {
      const [id, secret] = [newId(tx.now.getTime()), newWebhookSecret()];
      const sealedSecret = this.sealing.seal(secret, sealedFor(tx.clinicId, id));
      const endpoint = { id, url, events, sealedSecret };
      if (!(await this.endpoints.add(tx, endpoint, MOST_WEBHOOKS)))
        throw new WebhookLimit({ most: MOST_WEBHOOKS });
      await record(tx, { action: 'webhook.make', entityId: id, patientId: null, detail: { url, events } });
      return { id, secret };
    });
  }

  /** Enabling forgives the failures so far. @throws WebhookNotFound, AddressRefused, StaleVersion */
  change(
    actor: RequestActor,
    id: string,
    wanted: ChangeWebhook,
    read: number | undefined,
  ): Promise<WebhookView> {
    if (wanted.url !== undefined) this.outbound.assertAddress(wanted.url);
    return this.database.write(actor, async (tx) => {
      const before = await this.#locked(tx, id);
      assertFresh(before.version, read);
      const { url = before.url, events = before.events, status = before.status } = wanted;
      await this.endpoints.change(tx, { id, url, events, status });
      const detail = { before: seen(before), after: { url, events, status } };
      await record(tx, { action: 'webhook.change', entityId: id, patientId: null, detail });
      return this.#present(tx, id);
    });
  }

  /** Nothing more is sent to it, and what was sent is forgotten. @throws WebhookNotFound */
  remove(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const before = seen(await this.#locked(tx, id));
      await this.endpoints.remove(tx, id);
      await record(tx, { action: 'webhook.remove', entityId: id, patientId: null, detail: { before } });
    });
  }

  /** Both secrets sign for a day. @throws WebhookNotFound, SealingNotSetUp */
  rotate(actor: RequestActor, id: string): Promise<NewWebhookSecret> {
    return this.database.write(actor, async (tx) => {
      await this.#locked(tx, id);
      const secret = newWebhookSecret();
      const until = new Date(tx.now.getTime() + OVERLAP_HOURS * HOUR_MS);
      await this.endpoints.rotate(tx, id, this.sealing.seal(secret, sealedFor(tx.clinicId, id)), until);
      await record(tx, { action: 'webhook.rotate-secret', entityId: id, patientId: null });
      return { id, secret };
    });
  }

  /** Sends an event that means nothing, to see whether it arrives. @throws WebhookNotFound, WebhookDisabled */
  ping(actor: RequestActor, id: string): Promise<void> {
    return this.database.write(actor, async (tx) => {
      const { status } = await this.#locked(tx, id);
      if (status === 'disabled') throw new WebhookDisabled();
      await this.announcements.announce(tx, { type: 'webhook.ping', data: {} }, id);
      await record(tx, { action: 'webhook.ping', entityId: id, patientId: null });
    });
  }

  async #locked(tx: Tx, id: string): Promise<WebhookView> {
    const endpoint = await this.endpoints.lock(tx, id);
    if (!endpoint) throw new WebhookNotFound();
    return endpoint;
  }

  async #present(tx: Tx, id: string): Promise<WebhookView> {
    const endpoint = await this.endpoints.read(tx, id);
    if (!endpoint) throw new WebhookNotFound();
    return endpoint;
  }
}

const seen = ({ url, events, status }: WebhookView): object => ({ url, events, status });
