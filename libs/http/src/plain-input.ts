import { isId } from '#kernel';

import type { InputError } from './http.errors.js';

const MAY_BE_NULL = 'revisit:may-be-null';

/** On a field of a DTO that null clears; everywhere else null is refused, since class-validator's IsOptional lets it pass. */
export const MayBeNull = (): PropertyDecorator => Reflect.metadata(MAY_BE_NULL, true);

/** Ids are compared as text in places, so each is read in lower case, wherever it stands. */
export function withLowerIds(value: unknown): unknown {
  if (isId(value)) return value.toLowerCase();
  if (Array.isArray(value)) return value.map(withLowerIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLowerIds(inner)]));
}

/** What class-validator overlooks in a DTO it has passed: null in a field that has no use for it, lists inside lists. */
export function overlooked(value: unknown, pointer = ''): Omit<InputError, 'in'>[] {
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, index) => {
      const at = `${pointer}/${index}`;
      if (Array.isArray(element)) return [{ pointer: at, detail: 'This cannot be a list' }];
      return element === null ? [{ pointer: at, detail: 'This cannot be null' }] : overlooked(element, at);
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  const dto: object = value;
  return Object.entries(dto).flatMap(([name, inner]: [string, unknown]) => {
    const at = `${pointer}/${name}`;
    if (inner !== null) return overlooked(inner, at);
    return Reflect.hasMetadata(MAY_BE_NULL, dto, name)
      ? []
      : [{ pointer: at, detail: 'This cannot be null' }];
  });
}
