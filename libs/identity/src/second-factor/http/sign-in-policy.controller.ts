import { Endpoint } from '#http';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { Requires } from '../../requires.js';
import { PasswordsNeeded } from '../../oidc/domain/oidc.errors.js';
import { SecondFactorMissing } from '../domain/second-factor.errors.js';
import { SignInPolicyService } from '../sign-in-policy.service.js';
import { ChangeSignInPolicy, SignInPolicyView } from './sign-in-policy.dto.js';

@ApiTags('identity')
@Controller('sign-in-policy')
export class SignInPolicyController {
  constructor(private readonly policy: SignInPolicyService) {}

  @Get()
  @Requires('sign-in:set-up')
  @Endpoint({ summary: 'Read the clinic’s switches for signing in' })
  read(@CurrentActor() actor: RequestActor): Promise<SignInPolicyView> {
    return this.policy.read(actor);
  }

  @Put()
  @Requires('sign-in:set-up')
  @Endpoint({
    summary: 'Change the clinic’s switches for signing in; they count from the next request on',
    refuses: [SecondFactorMissing, PasswordsNeeded],
    changes: true,
  })
  change(@CurrentActor() actor: RequestActor, @Body() body: ChangeSignInPolicy): Promise<SignInPolicyView> {
    return this.policy.change(actor, body);
  }
}
