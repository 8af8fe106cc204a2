const DAY_MS = 86_400_000;

/** With the queue's back-off the last attempt comes about 17 hours after the first. */
export const MOST_ATTEMPTS = 12;
const PATIENCE_MS = 3 * DAY_MS;
const GONE = 410;

/** How one attempt went: an HTTP status, or a word that says why there was none. */
export type Attempt =
  | { readonly status: number; readonly failure: null }
  | { readonly status: null; readonly failure: 'address-refused' | 'no-answer' | 'not-sealed' };

export interface Outcome {
  readonly delivery: 'delivered' | 'pending' | 'failed';
  /** Whether the endpoint is told nothing more until somebody enables it. */
  readonly disables: boolean;
}

/** What follows from the `attempts`-th attempt, the endpoint having failed since `failingSince`. */
export function outcomeOf(
  attempt: Attempt,
  { attempts, failingSince, now }: { attempts: number; failingSince: Date | null; now: Date },
): Outcome {
  if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300)
    return { delivery: 'delivered', disables: false };
  const isTooLong = failingSince !== null && now.getTime() - failingSince.getTime() > PATIENCE_MS;
  const disables = attempt.status === GONE || isTooLong;
  return { delivery: disables || attempts >= MOST_ATTEMPTS ? 'failed' : 'pending', disables };
}
