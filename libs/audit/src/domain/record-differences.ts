/** Names an element of a list: by its id where it has one, so that a moved element is no change. */
const nameOf = (element: unknown, index: number): string =>
  typeof element === 'object' && element !== null && 'id' in element ? String(element.id) : String(index);

function membersOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) return new Map(value.map((element, i) => [nameOf(element, i), element]));
  return new Map(Object.entries(value).filter(([, member]) => member !== undefined));
}

/**
 * Where a record is not what was signed, as paths (`injections/<id>/units changed`); never the values, which are a
 * patient's. Both sides are JSON values; empty when they say the same.
 */
export function recordDifferences(signed: unknown, present: unknown, path = ''): string[] {
  const [before, after] = [membersOf(signed), membersOf(present)];
  if (before === null || after === null || Array.isArray(signed) !== Array.isArray(present)) {
    return Object.is(signed, present) ? [] : [`${path === '' ? 'content' : path} changed`];
  }
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const inside = path === '' ? name : `${path}/${name}`;
    if (!after.has(name)) return [`${inside} removed`];
    if (!before.has(name)) return [`${inside} added`];
    return recordDifferences(before.get(name), after.get(name), inside);
  });
}
