import { randomUUID } from 'node:crypto';

/** A UUID version 7 (RFC 9562): time-ordered, so that new rows stand together in an index. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  // A version 4 has its random bits and its variant in the same places, and Node draws those of many at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Before every id there is: where a walk through all of them begins. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
export const isId = (text: unknown): text is string => typeof text === 'string' && UUID.test(text);
