import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** A clinic has decided on figures of its own. */
export interface ProtocolChanged {
  readonly product: string;
  readonly area: string;
  readonly version: number;
  /** Already in force, or from a later day on. */
  readonly inForce: boolean;
  readonly validFrom: CalendarDate;
}

type Listener = (tx: Tx, event: ProtocolChanged) => Promise<void>;

/** Lets the contexts above follow new figures in the transaction that keeps them. */
@Injectable()
export class ProtocolEventsPort {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: ProtocolChanged): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
