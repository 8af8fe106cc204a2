import { Endpoint } from '#http';
import { Body, Controller, Get, HttpCode, Ip, Patch, Post, Put, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { OpenToAll, Requires } from '../../requires.js';
import { AccountPasswordsService } from '../account-passwords.service.js';
import {
  AccountLinkOver,
  PasswordRefused,
  PasswordsForbidden,
  PasswordWrong,
} from '../domain/account.errors.js';
import { ProfileService } from '../profile.service.js';
import { AskForReset, ChangePassword, ChangeProfile, ProfileView, SetPassword } from './account.dto.js';

@ApiTags('identity')
@Controller()
export class AccountController {
  constructor(
    private readonly passwords: AccountPasswordsService,
    private readonly profile: ProfileService,
  ) {}

  @Post('password-resets')
  @HttpCode(202)
  @OpenToAll()
  @Endpoint({
    summary: 'Ask for a link by mail that sets a new password; the answer is the same for unknown accounts',
    limited: true,
  })
  askForReset(
    @Body() { email }: AskForReset,
    @Ip() address: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.passwords.askForLink(email, { requestId: request.id, address });
  }

  @Post('passwords')
  @HttpCode(204)
  @OpenToAll()
  @Endpoint({
    summary: 'Set the password by the link of an invitation or a reset; ends every open session',
    refuses: [AccountLinkOver, PasswordsForbidden, PasswordRefused],
    limited: true,
  })
  setPassword(
    @Body() { token, password }: SetPassword,
    @Ip() address: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.passwords.setByLink(token, password, { requestId: request.id, address });
  }

  @Get('profile')
  @Requires('signed-in')
  @Endpoint({ summary: 'Read one’s own account' })
  read(@CurrentActor() actor: RequestActor): Promise<ProfileView> {
    return this.profile.read(actor);
  }

  @Patch('profile')
  @Requires('signed-in')
  @Endpoint({ summary: 'Change one’s own name', changes: true })
  change(@CurrentActor() actor: RequestActor, @Body() { displayName }: ChangeProfile): Promise<ProfileView> {
    return this.profile.rename(actor, displayName);
  }

  @Put('profile/password')
  @HttpCode(204)
  @Requires('signed-in')
  @Endpoint({
    summary: 'Change one’s own password; all other sessions end',
    refuses: [PasswordWrong, PasswordsForbidden, PasswordRefused],
    limited: true,
  })
  changePassword(
    @CurrentActor() actor: RequestActor,
    @Body() { presentPassword, newPassword }: ChangePassword,
  ): Promise<void> {
    return this.profile.changePassword(actor, presentPassword, newPassword);
  }
}
