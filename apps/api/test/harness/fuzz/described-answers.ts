import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

import type { Operation } from './operations.js';

const SUBJECT = 'https://revisit.example/openapi.json';

/** As `inject` answers. */
export interface PlainAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<{ 'content-type'?: string | undefined }>;
  readonly body: string;
}

/** Compares answers with what the document says of them: status, media type, shape, and the code of a refusal. */
export class DescribedAnswers {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, formats: fullFormats });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenAPIObject) {
    this.#ajv.addSchema({ $id: SUBJECT, ...(closed(document) as object) });
  }

  /** What is not as documented, in words without values; none when all is. */
  faultsOf({ method, path, responses }: Operation, { statusCode, headers, body }: PlainAnswer): string[] {
    const described = responses[String(statusCode)];
    if (!described) return ['undocumented status'];
    const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
    const content = described.content ?? {};
    if (body === '') return statusCode >= 400 ? ['a refusal without a body'] : [];
    // Files are answered as what they are.
    if (Object.keys(content).length === 0) return statusCode === 204 ? ['a body nobody told of'] : [];
    const of = content[mediaType];
    if (!of) return [`answered as ${mediaType || 'nothing'}`];
    if (!mediaType.endsWith('json')) return [];
    const value: unknown = JSON.parse(body);
    const at = ['paths', path, method.toLowerCase(), 'responses', statusCode, 'content', mediaType, 'schema'];
    const check = this.#checkOf(at.map((part) => pointerPart(String(part))).join('/'));
    const faults = check(value)
      ? []
      : (check.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath.replaceAll(/\d+/g, 'n')} ${message} ${JSON.stringify(params)}`,
        );
    if (of.examples && typeof value === 'object' && value !== null && 'code' in value) {
      const code = String(value.code);
      // An address with an empty part is another address.
      if (code !== 'no_such_endpoint' && !(code in of.examples)) faults.push(`undocumented code ${code}`);
    }
    return [...new Set(faults)].slice(0, 5);
  }

  #checkOf(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known) return known;
    const check = this.#ajv.compile({ $ref: `${SUBJECT}#/${pointer}` });
    this.#compiled.set(pointer, check);
    return check;
  }
}

const pointerPart = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The same document where an object has the fields it tells of and no others: what is not told of must not be shown. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const made = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]));
  const isObject = made['type'] === 'object' && typeof made['properties'] === 'object';
  return isObject && !('additionalProperties' in made) ? { ...made, additionalProperties: false } : made;
}
