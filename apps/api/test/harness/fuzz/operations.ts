import { described, type Answer, type Schema } from '../../../src/openapi-document.js';
import type { OpenAPIObject } from '@nestjs/swagger';

export type { Schema };
export type DescribedResponse = Answer;

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

const METHODS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.entries(described(document).paths).flatMap(([path, byMethod]) =>
    Object.entries(METHODS).flatMap(([word, method]) => {
      const operation = byMethod[word];
      if (!operation) return [];
      const parameters = (operation.parameters ?? []).map(
        ({ name, in: place, schema = {}, required = false }) => ({ name, in: place, schema, required }),
      );
      const json = operation.requestBody?.content?.['application/json'];
      const form = operation.requestBody?.content?.['multipart/form-data'] !== undefined;
      return [
        {
          method,
          path,
          parameters,
          form,
          body: json?.schema ?? null,
          example: json?.example,
          responses: operation.responses ?? {},
        },
      ];
    }),
  );
}
