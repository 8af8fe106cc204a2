import type { FastifyInstance } from 'fastify';

import { InvalidInput, type InputError } from './http.errors.js';

const DEEPEST = 32;
const LONGEST = 20_000;

/**
 * What no field may hold, whatever its DTO says: NUL (PostgreSQL cannot store it), lone surrogates (no valid UTF-8),
 * numbers beyond what JSON keeps exact, texts and nestings beyond any form's need. Registered before any handler.
 */
export function guardInput(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    const errors = [
      ...inputFaults(request.body, 'body'),
      ...inputFaults(request.query, 'query'),
      ...inputFaults(request.params, 'path'),
    ];
    done(errors.length > 0 ? new InvalidInput(errors.slice(0, 20)) : undefined);
  });
}

/** What is wrong with a value that was sent, wherever it came from. */
export const inputFaults = (value: unknown, place: InputError['in']): InputError[] =>
  faults(value, place, '', 0);

function faults(value: unknown, place: InputError['in'], pointer: string, depth: number): InputError[] {
  const fault = (detail: string): InputError[] => [{ pointer, in: place, detail }];
  if (typeof value === 'string') {
    if (value.includes('\0')) return fault('A text cannot hold the NUL character');
    if (!value.isWellFormed()) return fault('A text cannot hold half of a surrogate pair');
    return value.length > LONGEST ? fault(`A text cannot be longer than ${LONGEST} characters`) : [];
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
      ? []
      : fault('The number is too large');
  }
  if (typeof value !== 'object' || value === null) return [];
  if (depth >= DEEPEST) return fault('The value is nested too deeply');
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = key.replaceAll('~', '~0').replaceAll('/', '~1');
    if (key.includes('\0') || !key.isWellFormed()) return fault('A field name is not valid text');
    return faults(inner, place, `${pointer}/${name}`, depth + 1);
  });
}
