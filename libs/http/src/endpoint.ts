import { DatabaseBusy, DatabaseUnavailable } from '#database';
import type { RefusalSpec } from '#kernel';
import { applyDecorators, SetMetadata } from '@nestjs/common';
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

/** Marks the handlers that take an Idempotency-Key. */
export const REPEATABLE = 'revisit:repeatable';

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
          SetMetadata(REPEATABLE, true),
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

/** By handler or controller, what was said of each status. */
const said = new WeakMap<object, Map<number, readonly Refusal[]>>();

/**
 * One documented status with an example a code; the examples stand once, under the document's components. Said twice of
 * one status, as by a permission and by a rule, both are told of.
 */
export function problemResponse(
  status: number,
  classes: readonly Refusal[],
): MethodDecorator & ClassDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const handler: unknown = descriptor?.value;
    const of = typeof handler === 'function' ? handler : target;
    const before = said.get(of) ?? new Map<number, readonly Refusal[]>();
    const all = [...new Set([...(before.get(status) ?? []), ...classes])];
    said.set(of, before.set(status, all));
    const response: Decorate = ApiResponse({
      status,
      description: classes.map(({ spec }) => `\`${spec.code}\` ${spec.title}`).join('; '),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(
            all.map(({ spec: { code } }) => [code, { $ref: `#/components/examples/${code}` }]),
          ),
        },
      },
    });
    response(target, key, descriptor);
  };
}

type Decorate = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void;

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
