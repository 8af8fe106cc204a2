import type { Tx } from '#database';
import { Injectable } from '@nestjs/common';

/** What happened to a patient's record, for the contexts above that follow it. */
export type PatientEvent =
  | {
      /** `fromId` is now read with `intoId` (see `unitedIds`), or stands for itself again. */
      readonly verb: 'merged' | 'unmerged';
      readonly fromId: string;
      readonly intoId: string;
    }
  | {
      /** Left care for good; `reactivated` takes either back, also one recorded by mistake. */
      readonly verb: 'died' | 'transferred' | 'reactivated';
      readonly patientId: string;
    }
  | {
      /** Telephone, e-mail, channels, language, quiet hours or do-not-contact. */
      readonly verb: 'contact-changed';
      readonly patientId: string;
    };

type Listener = (tx: Tx, event: PatientEvent) => Promise<void>;

/** Tells the contexts above of every change in its own transaction: they react with it, or nothing happens at all. */
@Injectable()
export class PatientEventsPort {
  readonly #listeners: Listener[] = [];

  subscribe(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async publish(tx: Tx, event: PatientEvent): Promise<void> {
    for (const listener of this.#listeners) await listener(tx, event);
  }
}
