import { ApiKeyExpiryInvalid, ScopeBeyondOwn } from './api-key.errors.js';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 366;

/** @throws ScopeBeyondOwn naming what the maker may not do */
export function assertOwnScopes(scopes: readonly string[], permissions: ReadonlySet<string>): void {
  const beyond = scopes.filter((scope) => !permissions.has(scope));
  if (beyond.length > 0) throw new ScopeBeyondOwn({ scopes: beyond });
}

/** @throws ApiKeyExpiryInvalid */
export function assertExpiry(expiresAt: Date, now: Date): void {
  const left = expiresAt.getTime() - now.getTime();
  if (!(left > 0 && left <= LONGEST_DAYS * DAY_MS))
    throw new ApiKeyExpiryInvalid({ longestDays: LONGEST_DAYS });
}

/** How long the old secret works beside the new one; never longer than it would have anyway. */
export const overlapEnd = (now: Date, hours: number, expiresAt: Date): Date =>
  new Date(Math.min(now.getTime() + hours * 3_600_000, expiresAt.getTime()));
