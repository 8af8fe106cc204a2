import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to windows, for the contexts above. Of a recompute of the whole clinic only that it is done. */
export type KeptWindowEvent =
  | {
      /** Issued or ended; or the night says that it came to stand elsewhere. */
      readonly what: 'issued' | 'ended' | 'due' | 'past-due' | 'lapsed';
      readonly windowId: string;
      readonly patientId: string;
    }
  | { readonly what: 'recomputed'; readonly recomputeId: string };

export type WindowListener = (tx: Tx, events: readonly KeptWindowEvent[]) => Promise<void>;

/** Tells the contexts above of windows in the transaction that changes them. */
@Injectable()
export class WindowEvents {
  readonly #listeners: WindowListener[] = [];

  subscribe(listener: WindowListener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, events: readonly KeptWindowEvent[]): Promise<void> {
    if (events.length > 0) for (const listener of this.#listeners) await listener(tx, events);
  }
}
