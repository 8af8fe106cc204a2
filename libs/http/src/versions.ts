import {
  createParamDecorator,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';

import { InvalidInput, StaleVersion } from './http.errors.js';

/** The version a caller says it read (`If-Match: "3"`), or undefined when it did not say. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1];
  if (version === undefined) {
    throw new InvalidInput([
      { pointer: '/if-match', in: 'header', detail: 'Give the ETag as it was sent, e.g. "3"' },
    ]);
  }
  return Number(version);
});

/** @throws StaleVersion when the caller read another version than the present one. */
export function assertFresh(present: number, read: number | undefined): void {
  if (read !== undefined && read !== present) throw new StaleVersion({ present, read });
}

/** Sends the `version` of an answer as its ETag. */
@Injectable()
export class EntityTag implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((answer: unknown) => {
        if (typeof answer !== 'object' || answer === null || !('version' in answer)) return;
        if (typeof answer.version === 'number') void reply.header('etag', `"${answer.version}"`);
      }),
    );
  }
}
