import { requestContext } from '#database';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

import { NotPermitted, NotSignedIn } from './domain/identity.errors.js';
import type { Permission } from './domain/permissions.js';
import { rememberActor } from './request-actor.js';
import { ANYONE, REQUIRES, SIGNED_IN } from './requires.js';
import { SessionsService } from './sessions.service.js';

/** Deny by default: no declared permission, no session or no matching role, no answer. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsService,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const required = this.reflector.get<Permission | typeof ANYONE | typeof SIGNED_IN | undefined>(
      REQUIRES,
      execution.getHandler(),
    );
    if (required === ANYONE) return true;
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    const token = /^Bearer ([\w-]{43})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new NotSignedIn();
    const actor = await this.sessions.actorOf(token, { requestId: request.id, address: request.ip });
    const context = requestContext.getStore();
    if (context) context.actor = actor;
    if (required === undefined || (required !== SIGNED_IN && !actor.permissions.has(required)))
      throw new NotPermitted();
    rememberActor(request, actor);
    return true;
  }
}
