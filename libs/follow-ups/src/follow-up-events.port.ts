import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to follow-ups, for the contexts above. */
export interface FollowUpEvent {
  /** `freed`: its booking was cancelled, so it is due again. */
  readonly what: 'planned' | 'booked' | 'freed' | 'completed' | 'missed' | 'waived';
  readonly followUpId: string;
  readonly patientId: string;
}

export type FollowUpListener = (tx: Tx, events: readonly FollowUpEvent[]) => Promise<void>;

/** Tells the contexts above of follow-ups in the transaction that changes them. */
@Injectable()
export class FollowUpEvents {
  readonly #listeners: FollowUpListener[] = [];

  subscribe(listener: FollowUpListener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, events: readonly FollowUpEvent[]): Promise<void> {
    if (events.length > 0) for (const listener of this.#listeners) await listener(tx, events);
  }
}
