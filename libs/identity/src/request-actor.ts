import type { Actor } from '#database';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { NotSignedIn } from './domain/identity.errors.js';
import type { Permission } from './domain/permissions.js';

/** The person, or the integration, behind a request, with what the rules ask of them. */
export interface RequestActor extends Actor {
  readonly staffId: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly isPrescriber: boolean;
  readonly market: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Where they work; none named is everywhere. */
  readonly locationIds?: readonly string[];
  /** The clinic asks for a second factor that this session has not shown: it may only set one up. */
  readonly secondFactorDue?: boolean;
  /** Behind an API key there is no person. */
  readonly isIntegration?: boolean;
  /** The API key, where it is one. */
  readonly keyId?: string;
}

const actors = new WeakMap<FastifyRequest, RequestActor>();

export const rememberActor = (request: FastifyRequest, actor: RequestActor): void =>
  void actors.set(request, actor);

/** The actor of a request that has passed the guard. */
export const actorOf = (request: FastifyRequest): RequestActor | undefined => actors.get(request);

/** `@CurrentActor() actor: RequestActor` in a handler. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): RequestActor => {
  const actor = actors.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!actor) throw new NotSignedIn();
  return actor;
});
