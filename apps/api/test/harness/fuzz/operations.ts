import type { OpenAPIObject } from '@nestjs/swagger';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly example?: unknown;
}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly parameters: readonly { name: string; in: string; schema: Schema; required: boolean }[];
  readonly body: Schema | null;
  /** A body that the API gives as one that is right. */
  readonly example: unknown;
  readonly form: boolean;
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

export interface DescribedResponse {
  readonly content?: Readonly<
    Record<string, { schema?: Schema; examples?: Readonly<Record<string, unknown>> }>
  >;
}

interface Described {
  parameters?: { name: string; in: string; schema?: Schema; required?: boolean }[];
  requestBody?: { content?: Record<string, { schema?: Schema; example?: unknown }> };
  responses: Record<string, DescribedResponse>;
}

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

export function operationsOf(document: OpenAPIObject): Operation[] {
  // The document's types allow references everywhere; what the swagger plugin writes is this.
  const paths = document.paths as unknown as Record<string, Record<string, Described>>;
  return Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(METHODS).flatMap(([word, method]) => {
      const described = byMethod[word];
      if (!described) return [];
      const parameters = (described.parameters ?? []).map(
        ({ name, in: place, schema = {}, required = false }) => ({ name, in: place, schema, required }),
      );
      const json = described.requestBody?.content?.['application/json'];
      const form = described.requestBody?.content?.['multipart/form-data'] !== undefined;
      return [
        {
          method,
          path,
          parameters,
          form,
          body: json?.schema ?? null,
          example: json?.example,
          responses: described.responses,
        },
      ];
    }),
  );
}
