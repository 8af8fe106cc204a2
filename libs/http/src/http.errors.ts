import { DomainError, refusal } from '#kernel';

/** One thing that is wrong with what was sent. */
export interface InputError {
  /** JSON pointer (RFC 6901) into the body, or `/name` of a query or path parameter. */
  readonly pointer: string;
  readonly in: 'body' | 'query' | 'path' | 'header';
  readonly detail: string;
}

export class InvalidInput extends refusal({
  code: 'invalid_input',
  kind: 'bad-input',
  title: 'Something in the request cannot be understood; nothing was changed',
}) {
  constructor(readonly errors: readonly InputError[]) {
    super({ errors });
  }
}

export class NoSuchEndpoint extends refusal({
  code: 'no_such_endpoint',
  kind: 'not-found',
  title: 'There is nothing at this address for this method',
}) {}

export class IdempotencyKeyReused extends refusal({
  code: 'idempotency_key_reused',
  kind: 'rule',
  title: 'This Idempotency-Key was already used for a different request',
}) {}

export class IdempotencyKeyInFlight extends refusal({
  code: 'idempotency_key_in_flight',
  kind: 'conflict',
  title: 'The first request with this Idempotency-Key is still being worked on',
}) {}

export class StaleVersion extends refusal({
  code: 'stale_version',
  kind: 'stale',
  title: 'Someone changed this since you read it: read it again',
}) {}

export class TooManyRequests extends refusal({
  code: 'too_many_requests',
  kind: 'too-many',
  title: 'Too many attempts: wait before trying again',
}) {}

export class InternalError extends refusal({
  code: 'internal_error',
  kind: 'unavailable',
  title: 'Something went wrong on our side; it was recorded under the request id',
}) {}

/** Not an error: carries the first answer of an Idempotency-Key out of the transaction it must not repeat. */
export class Replay extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super('replay');
  }
}

export const STATUS: Record<DomainError['spec']['kind'], number> = {
  'bad-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  stale: 412,
  rule: 422,
  'too-many': 429,
  unavailable: 503,
};
