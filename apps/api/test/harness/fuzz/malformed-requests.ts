import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

import { singular } from '../id-fields.js';
import { HEADERS } from './headers.js';
import { BROKEN_BODIES } from './nasty-values.js';
import type { Operation } from './operations.js';
import { PlausibleValues, type KnownIds } from './plausible-values.js';

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

const BOUNDARY = 'fuzzed';

/** Makes malformed requests to one operation at a time. */
export class MalformedRequests {
  readonly #made = new Map<Operation, fc.Arbitrary<MalformedRequest>>();
  readonly #values: PlausibleValues;

  constructor(document: OpenAPIObject, known: KnownIds) {
    this.#values = new PlausibleValues(document, known);
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

  #bodyOf({ body, example }: Operation): fc.Arbitrary<string | undefined> {
    const whole = body === null ? fc.constant<unknown>({}) : this.#values.plausible('body', body, 0);
    const right = example === undefined ? whole : this.#values.exampleOf(example);
    const asText = (made: unknown): string => JSON.stringify(made) ?? '';
    return fc.oneof(
      { weight: 16, arbitrary: right.map(asText) },
      { weight: 8, arbitrary: whole.map(asText) },
      {
        weight: 1,
        arbitrary: right.map((made) => asText(made).replace(/^\{("[^"]*":)/, '{$1null,$1')),
      },
      { weight: 1, arbitrary: this.#values.nasty.map(asText) },
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
          this.#values.nasty.map((made) => JSON.stringify(made) ?? ''),
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
      return this.#values.idOf(name === 'id' ? word : name);
    };
    return fc
      .tuple(
        fc.tuple(
          ...inPath.map((name) =>
            fc.oneof(
              { weight: 24, arbitrary: ofPath(name) },
              { weight: 1, arbitrary: this.#values.nastyText },
            ),
          ),
        ),
        fc.record(
          Object.fromEntries(inQuery.map(({ name, schema }) => [name, this.#values.value(name, schema, 1)])),
          { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) },
        ),
        fc.oneof(
          { weight: 24, arbitrary: fc.constant(null) },
          {
            weight: 1,
            arbitrary: fc.tuple(
              fc.constantFrom('sort', 'filter', 'limit', 'after', 'page', '__proto__', 'a[b]'),
              this.#values.nasty,
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
