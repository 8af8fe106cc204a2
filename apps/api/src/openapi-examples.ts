import type { OpenAPIObject } from '@nestjs/swagger';

import { described, type Schema } from './openapi-document.js';

interface Known {
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Examples by field name and type, where all fields of that name agree. */
  readonly borrowed: ReadonlyMap<string, unknown>;
}

const DEEPEST = 14;

/**
 * Gives every request and every good answer of the document a whole example, put together from the examples of its
 * fields; a field without one borrows from a field of the same name elsewhere, or gets a plain value of its kind.
 */
export function addExamples(document: OpenAPIObject): void {
  const { paths, components } = described(document);
  const schemas = components?.schemas ?? {};
  const borrowed = agreedExamples(Object.values(schemas));
  for (const operations of Object.values(paths)) {
    for (const operation of Object.values(operations)) {
      const good = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2'));
      for (const part of [operation.requestBody, ...good.map(([, response]) => response)]) {
        const json = part?.content?.['application/json'];
        if (json?.schema && json.example === undefined)
          json.example = exampleOf(json.schema, '', { schemas, borrowed }, 0);
      }
    }
  }
}

function exampleOf(schema: Schema, name: string, known: Known, depth: number): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const other = schema.allOf?.[0] ?? schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (other) return exampleOf(other, name, known, depth);
  if (depth > DEEPEST) return null;
  if (schema.$ref) {
    const target = known.schemas[schema.$ref.replace('#/components/schemas/', '')];
    return target ? exampleOf(target, name, known, depth + 1) : null;
  }
  if (schema.properties) {
    const entries = Object.entries(schema.properties);
    return Object.fromEntries(entries.map(([key, inner]) => [key, exampleOf(inner, key, known, depth + 1)]));
  }
  const borrowed = known.borrowed.get(kindOf(name, schema));
  if (borrowed !== undefined) return borrowed;
  const type = typeOf(schema);
  if (type === 'array') return schema.items ? [exampleOf(schema.items, name, known, depth + 1)] : [];
  return plainValue(type, name, schema.format);
}

const typeOf = ({ type }: Schema): string | undefined => (Array.isArray(type) ? type[0] : type);
const kindOf = (name: string, schema: Schema): string => `${name} ${typeOf(schema)}`;

function agreedExamples(schemas: readonly Schema[]): Map<string, unknown> {
  const fields = schemas.flatMap(({ properties = {} }) => Object.entries(properties));
  const said = fields.filter(([name, { example }]) => example !== undefined && name !== 'id');
  const byKind = Map.groupBy(said, ([name, schema]) => kindOf(name, schema));
  const agreed = [...byKind].filter(
    ([, group]) => new Set(group.map(([, { example }]) => JSON.stringify(example))).size === 1,
  );
  return new Map(agreed.map(([kind, group]) => [kind, group[0]?.[1].example]));
}

function plainValue(type: string | undefined, name: string, format: string | undefined): unknown {
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return 1;
  if (type === 'object') return {};
  if (format === 'date-time') return '2026-11-23T09:30:00.000Z';
  if (format === 'date') return '2026-11-23';
  if (/^areas?(Ids?)?$/.test(name)) return 'glabella';
  if (name === 'product') return 'ona';
  if (/(^|[a-z])ids?$/i.test(name)) return '019a0c5e-7d3b-7c41-9f1e-3b2a6c5d4e10';
  return 'text';
}
