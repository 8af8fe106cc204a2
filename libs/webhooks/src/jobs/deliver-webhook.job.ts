import { Clock, isId } from '#kernel';
import { Database, systemActor } from '#database';
import { Sealing, SealingNotSetUp } from '#identity';
import { type JobData, JobHandler } from '#jobs';
import { AddressRefused, Outbound } from '#outbound';
import { Injectable } from '@nestjs/common';

import { type Attempt, outcomeOf } from '../domain/delivery-outcome.js';
import { type PendingDelivery, WebhookDeliveriesRepository } from '../webhook-deliveries.repository.js';
import { sealedFor, signed } from '../webhook-signature.js';

/** The receiver did not take it: the queue tries again, later each time. */
class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

/** Sends one event to one endpoint. A second run after a success sends nothing; after a lost answer, the same id again. */
@Injectable()
export class DeliverWebhook extends JobHandler {
  readonly queue = 'deliver-webhook';

  constructor(
    private readonly database: Database,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly outbound: Outbound,
    private readonly sealing: Sealing,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work({ clinicId, deliveryId }: JobData): Promise<void> {
    if (!isId(deliveryId)) throw new Error('A delivery needs its id');
    const system = systemActor(clinicId);
    const delivery = await this.database.read(system, (tx) => this.deliveries.read(tx, deliveryId));
    if (delivery?.status !== 'pending') return;
    const isDisabled = delivery.endpointStatus === 'disabled';
    const attempt: Attempt = isDisabled
      ? { status: null, failure: 'no-answer' }
      : await this.#attempt(clinicId, delivery);
    const result = await this.database.write(system, async (tx) => {
      // Meanwhile somebody may have enabled the endpoint, which forgives the failures so far, or removed it.
      const present = await this.deliveries.hold(tx, deliveryId);
      if (!present) return null;
      const { attempts, failingSince, endpointId } = present;
      const told = outcomeOf(attempt, { attempts: attempts + 1, failingSince, now: tx.now });
      // To one that was disabled nothing was sent, which says nothing of it.
      const came = isDisabled ? 'failed' : told.delivery;
      await this.deliveries.note(tx, present, attempt, came);
      if (!isDisabled) await this.deliveries.noteEndpoint(tx, endpointId, told);
      return came;
    });
    if (result === 'pending') throw new NotDelivered();
  }

  async #attempt(clinicId: string, delivery: PendingDelivery): Promise<Attempt> {
    const { id, payload: body, url } = delivery;
    const at = this.clock.now();
    try {
      const headers = signed({ id, at, body }, this.#secrets(clinicId, delivery, at));
      const sent = { 'content-type': 'application/json', 'user-agent': 'Revisit-Webhooks/1', ...headers };
      const { status } = await this.outbound.send(url, { method: 'POST', headers: sent, body });
      return { status, failure: null };
    } catch (error) {
      if (error instanceof AddressRefused) return { status: null, failure: 'address-refused' };
      if (error instanceof SealingNotSetUp) return { status: null, failure: 'not-sealed' };
      return { status: null, failure: 'no-answer' };
    }
  }

  #secrets(clinicId: string, delivery: PendingDelivery, at: Date): string[] {
    const { endpointId, sealedSecret, sealedPreviousSecret, previousUntil } = delivery;
    const isOldValid = previousUntil !== null && previousUntil > at;
    const sealed = [
      sealedSecret,
      ...(isOldValid && sealedPreviousSecret !== null ? [sealedPreviousSecret] : []),
    ];
    return sealed.map((one) => this.sealing.open(one, sealedFor(clinicId, endpointId)));
  }
}
