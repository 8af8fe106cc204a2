import { createHash } from 'node:crypto';

import { requestContext, sql, type Tx } from '#database';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, type Observable } from 'rxjs';

import { REPEATABLE } from './endpoint.js';
import { uploadedHash } from './upload.js';
import { IdempotencyKeyInFlight, IdempotencyKeyReused, InvalidInput, Replay } from './http.errors.js';

// One round trip takes the key's lock and reads its row; a row committed between the two is caught by the
// primary key at the end, and the transaction runs again.
const CLAIM = sql(`
  SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || $3, 17)) AS free, k.route, k.status, k.response,
         k.body_hash = $4 AS "sameBody"
    FROM (VALUES (1)) one LEFT JOIN idempotency_key k
      ON k.clinic_id = $1::uuid AND k.staff_id = $2::uuid AND k.key = $3`);

const KEEP = sql(`
  INSERT INTO idempotency_key (clinic_id, staff_id, key, route, body_hash, status, response)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`);

interface Claim {
  free: boolean;
  route: string | null;
  status: number;
  response: string;
  sameBody: boolean;
}

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

interface Request {
  key: string;
  route: string;
  bodyHash: Buffer;
  status: number;
}

async function once<T>(tx: Tx, request: Request, work: () => Promise<T>, keeps: boolean): Promise<T> {
  const { clinicId, staffId } = tx.actor;
  const { free, ...kept } = await tx.one<Claim>(CLAIM, [clinicId, staffId, request.key, request.bodyHash]);
  if (kept.route !== null) {
    if (kept.route !== request.route || !kept.sameBody) throw new IdempotencyKeyReused();
    throw new Replay(kept.status, JSON.parse(kept.response));
  }
  if (!free) throw new IdempotencyKeyInFlight();
  const result = await work();
  if (!keeps) return result;
  const answer = JSON.stringify(result ?? null);
  tx.later(KEEP, [clinicId, staffId, request.key, request.route, request.bodyHash, request.status, answer]);
  return result;
}
