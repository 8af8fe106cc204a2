import { Endpoint } from '#http';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PasswordWrong } from '../../account/domain/account.errors.js';
import { SealingNotSetUp } from '../../domain/identity.errors.js';
import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { BeforeSecondFactor, Requires } from '../../requires.js';
import {
  SecondFactorCodeWrong,
  SecondFactorMissing,
  SecondFactorObligatory,
  SecondFactorSetUp,
} from '../domain/second-factor.errors.js';
import { SecondFactorService } from '../second-factor.service.js';
import {
  BeginSecondFactor,
  ConfirmSecondFactor,
  NewRecoveryCodes,
  NewSecondFactor,
  SecondFactorView,
  UseSecondFactor,
} from './second-factor.dto.js';

@ApiTags('identity')
@Controller('second-factor')
export class SecondFactorController {
  constructor(private readonly factor: SecondFactorService) {}

  @Get()
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({ summary: 'Whether one has set a second factor up, and how many recovery codes are left' })
  read(@CurrentActor() actor: RequestActor): Promise<SecondFactorView> {
    return this.factor.read(actor);
  }

  @Post()
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({
    summary: 'Begin to set up an authenticator app (TOTP)',
    description: 'It counts once a first code confirms it; beginning again replaces what was not confirmed.',
    refuses: [PasswordWrong, SecondFactorSetUp, SealingNotSetUp],
    limited: true,
  })
  begin(
    @CurrentActor() actor: RequestActor,
    @Body() { password }: BeginSecondFactor,
  ): Promise<NewSecondFactor> {
    return this.factor.begin(actor, password);
  }

  @Post('confirm')
  @HttpCode(200)
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({
    summary: 'Confirm the authenticator app by its first code; tells the recovery codes',
    refuses: [SecondFactorMissing, SecondFactorSetUp, SecondFactorCodeWrong, SealingNotSetUp],
  })
  confirm(
    @CurrentActor() actor: RequestActor,
    @Body() { code }: ConfirmSecondFactor,
  ): Promise<NewRecoveryCodes> {
    return this.factor.confirm(actor, code);
  }

  @Post('show')
  @HttpCode(204)
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({
    summary: 'Show one’s second factor in a session that was opened without it',
    refuses: [SecondFactorMissing, SecondFactorCodeWrong, SealingNotSetUp],
    limited: true,
  })
  show(@CurrentActor() actor: RequestActor, @Body() { code }: UseSecondFactor): Promise<void> {
    return this.factor.show(actor, code);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Requires('signed-in')
  @Endpoint({
    summary: 'Make new recovery codes; the old ones are worthless from then on',
    refuses: [SecondFactorMissing, SecondFactorCodeWrong, SealingNotSetUp],
    limited: true,
  })
  renew(@CurrentActor() actor: RequestActor, @Body() { code }: UseSecondFactor): Promise<NewRecoveryCodes> {
    return this.factor.renewRecoveryCodes(actor, code);
  }

  @Post('remove')
  @HttpCode(204)
  @Requires('signed-in')
  @Endpoint({
    summary: 'Remove one’s second factor, with a code of it',
    refuses: [SecondFactorMissing, SecondFactorCodeWrong, SecondFactorObligatory, SealingNotSetUp],
    limited: true,
    changes: true,
  })
  remove(@CurrentActor() actor: RequestActor, @Body() { code }: UseSecondFactor): Promise<void> {
    return this.factor.remove(actor, code);
  }
}
