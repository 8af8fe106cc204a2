import type { OpenAPIObject } from '@nestjs/swagger';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
}

export interface Content {
  content?: Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, unknown> }>;
}

export interface Answer extends Content {
  headers?: Record<string, { description: string; schema: Schema }>;
}

export interface Operation {
  parameters?: {
    in: string;
    name: string;
    description?: string;
    required?: boolean;
    schema?: Schema;
    example?: unknown;
  }[];
  requestBody?: Content;
  responses?: Record<string, Answer>;
}

/** The document as the swagger plugin writes it. */
export interface Described {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** The same document, to be read and added to. */
export const described = (document: OpenAPIObject): Described =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own type allows every draft of JSON Schema
  document as unknown as Described;
