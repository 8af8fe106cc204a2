import { problemResponse } from '#http';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';

import { NotPermitted, NotSignedIn } from './domain/identity.errors.js';
import type { Permission } from './domain/permissions.js';

export const REQUIRES = 'revisit:requires';
export const ANYONE = 'anyone';
export const SIGNED_IN = 'signed-in';

/** The permission a handler asks for. A handler without one is refused to everybody. */
export const Requires = (permission: Permission | typeof SIGNED_IN): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIRES, permission),
    ApiBearerAuth(),
    ApiExtension('x-permission', permission),
    problemResponse(401, [NotSignedIn]),
    ...(permission === SIGNED_IN ? [] : [problemResponse(403, [NotPermitted])]),
  );

/** Deliberately open to everyone: sign-in and health. */
export const OpenToAll = (): MethodDecorator =>
  applyDecorators(SetMetadata(REQUIRES, ANYONE), ApiExtension('x-permission', 'none'));
