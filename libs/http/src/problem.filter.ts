import { record } from '#audit';
import { CONFIG, type Config } from '#config';
import { Database, requestContext, sqlState, violatedConstraint } from '#database';
import { isId, type DomainError, type RefusalKind } from '#kernel';
import { Catch, Inject, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { InternalError } from './http.errors.js';
import { asRefusal, problemOf } from './problem.js';

const RETRY_AFTER_SECONDS = 2;

/** Refusals that tell who tried to do or see what; bad input and an absent database tell nothing. */
const AUDITED: ReadonlySet<RefusalKind> = new Set(['forbidden', 'not-found', 'conflict', 'stale', 'rule']);

/** RFC 9457: the one place where a refusal becomes an answer. Nothing it says or logs identifies a patient. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Problem');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = asRefusal(thrown);
    const { status, body } = problemOf(error, request.id, request);
    if (error instanceof InternalError) this.#log.error(this.#describe(thrown, request.id), traceOf(thrown));
    await this.#remember(error, request);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    if (status === 429 || status === 503) {
      const { retryAfterSeconds: told } = error.facts;
      void reply.header('retry-after', String(typeof told === 'number' ? told : RETRY_AFTER_SECONDS));
    }
    void reply.status(status).header('content-type', 'application/problem+json; charset=utf-8').send(body);
  }

  /** A refused attempt of a known person leaves its row too; what it attempted was rolled back, so this stands alone. */
  async #remember(error: DomainError, { params, method, routeOptions }: FastifyRequest): Promise<void> {
    const actor = requestContext.getStore()?.actor;
    if (!actor || !AUDITED.has(error.spec.kind)) return;
    const id: unknown =
      typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
    try {
      await this.database.read(actor, (tx) =>
        record(tx, {
          action: `request.${error.spec.code}`,
          entityId: isId(id) ? id : null,
          patientId: isId(id) && /\/patients\/:id(?:\/|$)/.test(routeOptions.url ?? '') ? id : null,
          outcome: 'refused',
          detail: { method, route: routeOptions.url ?? null },
        }),
      );
    } catch (cause) {
      this.#log.error(`A refusal was not recorded · ${this.#describe(cause, actor.requestId ?? '-')}`);
    }
  }

  /** Enough to find the fault; a message may quote a patient's data, so in production it stays out. */
  #describe(thrown: unknown, requestId: string): string {
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    const isOpen = thrown instanceof Error && this.config.environment !== 'production';
    const message = isOpen ? thrown.message : null;
    return [name, message, sqlState(thrown), violatedConstraint(thrown), `request ${requestId}`]
      .filter(Boolean)
      .join(' · ');
  }
}

function traceOf(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}
