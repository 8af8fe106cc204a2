import { requestContext } from '#database';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { NotPermitted, NotSignedIn } from './domain/identity.errors.js';
import { type Permission, permissionsOfScopes } from './domain/permissions.js';
import { rememberActor, type RequestActor } from './request-actor.js';
import { ANYONE, BEFORE_SECOND_FACTOR, REQUIRES, SIGNED_IN } from './requires.js';
import { SecondFactorDue } from './second-factor/domain/second-factor.errors.js';
import { sha256 } from './secrets.js';
import { SessionsService } from './sessions.service.js';

/** Deny by default: no declared permission, no session or key, no matching role or scope, no answer. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
    private readonly keys: ApiKeysRepository,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const handler = execution.getHandler();
    const required = this.reflector.get<Permission | typeof ANYONE | typeof SIGNED_IN | undefined>(
      REQUIRES,
      handler,
    );
    if (required === ANYONE) return true;
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const actor = await this.#actorOf(request);
    const context = requestContext.getStore();
    if (context) context.actor = actor;
    if (!isAllowed(actor, required)) throw new NotPermitted();
    if (actor.secondFactorDue && !this.reflector.get<boolean | undefined>(BEFORE_SECOND_FACTOR, handler))
      throw new SecondFactorDue();
    rememberActor(request, actor);
    return true;
  }

  async #actorOf({ headers, id, ip }: FastifyRequest): Promise<RequestActor> {
    const [, prefix, secret] = /^Bearer (rvk_)?([\w-]{43})$/i.exec(headers.authorization ?? '') ?? [];
    if (secret === undefined) throw new NotSignedIn();
    const from = { requestId: id, address: ip };
    if (prefix === undefined) return this.sessions.actorOf(secret, from);
    const key = await this.keys.actor(sha256(secret));
    if (!key) throw new NotSignedIn();
    const { scopes, ...integration } = key;
    const permissions = permissionsOfScopes(scopes);
    return { ...integration, ...from, roles: [], isPrescriber: false, isIntegration: true, permissions };
  }
}

const isAllowed = (
  { permissions, isIntegration = false }: RequestActor,
  required: Permission | typeof SIGNED_IN | undefined,
): boolean => required !== undefined && (required === SIGNED_IN ? !isIntegration : permissions.has(required));
