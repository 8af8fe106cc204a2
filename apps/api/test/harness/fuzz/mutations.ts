import fc from 'fast-check';

type Path = readonly (string | number)[];

/** The same body, wrong in one place: another value there, nothing, or one field more. */
export function mutatedOnce(made: unknown, nasty: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const places = placesIn(made);
  if (places.length === 0) return nasty;
  return fc
    .tuple(fc.constantFrom(...places), nasty, fc.constantFrom('other', 'other', 'other', 'none', 'more'))
    .map(([place, value, how]) => {
      if (how === 'none') return changed(made, place, undefined);
      if (how === 'more') return changed(made, [...place.slice(0, -1), 'nobodyAskedForThis'], value);
      return changed(made, place, value);
    });
}

function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Array.isArray(value)
    ? value.flatMap((one, i) => placesIn(one, [...at, i]))
    : Object.entries(value).flatMap(([name, one]) => placesIn(one, [...at, name]));
  return at.length === 0 ? inner : [at, ...inner];
}

function changed(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) return value.map((one, i) => (i === first ? changed(one, rest, to) : one));
  const held = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const inner = held.find(([name]) => name === first)?.[1];
  return Object.fromEntries([...held.filter(([name]) => name !== first), [first, changed(inner, rest, to)]]);
}
