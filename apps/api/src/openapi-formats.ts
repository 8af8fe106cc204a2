import type { OpenAPIObject } from '@nestjs/swagger';

import { type Answer, described, type Schema } from './openapi-document.js';

const A_DATE = /^\d{4}-\d{2}-\d{2}$/;
const AN_INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
// "Time wears its kind" (ARCHITECTURE.md): `treatedOn` is a civil date, `signedAt` an instant. These dates have names of
// their own.
const DATES =
  /([a-z]On|(first|last|on)Day|^(from|to|on|day|date|until|earliest|target|lapsedAfter|nonResponseCheck|lastFullTreatment|asOf|birthDate|notBefore|calculated|anchorMonday)|^(recommended|review|due|valid)(From|To)|^(fresh|kept)Until|^contactFrom)$/;
const INSTANTS = /^at$|[a-z]At$/;

/**
 * Says what the classes cannot: which strings are civil dates and which instants, where an answer carries its version as
 * an ETag, when to come back after a 429 or a 503, and what an id in a path is.
 */
export function addFormats(document: OpenAPIObject): void {
  const { paths, components } = described(document);
  const schemas = components?.schemas ?? {};
  for (const { properties = {} } of Object.values(schemas))
    for (const [name, schema] of Object.entries(properties)) giveFormat(name, schema, schema.example);
  for (const { parameters = [], responses = {} } of Object.values(paths).flatMap((one) =>
    Object.values(one),
  )) {
    for (const parameter of parameters) {
      const { name, schema } = parameter;
      if (schema) giveFormat(name, schema, parameter.example ?? schema.example);
      if (parameter.in === 'path' && /(^id|Id)$/.test(name))
        parameter.description ??=
          'As it was answered when it was made or listed; one of another clinic is not found.';
    }
    for (const [status, response] of Object.entries(responses)) giveHeaders(status, response, schemas);
  }
}

function giveFormat(name: string, schema: Schema, example: unknown): void {
  const [type] = [schema.type].flat();
  if (type !== 'string' || schema.format !== undefined || schema.enum !== undefined) return;
  const fits = (pattern: RegExp, names: RegExp): boolean =>
    typeof example === 'string' ? pattern.test(example) : names.test(name);
  if (fits(A_DATE, DATES)) schema.format = 'date';
  else if (fits(AN_INSTANT, INSTANTS)) schema.format = 'date-time';
}

function giveHeaders(status: string, response: Answer, schemas: Readonly<Record<string, Schema>>): void {
  const told = (name: string, description: string, schema: Schema): void => {
    response.headers = { ...response.headers, [name]: { description, schema } };
  };
  if (status === '429' || status === '503')
    told('Retry-After', 'Seconds to wait before the next try.', { type: 'integer' });
  if (!status.startsWith('2')) return;
  const { $ref = '' } = response.content?.['application/json']?.schema ?? {};
  const version = schemas[$ref.replace('#/components/schemas/', '')]?.properties?.['version'];
  if (version?.type === 'number' || version?.type === 'integer')
    told('ETag', 'The version answered, for If-Match of a later change.', { type: 'string', example: '"3"' });
}
