import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

import { described } from '../../../src/openapi-document.js';
import { HEADERS } from './headers.js';
import { mutatedOnce } from './mutations.js';
import {
  BROKEN_BODIES,
  DAYS,
  MOMENTS,
  NASTY_NUMBERS,
  NASTY_SHAPES,
  NASTY_TEXTS,
  TIMES,
  WORDS,
} from './nasty-values.js';
import type { Operation, Schema } from './operations.js';

export const CALLERS = [
  'everything',
  'receptionist',
  'practitioner',
  'prescriber',
  'admin',
  'key',
  'nobody',
] as const;
export type Caller = (typeof CALLERS)[number];

/** A request that may be wrong in any place, made from what the API says of itself. */
export interface MalformedRequest {
  readonly operation: Operation;
  readonly who: Caller;
  readonly url: string;
  /** As sent: text that may be no JSON at all, or a form. */
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Ids of rows there are, by the name of their table with dashes (`patient`, `follow-up`): with them requests get past the door. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
const isIdField = (name: string): boolean => /(^|[a-z])Ids?$/.test(name) && name !== 'areaIds';
const BOUNDARY = 'fuzzed';

/** Makes malformed requests to one operation at a time. */
export class MalformedRequests {
  readonly #schemas: Record<string, Schema>;
  readonly #made = new Map<Operation, fc.Arbitrary<MalformedRequest>>();
  readonly #all: readonly string[];
  readonly #nastyText = fc.oneof(
    fc.constantFrom(...NASTY_TEXTS),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  readonly #nasty: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 3, arbitrary: this.#nastyText },
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

  /** The same for the same seed. */
  sample(operation: Operation, seed: number, count: number): MalformedRequest[] {
    let arbitrary = this.#made.get(operation);
    if (!arbitrary) this.#made.set(operation, (arbitrary = this.#requestsTo(operation)));
    // Neighbouring seeds draw alike at first, so they are spread.
    return fc.sample(arbitrary, { seed: Math.imul(seed, 0x9e3779b1), numRuns: count });
  }

  #requestsTo(operation: Operation): fc.Arbitrary<MalformedRequest> {
    const body = operation.form ? this.#formOf() : this.#bodyOf(operation);
    const sent = fc.record({
      operation: fc.constant(operation),
      who: fc.constantFrom<Caller>(...Array.from({ length: 14 }, () => 'everything' as const), ...CALLERS),
      url: this.#urlOf(operation),
      body: operation.method === 'GET' ? fc.constant(undefined) : body,
      headers: HEADERS,
    });
    if (!operation.form) return sent;
    const type = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    return sent.map((one) => ({ ...one, headers: { ...type, ...one.headers } }));
  }

  /** Mostly of the kind the name tells of, now and then of another. */
  #idOf(name: string): fc.Arbitrary<string> {
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

  #plausible(name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const { $ref, allOf, enum: words, items, properties, example } = schema;
    if ($ref !== undefined)
      return this.#plausible(name, this.#schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth);
    if (allOf?.[0]) return this.#plausible(name, allOf[0], depth);
    if (words) return fc.constantFrom(...words);
    const [type] = [schema.type].flat();
    if (properties && depth < 5) return this.#object(properties, new Set(schema.required ?? []), depth);
    if (items) return fc.array(this.#value(name, items, depth + 1), { maxLength: 3 });
    if (isIdField(name) || /ids?$/.test(name)) return this.#idOf(name);
    const some = example === undefined ? [] : [{ weight: 12, arbitrary: fc.constant(example) }];
    if (type === 'number' || type === 'integer') return fc.oneof(...some, fc.integer({ min: 0, max: 400 }));
    if (type === 'boolean') return fc.boolean();
    if (/(?:On|^on|from|to|Day|Date|until)$/.test(name))
      return fc.oneof(...some, fc.constantFrom(...DAYS, ...MOMENTS));
    if (name.endsWith('At')) return fc.oneof(...some, fc.constantFrom(...MOMENTS));
    return fc.oneof(...some, this.#goodText);
  }

  #value(name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 40, arbitrary: this.#plausible(name, schema, depth) },
      { weight: 1, arbitrary: this.#nasty },
    );
  }

  #object(
    properties: Readonly<Record<string, Schema>>,
    required: ReadonlySet<string>,
    depth: number,
  ): fc.Arbitrary<Record<string, unknown>> {
    const fields = Object.entries(properties).map(
      ([name, schema]) => [name, this.#value(name, schema, depth + 1)] as const,
    );
    const requiredKeys = Object.keys(properties).filter((name) => required.has(name));
    return fc.record(Object.fromEntries(fields), { requiredKeys });
  }

  /** The body the API gives as an example, with ids there are; whole, or wrong in one place. */
  #exampleOf(example: unknown): fc.Arbitrary<unknown> {
    const filled = this.#filled('', example);
    return fc.oneof(
      { weight: 2, arbitrary: filled },
      { weight: 5, arbitrary: filled.chain((made) => mutatedOnce(made, this.#nasty)) },
    );
  }

  #filled(name: string, value: unknown): fc.Arbitrary<unknown> {
    if (Array.isArray(value)) return fc.tuple(...value.map((inner) => this.#filled(name, inner)));
    if (typeof value === 'object' && value !== null)
      return fc.record(
        Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#filled(key, inner)])),
      );
    return isIdField(name) ? this.#idOf(name) : fc.constant(value);
  }

  #bodyOf({ body, example }: Operation): fc.Arbitrary<string | undefined> {
    const whole = body === null ? fc.constant<unknown>({}) : this.#plausible('body', body, 0);
    const right = example === undefined ? whole : this.#exampleOf(example);
    const asText = (made: unknown): string => JSON.stringify(made) ?? '';
    return fc.oneof(
      { weight: 16, arbitrary: right.map(asText) },
      { weight: 8, arbitrary: whole.map(asText) },
      {
        weight: 1,
        arbitrary: right.map((made) => asText(made).replace(/^\{("[^"]*":)/, '{$1null,$1')),
      },
      { weight: 1, arbitrary: this.#nasty.map(asText) },
      { weight: 1, arbitrary: fc.constantFrom(...BROKEN_BODIES) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
  }

  /** A form of parts in any number and order, of what is a file and what is none. */
  #formOf(): fc.Arbitrary<string> {
    const part = fc
      .record({
        name: fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom('about', 'file') },
          fc.constantFrom('', '__proto__', 'x'.repeat(300), '\r\nX: y'),
        ),
        fileName: fc.option(fc.constantFrom('a.jpg', '../../etc/passwd', '', 'a\0.pdf', 'x'.repeat(500))),
        content: fc.oneof(
          fc.constantFrom(
            '%PDF-1.7\n%%EOF',
            '\xff\xd8\xff\xe0',
            '<svg onload="alert(1)"/>',
            'PK\x03\x04',
            'x'.repeat(70_000),
          ),
          this.#nasty.map((made) => JSON.stringify(made) ?? ''),
        ),
      })
      .map(
        ({ name, fileName, content }) =>
          `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${fileName === null ? '' : `; filename="${fileName}"`}\r\n\r\n${content}\r\n`,
      );
    return fc
      .tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom(`--${BOUNDARY}--\r\n`, '', `--${BOUNDARY}`))
      .map(([parts, end]) => `${parts.join('')}${end}`);
  }

  #urlOf({ path, parameters }: Operation): fc.Arbitrary<string> {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const parts = path.split('/');
    const ofPath = (name: string): fc.Arbitrary<unknown> => {
      const word = singular(parts[parts.indexOf(`{${name}}`) - 1] ?? '');
      if (name === 'product') return fc.constantFrom('ona', 'abo', 'inco');
      if (name === 'area') return fc.constantFrom('glabella', 'forehead', 'crows-feet');
      return this.#idOf(name === 'id' ? word : name);
    };
    return fc
      .tuple(
        fc.tuple(
          ...inPath.map((name) =>
            fc.oneof({ weight: 24, arbitrary: ofPath(name) }, { weight: 1, arbitrary: this.#nastyText }),
          ),
        ),
        fc.record(
          Object.fromEntries(inQuery.map(({ name, schema }) => [name, this.#value(name, schema, 1)])),
          { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) },
        ),
        fc.oneof(
          { weight: 24, arbitrary: fc.constant(null) },
          {
            weight: 1,
            arbitrary: fc.tuple(
              fc.constantFrom('sort', 'filter', 'limit', 'after', 'page', '__proto__', 'a[b]'),
              this.#nasty,
            ),
          },
        ),
      )
      .map(([params, query, extra]) => {
        const filled = inPath.reduce(
          (made, name, i) => made.replace(`{${name}}`, () => encodeURIComponent(text(params[i]))),
          path,
        );
        const pairs = [...Object.entries(query), ...(extra ? [extra] : [])].flatMap(([name, one]) =>
          (Array.isArray(one) ? one.slice(0, 3) : [one]).map(
            (each) => `${encodeURIComponent(name)}=${encodeURIComponent(text(each))}`,
          ),
        );
        return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
      });
  }
}

const text = (made: unknown): string =>
  (typeof made === 'string' ? made : (JSON.stringify(made) ?? '')).slice(0, 3000).toWellFormed();
