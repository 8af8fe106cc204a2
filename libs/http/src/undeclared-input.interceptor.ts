import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

import { InvalidInput, type InputError } from './http.errors.js';

/** Refuses query parameters and body fields sent to a handler that reads none: a typo must not pass unseen. */
@Injectable()
export class UndeclaredInput implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const declared: object =
      Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {};
    const reads = (type: RouteParamtypes): boolean =>
      Object.keys(declared).some((key) => key.startsWith(`${type}:`));
    const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const errors: InputError[] = [
      ...(reads(RouteParamtypes.QUERY) ? [] : unknownFields(query, 'query')),
      ...(reads(RouteParamtypes.BODY) ? [] : unknownFields(body, 'body')),
    ];
    if (errors.length > 0) throw new InvalidInput(errors);
    return next.handle();
  }
}

const unknownFields = (value: unknown, place: InputError['in']): InputError[] =>
  typeof value === 'object' && value !== null
    ? Object.keys(value).map((key) => ({
        pointer: `/${key}`,
        in: place,
        detail: 'This field is not known here',
      }))
    : [];
