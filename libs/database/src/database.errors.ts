import { refusal } from '#kernel';

export class DatabaseUnavailable extends refusal({
  code: 'database_unavailable',
  kind: 'unavailable',
  title: 'The database cannot be reached right now; nothing was changed',
}) {}

export class DatabaseBusy extends refusal({
  code: 'database_busy',
  kind: 'unavailable',
  title: 'Too much is going on at once, or others are changing the same records; nothing was changed',
}) {}

interface Told {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown; originalMessage?: unknown } } };
  originalCode?: unknown;
}

const told = (error: unknown): Told => (typeof error === 'object' && error !== null ? error : {});

/** The SQLSTATE behind an error of pg or of Prisma, or null when it did not come from PostgreSQL. */
export function sqlState(error: unknown): string | null {
  const { code, meta, cause } = told(error);
  const original = meta?.driverAdapterError?.cause?.originalCode ?? told(cause).originalCode;
  if (typeof original === 'string') return original;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P2\d{3}$/.test(code) ? code : null;
}

/** The name of the violated constraint, which is the name of the promise it keeps (e.g. `patient_number_unique`). */
export function violatedConstraint(error: unknown): string | null {
  const { constraint, meta, message } = told(error);
  if (typeof constraint === 'string') return constraint;
  const original = meta?.driverAdapterError?.cause?.originalMessage;
  const text = typeof original === 'string' ? original : message;
  return (typeof text === 'string' ? /constraint "([^"]+)"/.exec(text)?.[1] : undefined) ?? null;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOENT',
]);

/** Whether the database is away (not: refused us for what we asked). */
export function isUnreachable(error: unknown): boolean {
  const { code, message, cause } = told(error);
  if (typeof code === 'string' && (UNREACHABLE.has(code) || /^(08|57P0|53)/.test(code))) return true;
  const text = typeof message === 'string' ? message : '';
  if (/Connection terminated|not queryable|server closed/i.test(text)) return true;
  return cause !== undefined && cause !== error && isUnreachable(cause);
}

/** Whether every connection was in use until we gave up waiting for one: pg-pool says it in these words only. */
export const isPoolFull = (error: unknown): boolean =>
  told(error).message === 'timeout exceeded when trying to connect';

/** Serialization failure or deadlock: safe to run the whole transaction again. */
export const isRetryable = (state: string | null): boolean => state === '40001' || state === '40P01';
