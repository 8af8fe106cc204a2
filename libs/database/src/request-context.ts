import { AsyncLocalStorage } from 'node:async_hooks';

import type { Actor } from './actor.js';
import type { Tx } from './tx.js';

/** What one HTTP request carries through every layer without being passed by hand. */
export interface RequestContext {
  readonly requestId: string;
  readonly address: string;
  /** Who it turned out to be, also when they may not do what they asked. */
  actor?: Actor;
  /**
   * Wraps the request's first `write`: Idempotency-Key keeps its answer in the very transaction that does the work. A `step`
   * before it keeps none, but is not taken where the answer is kept already.
   */
  aroundFirstWrite?: <T>(tx: Tx, work: () => Promise<T>, keeps: boolean) => Promise<T>;
}

export const requestContext = new AsyncLocalStorage<RequestContext>();
