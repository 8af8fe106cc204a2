import { Endpoint } from '#http';
import { Body, Controller, Delete, Get, HttpCode, Ip, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { ClinicNeeded, SignInRefused } from '../domain/identity.errors.js';
import { CurrentActor, type RequestActor } from '../request-actor.js';
import { OpenToAll, Requires } from '../requires.js';
import { SessionsService } from '../sessions.service.js';
import { MeView, SessionView, SignIn } from './session.dto.js';

@ApiTags('identity')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @OpenToAll()
  @Endpoint({ summary: 'Sign in', refuses: [SignInRefused, ClinicNeeded], limited: true })
  signIn(@Body() body: SignIn, @Ip() address: string, @Req() request: FastifyRequest): Promise<SessionView> {
    return this.sessions.signIn(body, { requestId: request.id, address });
  }

  @Delete('current')
  @HttpCode(204)
  @Requires('signed-in')
  @Endpoint({ summary: 'Sign out: the session ends at once' })
  signOut(@CurrentActor() actor: RequestActor): Promise<void> {
    return this.sessions.signOut(actor);
  }

  @Get('current')
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
    };
  }
}
