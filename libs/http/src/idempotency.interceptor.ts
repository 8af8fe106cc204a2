import { createHash } from 'node:crypto';

import { requestContext, type Tx } from '#database';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, type Observable } from 'rxjs';

import { REPEATABLE } from './endpoint.js';
import { claimKey, keepAnswer, type KeptAnswer } from './idempotency.repository.js';
import { uploadedHash } from './upload.js';
import { IdempotencyKeyInFlight, IdempotencyKeyReused, InvalidInput, Replay } from './http.errors.js';

/**
 * Idempotency-Key on the requests that are described as taking one: the answer is stored in the transaction that does the work (the request's
 * first `Database.write`), so a repeat gets the first answer and never a second effect. Refusals change nothing and
 * are not stored: a repeat after one tries again.
 */
@Injectable()
export class Idempotency implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = request.headers['idempotency-key'];
    const store = requestContext.getStore();
    const taken: unknown = Reflect.getMetadata(REPEATABLE, context.getHandler());
    // An answer that shows a secret, and the fast hash of a body that holds a password, are kept nowhere: those take none.
    if (key === undefined || taken !== true || !store) return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new InvalidInput([
        { pointer: '/idempotency-key', in: 'header', detail: 'Give 1 to 255 visible ASCII characters' },
      ]);
    }
    const declared: unknown = Reflect.getMetadata(HTTP_CODE_METADATA, context.getHandler());
    const status = typeof declared === 'number' ? declared : request.method === 'POST' ? 201 : 200;
    const bodyHash = createHash('sha256')
      .update(JSON.stringify(request.body ?? null))
      .update(uploadedHash(request))
      .digest();
    const route = `${request.method} ${request.url}`;
    store.aroundFirstWrite = (tx, work, keeps) => once(tx, { key, route, bodyHash, status }, work, keeps);
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof Replay)) throw error;
        void reply.status(error.status).header('idempotency-replayed', 'true');
        return of(error.body);
      }),
    );
  }
}

async function once<T>(
  tx: Tx,
  request: Omit<KeptAnswer, 'answer'>,
  work: () => Promise<T>,
  keeps: boolean,
): Promise<T> {
  const { free, ...kept } = await claimKey(tx, request.key, request.bodyHash);
  if (kept.route !== null) {
    if (kept.route !== request.route || !kept.sameBody) throw new IdempotencyKeyReused();
    throw new Replay(kept.status, JSON.parse(kept.response));
  }
  if (!free) throw new IdempotencyKeyInFlight();
  const result = await work();
  if (!keeps) return result;
  keepAnswer(tx, { ...request, answer: JSON.stringify(result ?? null) });
  return result;
}
