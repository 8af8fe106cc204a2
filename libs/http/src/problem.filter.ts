import { CONFIG, type Config } from '#config';
import { requestContext, sqlState, violatedConstraint } from '#database';
import { DomainError } from '#kernel';
import {
  Catch,
  HttpException,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { InternalError, InvalidInput, NoSuchEndpoint, STATUS, TooManyRequests } from './http.errors.js';

const RETRY_AFTER_SECONDS = 2;

/** RFC 9457: the one place where a refusal becomes an answer. Nothing it says or logs identifies a patient. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Problem');

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = asRefusal(thrown);
    const status = error instanceof InternalError ? 500 : STATUS[error.spec.kind];
    if (error instanceof InternalError) this.#log.error(this.#describe(thrown), traceOf(thrown));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (status === 429 || status === 503) {
      const { retryAfterSeconds: told } = error.facts;
      void reply.header('retry-after', String(typeof told === 'number' ? told : RETRY_AFTER_SECONDS));
    }
    void reply
      .status(status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send({
        type: `urn:revisit:problem:${error.spec.code}`,
        title: error.spec.title,
        status,
        code: error.spec.code,
        ...(error.detail === undefined ? {} : { detail: error.detail }),
        requestId: request.id,
        ...error.facts,
      });
  }

  /** Enough to find the fault; a message may quote a patient's data, so in production it stays out. */
  #describe(thrown: unknown): string {
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    const message =
      thrown instanceof Error && this.config.environment !== 'production' ? thrown.message : null;
    const requestId = requestContext.getStore()?.requestId ?? '-';
    return [name, message, sqlState(thrown), violatedConstraint(thrown), `request ${requestId}`]
      .filter(Boolean)
      .join(' · ');
  }
}

function asRefusal(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const status = statusOf(thrown);
  if (status === 404 || status === 405) return new NoSuchEndpoint();
  if (status === 429) return new TooManyRequests();
  if (status >= 400 && status < 500)
    return new InvalidInput([{ pointer: '', in: 'body', detail: reason(thrown) }]);
  return new InternalError();
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown
    ? Number(thrown.statusCode)
    : 500;
}

/** What Fastify found wrong before a handler was reached, without echoing what was sent. */
function reason(thrown: unknown): string {
  const status = statusOf(thrown);
  if (status === 413) return 'The body is larger than this endpoint takes';
  if (status === 415) return 'The body must be application/json';
  return 'The body is not valid JSON';
}

function traceOf(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}
