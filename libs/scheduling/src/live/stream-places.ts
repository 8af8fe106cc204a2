import type { RequestActor } from '#identity';

import { TooManyStreams } from '../domain/scheduling.errors.js';

/** A desk with its day on a few screens; an integration that shows it on many. */
export const MOST_OF_A_PERSON = 5;
export const MOST_OF_A_KEY = 20;

/** How many streams each caller has open in this process: a person over all sessions, an integration by key. */
export class StreamPlaces {
  readonly #taken = new Map<string, number>();

  /** Takes a place before anything is waited for; whoever calls what it answers gives it back, once. @throws TooManyStreams */
  take({ staffId, keyId }: Pick<RequestActor, 'staffId' | 'keyId'>): () => void {
    const caller = keyId ?? staffId;
    const most = keyId === undefined ? MOST_OF_A_PERSON : MOST_OF_A_KEY;
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= most) throw new TooManyStreams({ most });
    this.#taken.set(caller, taken + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
  }
}
