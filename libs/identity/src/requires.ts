import { problemResponse } from '#http';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';

import { NotPermitted, NotSignedIn } from './domain/identity.errors.js';
import type { Permission } from './domain/permissions.js';
import { SecondFactorDue } from './second-factor/domain/second-factor.errors.js';

export const REQUIRES = 'revisit:requires';
export const BEFORE_SECOND_FACTOR = 'revisit:before-second-factor';
export const ANYONE = 'anyone';
export const SIGNED_IN = 'signed-in';

/** The permission a handler asks for. A handler without one is refused to everybody; `signed-in` asks for a person. */
export const Requires = (permission: Permission | typeof SIGNED_IN): MethodDecorator =>
  applyDecorators(
    SetMetadata(REQUIRES, permission),
    ApiBearerAuth(),
    ApiExtension('x-permission', permission),
    problemResponse(401, [NotSignedIn]),
    problemResponse(403, [NotPermitted, SecondFactorDue]),
  );

/** Deliberately open to everyone: what is signed in by, health, and addresses that are a secret themselves (calendar feeds). */
export const OpenToAll = (): MethodDecorator =>
  applyDecorators(SetMetadata(REQUIRES, ANYONE), ApiExtension('x-permission', 'none'));

/** What a session may do whose clinic still waits for its second factor: see itself, end, set the factor up. */
export const BeforeSecondFactor = (): MethodDecorator => SetMetadata(BEFORE_SECOND_FACTOR, true);
