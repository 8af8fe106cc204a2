import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to a member of staff that those above must answer in the same transaction. */
export interface StaffEvent {
  readonly what: 'deactivated' | 'reactivated';
  readonly staffId: string;
}

type Listener = (tx: Tx, event: StaffEvent) => Promise<void>;

/** Lets contexts above end what somebody leaves behind (secret calendar addresses) and use their time again, without identity knowing them. */
@Injectable()
export class StaffEvents {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: StaffEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
