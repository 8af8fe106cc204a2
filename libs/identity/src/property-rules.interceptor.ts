import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

import type { Permission } from './domain/permissions.js';
import { withoutProperties } from './domain/property-rules.js';
import { actorOf } from './request-actor.js';

const SHOWN_WITH = 'revisit:shown-with';

interface Rule {
  readonly permission: Permission;
  readonly properties: readonly string[];
}

/**
 * On a controller: properties of its answers, and of the items of its lists, that are left out for who has not this
 * permission as well.
 */
export const ShownWith = (permission: Permission, ...properties: string[]): ClassDecorator =>
  applyDecorators(SetMetadata(SHOWN_WITH, { permission, properties } satisfies Rule));

/** Leaves out what a caller may not see of an answer, the kept answer of a repeated request too. */
@Injectable()
export class PropertyRules implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.reflector.get<Rule | undefined>(SHOWN_WITH, context.getClass());
    const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!rule || !actor || actor.permissions.has(rule.permission)) return next.handle();
    return next.handle().pipe(map((answer: unknown) => withoutProperties(answer, rule.properties)));
  }
}
