import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

import { InvalidInput } from './http.errors.js';

/** Cursor paging: `limit` rows after the cursor that the previous page named in `next`. */
export class PageQuery {
  /**
   * Rows a page, 1 to 100.
   * @example 50
   */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 50;

  /** `next` of the page before; leave out for the first page. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  after?: string;
}

/** A page: its rows and the cursor of the next page, null on the last. */
export interface Page<Item> {
  readonly items: Item[];
  readonly next: string | null;
}

type Key = string | number;

const isKey = (part: unknown): part is Key => typeof part === 'string' || typeof part === 'number';
const isKeyList = (parts: unknown): parts is Key[] => Array.isArray(parts) && parts.every(isKey);

/** Cuts `limit + 1` fetched rows to a page whose cursor is the sort key of its last row. */
export function pageOf<Item>(
  rows: readonly Item[],
  limit: number,
  keyOf: (item: Item) => readonly Key[],
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

/** The cursor of a page that ends with this sort key. */
export const cursorOf = (key: readonly Key[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The sort key a cursor carries, or null on the first page. `shape` says each part's test.
 * @throws InvalidInput when the cursor is not one of ours.
 */
export function readCursor(
  after: string | undefined,
  shape: readonly ((part: unknown) => boolean)[],
): Key[] | null {
  if (after === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (isKeyList(key) && key.length === shape.length && shape.every((test, i) => test(key[i]))) return key;
  } catch {
    // Falls through: text that is no JSON is no cursor either.
  }
  throw new InvalidInput([
    { pointer: '/after', in: 'query', detail: 'Give `next` of the page before, unchanged' },
  ]);
}
