import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

import { described } from '../../../src/openapi-document.js';
import { isIdField, singular } from '../id-fields.js';
import { mutatedOnce } from './mutations.js';
import { DAYS, MOMENTS, NASTY_NUMBERS, NASTY_SHAPES, NASTY_TEXTS, TIMES, WORDS } from './nasty-values.js';
import type { Schema } from './operations.js';

/** Ids of rows there are, by the name of their table with dashes (`patient`, `follow-up`): with them requests get past the door. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Values a schema or an example asks for, with ids there are; now and then one that nothing asks for. */
export class PlausibleValues {
  readonly #schemas: Record<string, Schema>;
  readonly #all: readonly string[];
  readonly nastyText = fc.oneof(
    fc.constantFrom(...NASTY_TEXTS),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  readonly nasty: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 3, arbitrary: this.nastyText },
    fc.constantFrom<unknown>(...NASTY_NUMBERS),
    fc.constantFrom(...NASTY_SHAPES),
    fc.jsonValue({ maxDepth: 3 }),
  );
  readonly #goodText: fc.Arbitrary<string>;

  constructor(
    document: OpenAPIObject,
    readonly known: KnownIds,
  ) {
    this.#schemas = described(document).components?.schemas ?? {};
    this.#all = Object.values(known).flat();
    this.#goodText = fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...this.#all) },
      fc.constantFrom(...DAYS),
      fc.constantFrom(...MOMENTS),
      fc.constantFrom(...TIMES),
      fc.constantFrom(...WORDS),
    );
  }

  /** Mostly of the kind the name tells of, now and then of another. */
  idOf(name: string): fc.Arbitrary<string> {
    const kind = kebab(name.replace(/Ids?$/, ''));
    const { known } = this;
    const close = Object.keys(known).find(
      (table) => table.endsWith(kind) || kind.endsWith(table) || table.startsWith(kind),
    );
    const own =
      known[kind] ?? known[singular(kind)] ?? (close === undefined ? undefined : known[close]) ?? this.#all;
    return fc.oneof(
      { weight: 19, arbitrary: fc.constantFrom(...own) },
      { weight: 1, arbitrary: fc.constantFrom(...this.#all) },
    );
  }

  plausible(name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const { $ref, allOf, enum: words, items, properties, example } = schema;
    if ($ref !== undefined)
      return this.plausible(name, this.#schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth);
    if (allOf?.[0]) return this.plausible(name, allOf[0], depth);
    if (words) return fc.constantFrom(...words);
    const [type] = [schema.type].flat();
    if (properties && depth < 5) return this.#object(properties, new Set(schema.required ?? []), depth);
    if (items) return fc.array(this.value(name, items, depth + 1), { maxLength: 3 });
    if (isIdField(name) || /ids?$/.test(name)) return this.idOf(name);
    const some = example === undefined ? [] : [{ weight: 12, arbitrary: fc.constant(example) }];
    if (type === 'number' || type === 'integer') return fc.oneof(...some, fc.integer({ min: 0, max: 400 }));
    if (type === 'boolean') return fc.boolean();
    if (/(?:On|^on|from|to|Day|Date|until)$/.test(name))
      return fc.oneof(...some, fc.constantFrom(...DAYS, ...MOMENTS));
    if (name.endsWith('At')) return fc.oneof(...some, fc.constantFrom(...MOMENTS));
    return fc.oneof(...some, this.#goodText);
  }

  value(name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 40, arbitrary: this.plausible(name, schema, depth) },
      { weight: 1, arbitrary: this.nasty },
    );
  }

  #object(
    properties: Readonly<Record<string, Schema>>,
    required: ReadonlySet<string>,
    depth: number,
  ): fc.Arbitrary<Record<string, unknown>> {
    const fields = Object.entries(properties).map(
      ([name, schema]) => [name, this.value(name, schema, depth + 1)] as const,
    );
    const requiredKeys = Object.keys(properties).filter((name) => required.has(name));
    return fc.record(Object.fromEntries(fields), { requiredKeys });
  }

  /** The body the API gives as an example, with ids there are; whole, or wrong in one place. */
  exampleOf(example: unknown): fc.Arbitrary<unknown> {
    const filled = this.#filled('', example);
    return fc.oneof(
      { weight: 2, arbitrary: filled },
      { weight: 5, arbitrary: filled.chain((made) => mutatedOnce(made, this.nasty)) },
    );
  }

  #filled(name: string, value: unknown): fc.Arbitrary<unknown> {
    if (Array.isArray(value)) return fc.tuple(...value.map((inner) => this.#filled(name, inner)));
    if (typeof value === 'object' && value !== null)
      return fc.record(
        Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#filled(key, inner)])),
      );
    return isIdField(name) ? this.idOf(name) : fc.constant(value);
  }
}
