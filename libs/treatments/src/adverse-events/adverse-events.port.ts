import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to an adverse event that those above must answer in the same transaction. */
export interface AdverseEventEvent {
  /** `opened` also when it is reopened; `changed` when more is known of an active one; `withdrawn`: entered in error. */
  readonly what: 'opened' | 'changed' | 'resolved' | 'withdrawn';
  readonly adverseEventId: string;
  readonly patientId: string;
  readonly treatmentId: string;
  readonly serious: boolean;
}

export type AdverseEventListener = (tx: Tx, event: AdverseEventEvent) => Promise<void>;

/** Lets repeat visits join the transaction that opens or resolves an adverse event, without treatments knowing them. */
@Injectable()
export class AdverseEventsPort {
  readonly #listeners: AdverseEventListener[] = [];

  subscribe(listener: AdverseEventListener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: AdverseEventEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
