import type { Tx } from '#database';
import type { CalendarDate } from '#kernel';
import { Injectable } from '@nestjs/common';

/** What happened to a treatment that those above must answer in the same transaction. */
export interface TreatmentEvent {
  readonly what: 'signed' | 'amended' | 'withdrawn';
  readonly treatmentId: string;
  /** The version an amendment replaces. */
  readonly replacesId: string | null;
  readonly patientId: string;
  readonly treatedOn: CalendarDate;
  readonly kind: 'full' | 'touch-up';
  /** What was treated, one entry per product and area. */
  readonly doses: readonly { readonly product: string; readonly area: string }[];
}

export type TreatmentListener = (tx: Tx, event: TreatmentEvent) => Promise<void>;

/** Lets follow-ups and repeat visits join the transaction that signs, without treatments knowing them. */
@Injectable()
export class TreatmentEvents {
  readonly #listeners: TreatmentListener[] = [];

  subscribe(listener: TreatmentListener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: TreatmentEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
