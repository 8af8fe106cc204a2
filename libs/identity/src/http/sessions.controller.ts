import { Endpoint, IdPipe } from '#http';
import { Body, Controller, Delete, Get, Headers, HttpCode, Ip, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { PasswordsForbidden } from '../account/domain/account.errors.js';
import { ClinicNeeded, SessionNotFound, SignInRefused } from '../domain/identity.errors.js';
import { CurrentActor, type RequestActor } from '../request-actor.js';
import { BeforeSecondFactor, OpenToAll, Requires } from '../requires.js';
import { SecondFactorNeeded, SecondFactorRefused } from '../second-factor/domain/second-factor.errors.js';
import { SessionsService } from '../sessions.service.js';
import { SignInService } from '../sign-in.service.js';
import { MeView, OwnSessionList, SessionView, SignIn } from './session.dto.js';

@ApiTags('identity')
@Controller('sessions')
export class SessionsController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: SessionsService,
  ) {}

  @Post()
  @OpenToAll()
  @Endpoint({
    summary: 'Sign in',
    refuses: [SignInRefused, ClinicNeeded, PasswordsForbidden, SecondFactorNeeded, SecondFactorRefused],
    limited: true,
  })
  signIn(
    @Body() body: SignIn,
    @Ip() address: string,
    @Headers('user-agent') userAgent: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<SessionView> {
    return this.signIns.signIn(body, { requestId: request.id, address, userAgent });
  }

  @Get()
  @Requires('signed-in')
  @Endpoint({ summary: 'List one’s own open sessions' })
  list(@CurrentActor() actor: RequestActor): Promise<OwnSessionList> {
    return this.sessions.list(actor);
  }

  @Delete('current')
  @HttpCode(204)
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({ summary: 'Sign out: the session ends at once' })
  signOut(@CurrentActor() actor: RequestActor): Promise<void> {
    return this.sessions.signOut(actor);
  }

  @Delete('others')
  @HttpCode(204)
  @Requires('signed-in')
  @Endpoint({ summary: 'End all of one’s own sessions but this one' })
  endOthers(@CurrentActor() actor: RequestActor): Promise<void> {
    return this.sessions.endOthers(actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('signed-in')
  @Endpoint({ summary: 'End one of one’s own sessions', refuses: [SessionNotFound] })
  end(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.sessions.end(actor, id);
  }

  @Get('current')
  @BeforeSecondFactor()
  @Requires('signed-in')
  @Endpoint({ summary: 'Who is signed in, and what they may do' })
  me(@CurrentActor() actor: RequestActor): MeView {
    const { staffId, displayName, clinicId, market, roles, isPrescriber, permissions } = actor;
    return {
      staffId,
      displayName,
      clinicId,
      market,
      roles: [...roles],
      isPrescriber,
      permissions: [...permissions].toSorted(),
      locationIds: [...(actor.locationIds ?? [])],
      secondFactorDue: actor.secondFactorDue ?? false,
    };
  }
}
