import { DomainError } from '#kernel';
import { HttpException } from '@nestjs/common';

import {
  InternalError,
  InvalidInput,
  NoSuchEndpoint,
  STATUS,
  TooManyRequests,
  type InputError,
} from './http.errors.js';

/** RFC 9457: what a refusal looks like on the wire. */
export interface Problem {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What was sent, to point at the field a bad value came from. */
export interface Sent {
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
}

/** Members of every problem; a fact of the same name is sent as `present…`, e.g. a treatment's status as `presentStatus`. */
const RESERVED = new Set(['type', 'title', 'status', 'code', 'detail', 'requestId']);

/** The problem of anything that was thrown. Only refusals speak of themselves; all else is a fault of ours. */
export function problemOf(thrown: unknown, requestId: string, sent: Sent = {}): Problem {
  const error = asRefusal(thrown);
  const { code, kind, title } = error.spec;
  const status = error instanceof InternalError ? 500 : STATUS[kind];
  const facts = Object.entries(error.facts).map(([name, fact]) => [
    RESERVED.has(name) ? `present${name[0]?.toUpperCase()}${name.slice(1)}` : name,
    fact,
  ]);
  const pointed = kind === 'bad-input' && !('errors' in error.facts) ? { errors: [locate(error, sent)] } : {};
  return {
    status,
    body: {
      type: `urn:revisit:problem:${code}`,
      title,
      status,
      code,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      requestId,
      ...Object.fromEntries(facts),
      ...pointed,
    },
  };
}

export function asRefusal(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const status = statusOf(thrown);
  if (status === 404 || status === 405) return new NoSuchEndpoint();
  if (status === 429) return new TooManyRequests();
  if (status >= 400 && status < 500) {
    const where = status === 414 || isBadAddress(thrown) ? 'path' : 'body';
    return new InvalidInput([{ pointer: '', in: where, detail: reason(thrown, status) }]);
  }
  return new InternalError();
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown
    ? Number(thrown.statusCode)
    : 500;
}

const isBadAddress = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'FST_ERR_BAD_URL';

/** What was wrong before a handler was reached, without echoing what was sent. */
function reason(thrown: unknown, status: number): string {
  if (status === 413) return 'The body is larger than this endpoint takes';
  if (status === 414) return 'The address is too long';
  if (status === 415) return 'The body must be application/json in UTF-8';
  return isBadAddress(thrown) ? 'The address is not valid' : 'The body is not valid JSON in UTF-8';
}

/** The field whose value a rule of the domain could not read: the first one sent that a fact of the refusal quotes. */
function locate({ facts, spec }: DomainError, { body, query, params }: Sent): InputError {
  const quoted = new Set(
    Object.values(facts).filter((fact) => typeof fact === 'string' || typeof fact === 'number'),
  );
  for (const [place, value] of [
    ['body', body],
    ['query', query],
    ['path', params],
  ] as const) {
    const pointer = find(value, quoted, '');
    if (pointer !== null) return { pointer, in: place, detail: spec.title };
  }
  // A value that was read on (a local time made an instant) is no longer quoted as sent: the fact's name tells the field.
  const name = Object.keys(facts).find((fact) => typeof body === 'object' && body !== null && fact in body);
  return { pointer: name === undefined ? '' : `/${name}`, in: 'body', detail: spec.title };
}

function find(value: unknown, quoted: ReadonlySet<unknown>, pointer: string): string | null {
  if (quoted.has(value)) return pointer;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = find(inner, quoted, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    if (found !== null) return found;
  }
  return null;
}
