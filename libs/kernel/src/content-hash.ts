import { createHash } from 'node:crypto';

import { refusal } from './domain-error.js';

export class NotHashable extends refusal({
  code: 'not_hashable',
  kind: 'bad-input',
  title: 'The content has a value JSON cannot carry exactly',
}) {}

/**
 * One text per content: members sorted by UTF-16 code units, no spaces, absent members left out (RFC 8785).
 * @throws NotHashable for NaN, infinities, functions, dates, bigints and lone surrogates
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string' && value.isWellFormed()) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new NotHashable({ type: typeof value });
}

/** SHA-256 (hex) of the canonical JSON: what a signature locks. @throws NotHashable */
export const contentHash = (content: unknown): string => textHash(canonicalJson(content));

/** SHA-256 (hex) of a text in UTF-8. */
export const textHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
