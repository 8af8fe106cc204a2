import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

/** A request that may be wrong in any place, made from what the API says of itself. */
export interface MalformedRequest {
  readonly operation: Operation;
  readonly who: 'receptionist' | 'practitioner' | 'prescriber' | 'admin' | 'nobody';
  readonly url: string;
  /** As sent: text that may be no JSON at all. */
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: Schema }[];
  readonly body: Schema | null;
  /** Statuses the document names. */
  readonly documented: ReadonlySet<number>;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly example?: unknown;
}

interface Described {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses: Record<string, unknown>;
}

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

export function operationsOf(document: OpenAPIObject): Operation[] {
  // The document's types allow references everywhere; what the swagger plugin writes is this.
  const paths = document.paths as unknown as Record<string, Record<string, Described>>;
  return Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(METHODS).flatMap(([word, method]) => {
      const described = byMethod[word];
      if (!described) return [];
      const parameters = (described.parameters ?? []).map(({ name, in: place, schema = {} }) => ({
        name,
        in: place,
        schema,
      }));
      const body = described.requestBody?.content?.['application/json']?.schema ?? null;
      return [
        { method, path, parameters, body, documented: new Set(Object.keys(described.responses).map(Number)) },
      ];
    }),
  );
}

const LONE = '\ud800';
const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  `a${LONE}`,
  '\u202e',
  'ﷺ'.repeat(300),
  "'; DROP TABLE patient; --",
  '../../etc/passwd',
  '${7*7}',
  '__proto__',
  'constructor',
  'null',
  'true',
  'NaN',
  '-0',
  '1e308',
  '0x10',
  '%00',
  '%',
  '2023-02-30',
  '0000-00-00',
  '9999-12-31',
  '10000-01-01',
  '2026-03-29T01:30',
  '2026-13-01T25:61',
  '2026-06-30T23:59:60Z',
  '-000001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '24:00',
  'Mars/Olympus',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'W10',
  'WyIiLCIiLCIwMTkwMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ',
  'WzFlMzA4XQ',
  'x'.repeat(25_000),
];
const NASTY_NUMBERS = [
  -1,
  0,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1.000000001,
  999_999_999,
];
const DAYS = ['2026-12-01', '2027-03-28', '2028-02-29', '0001-01-01', '9999-12-31'];
const MOMENTS = [
  '2026-12-01T10:00',
  '2026-12-01T10:00:00Z',
  '2027-03-28T01:30',
  '2027-10-31T01:30',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
];
const TIMES = ['09:00', '17:30', '24:00', '00:00'];
const WORDS = [
  'ona',
  'glabella',
  'abo',
  'forehead',
  'left',
  'midline',
  'Europe/London',
  'full',
  'touch-up',
  'UK',
  '2026-01',
  'A',
];

/** Ids of rows there are, by what they are the id of (`patient`, `follow-up`): with them some requests get past the door. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Malformed requests to all operations alike. */
export function malformedRequests(document: OpenAPIObject, known: KnownIds): fc.Arbitrary<MalformedRequest> {
  const ids = Object.values(known).flat();
  /** Mostly of the kind the name tells of, now and then of another. */
  const idOf = (name: string): fc.Arbitrary<string> => {
    const kind = kebab(name.replace(/Ids?$/, ''));
    const own = known[kind] ?? known[kind.replace(/s$/, '')] ?? ids;
    return fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...own) },
      { weight: 1, arbitrary: fc.constantFrom(...ids) },
    );
  };
  // As above: schemas stand in the document as the plugin writes them.
  const schemas = (document.components?.schemas ?? {}) as unknown as Record<string, Schema>;
  const nastyText = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
  const goodText = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    fc.constantFrom(...DAYS),
    fc.constantFrom(...MOMENTS),
    fc.constantFrom(...TIMES),
    fc.constantFrom(...WORDS),
  );
  const nasty: fc.Arbitrary<unknown> = fc.oneof(
    { weight: 3, arbitrary: nastyText },
    fc.constantFrom<unknown>(...NASTY_NUMBERS),
    fc.constantFrom<unknown>(null, true, [], {}, [[]], [null], [{}], { a: { b: { c: {} } } }),
    fc.constant(Array.from({ length: 3000 }, () => 1)),
    fc.jsonValue({ maxDepth: 3 }),
  );

  const plausible = (name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> => {
    const { $ref, allOf, enum: words, items, properties, example } = schema;
    if ($ref !== undefined) return plausible(name, schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth);
    if (allOf?.[0]) return plausible(name, allOf[0], depth);
    if (words) return fc.constantFrom(...words);
    const [type] = [schema.type].flat();
    if (properties && depth < 5) return object(properties, new Set(schema.required ?? []), depth);
    if (items) return fc.array(value(name, items, depth + 1), { maxLength: 3 });
    const some = example === undefined ? [] : [{ weight: 6, arbitrary: fc.constant(example) }];
    if (type === 'number' || type === 'integer') return fc.oneof(...some, fc.integer({ min: 0, max: 400 }));
    if (type === 'boolean') return fc.boolean();
    if (/ids?$/i.test(name)) return fc.oneof(...some, { weight: 8, arbitrary: idOf(name) });
    if (/(?:On|^on|from|to|Day|Date|until)$/.test(name))
      return fc.oneof(...some, fc.constantFrom(...DAYS, ...MOMENTS));
    if (name.endsWith('At')) return fc.oneof(...some, fc.constantFrom(...MOMENTS));
    return fc.oneof(...some, goodText);
  };
  const value = (name: string, schema: Schema, depth: number): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 40, arbitrary: plausible(name, schema, depth) }, { weight: 1, arbitrary: nasty });
  const object = (
    properties: Readonly<Record<string, Schema>>,
    required: ReadonlySet<string>,
    depth: number,
  ): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(
      Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name, value(name, schema, depth + 1)]),
      ),
      { requiredKeys: Object.keys(properties).filter((name) => required.has(name)) },
    );

  const bodyOf = ({ body }: Operation): fc.Arbitrary<string | undefined> => {
    const whole = body === null ? fc.constant<unknown>({}) : plausible('body', body, 0);
    return fc.oneof(
      { weight: 25, arbitrary: whole.map((made) => JSON.stringify(made)) },
      {
        weight: 1,
        arbitrary: whole.map((made) => JSON.stringify(made).replace(/^\{("[^"]*":)/, '{$1null,$1')),
      },
      { weight: 1, arbitrary: nasty.map((made) => JSON.stringify(made)) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          '{',
          '[',
          'nul',
          '{"a":1e999}',
          '"\\ud800"',
          '{"__proto__":{}}',
          '{"constructor":{"prototype":{}}}',
          `${'['.repeat(5000)}${']'.repeat(5000)}`,
          `{"a":"${'x'.repeat(530_000)}"}`,
          '\ufeff{}',
          '{"a":"\u0000"}',
        ),
      },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
  };
  const text = (made: unknown): string =>
    (typeof made === 'string' ? made : (JSON.stringify(made) ?? '')).slice(0, 3000).toWellFormed();
  const urlOf = ({ path, parameters }: Operation): fc.Arbitrary<string> => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    return fc
      .tuple(
        fc.tuple(
          ...inPath.map((name) =>
            fc.oneof(
              {
                weight: 12,
                arbitrary: idOf(
                  path
                    .split('/')
                    .at(path.split('/').indexOf(`{${name}}`) - 1)
                    ?.replace(/s$/, '') ?? name,
                ),
              },
              { weight: 1, arbitrary: nastyText },
            ),
          ),
        ),
        fc.record(Object.fromEntries(inQuery.map(({ name, schema }) => [name, value(name, schema, 1)])), {
          requiredKeys: inQuery.filter((parameter) => 'required' in parameter).map(({ name }) => name),
        }),
        fc.option(fc.tuple(fc.constantFrom('sort', 'filter', 'limit', 'after', '__proto__', 'a[b]'), nasty), {
          freq: 8,
        }),
      )
      .map(([params, query, extra]) => {
        const filled = inPath.reduce(
          (made, name, i) => made.replace(`{${name}}`, encodeURIComponent(text(params[i]))),
          path,
        );
        const pairs = [...Object.entries(query), ...(extra ? [extra] : [])].flatMap(([name, one]) =>
          (Array.isArray(one) ? one.slice(0, 3) : [one]).map(
            (each) => `${encodeURIComponent(name)}=${encodeURIComponent(text(each))}`,
          ),
        );
        return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
      });
  };
  const header = fc.record(
    {
      'if-match': fc.constantFrom('"1"', '"2"', '*', 'W/"1"', '""', '"99999999999"', 'x'),
      'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('a', ' ', 'x'.repeat(300), 'ü')),
      'x-request-id': fc.constantFrom('0123456789', '<script>', 'x'.repeat(200)),
      'content-type': fc.constantFrom(
        'application/json',
        'application/json; charset=utf-16',
        'text/plain',
        'multipart/form-data',
        '',
      ),
      'accept-language': fc.constantFrom('de', '*', 'x'.repeat(500)),
    },
    { requiredKeys: [] },
  );
  const one = (operation: Operation): fc.Arbitrary<MalformedRequest> =>
    fc.record({
      operation: fc.constant(operation),
      who: fc.constantFrom(
        ...Array.from({ length: 8 }, () => 'admin' as const),
        ...Array.from({ length: 8 }, () => 'prescriber' as const),
        'receptionist',
        'practitioner',
        'nobody',
      ),
      url: urlOf(operation),
      body: operation.method === 'GET' ? fc.constant(undefined) : bodyOf(operation),
      headers: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: header }),
    });
  // Whoever ends the session would end the run.
  const operations = operationsOf(document).filter(
    ({ path, method }) => !(method === 'DELETE' && path.endsWith('/sessions/current')),
  );
  return fc.oneof(...operations.map(one));
}
