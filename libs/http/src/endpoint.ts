import { DatabaseBusy, DatabaseUnavailable } from '#database';
import type { RefusalSpec } from '#kernel';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';

import {
  IdempotencyKeyInFlight,
  IdempotencyKeyReused,
  InternalError,
  InvalidInput,
  STATUS,
  StaleVersion,
  TooManyRequests,
} from './http.errors.js';

/** A refusal class, of which only what it says of itself is needed here. */
interface Refusal {
  readonly spec: RefusalSpec;
}

export interface EndpointSpec {
  /** One line: what the caller gets done. */
  summary: string;
  description?: string;
  /** The refusals of its rules; those every endpoint can give are added. */
  refuses?: readonly Refusal[];
  /** Changes something, so it takes an Idempotency-Key. */
  changes?: boolean;
  /** Takes If-Match. */
  versioned?: boolean;
  /** Counts attempts. */
  limited?: boolean;
}

/** Documents a handler: its summary and every problem code it can answer with, by status, each with an example. */
export function Endpoint(spec: EndpointSpec): MethodDecorator {
  const refusals: Refusal[] = [
    InvalidInput,
    DatabaseBusy,
    DatabaseUnavailable,
    ...(spec.refuses ?? []),
    ...(spec.changes ? [IdempotencyKeyReused, IdempotencyKeyInFlight] : []),
    ...(spec.versioned ? [StaleVersion] : []),
    ...(spec.limited ? [TooManyRequests] : []),
  ];
  const byStatus = Map.groupBy(new Set(refusals), ({ spec: { kind } }) => STATUS[kind]);
  return applyDecorators(
    ApiOperation({ summary: spec.summary, ...(spec.description ? { description: spec.description } : {}) }),
    ...[...byStatus].map(([status, classes]) => problemResponse(status, classes)),
    problemResponse(500, [InternalError]),
    ...(spec.changes
      ? [
          ApiHeader({
            name: 'Idempotency-Key',
            required: false,
            description: 'Makes a repeat safe: the first answer again',
          }),
        ]
      : []),
    ...(spec.versioned
      ? [
          ApiHeader({
            name: 'If-Match',
            required: false,
            description: 'The ETag you read; another one present answers 412',
          }),
        ]
      : []),
  );
}

/** One documented status with an example a code; the examples stand once, under the document's components. */
export function problemResponse(
  status: number,
  classes: readonly Refusal[],
): MethodDecorator & ClassDecorator {
  return ApiResponse({
    status,
    description: classes.map(({ spec }) => `\`${spec.code}\` ${spec.title}`).join('; '),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          classes.map(({ spec: { code } }) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  });
}

/** What each refusal looks like, by code: the components that `problemResponse` points at. */
export function problemExamples(
  refusals: readonly RefusalSpec[],
): Record<string, { summary: string; value: object }> {
  return Object.fromEntries(
    refusals.map(({ code, kind, title }) => {
      const status = code === InternalError.spec.code ? 500 : STATUS[kind];
      const value = { type: `urn:revisit:problem:${code}`, title, status, code, requestId: 'c0ffee00' };
      return [code, { summary: title, value }];
    }),
  );
}
