import { Endpoint } from '#http';
import { AddressRefused } from '#outbound';
import { Body, Controller, Delete, Get, Headers, HttpCode, Ip, Post, Put, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { SealingNotSetUp } from '../../domain/identity.errors.js';
import { SessionView } from '../../http/session.dto.js';
import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { OpenToAll, Requires } from '../../requires.js';
import {
  IdentityProviderNeeded,
  IdentityProviderNotFound,
  IdentityProviderRefused,
  IdentityProviderUnusable,
} from '../domain/oidc.errors.js';
import { IdentityProvidersService } from '../identity-providers.service.js';
import { OidcSignInService } from '../oidc-sign-in.service.js';
import { BeginOidc, FinishOidc, IdentityProviderView, OidcBegun, SetIdentityProvider } from './oidc.dto.js';

@ApiTags('identity')
@Controller()
export class OidcController {
  constructor(
    private readonly signIns: OidcSignInService,
    private readonly providers: IdentityProvidersService,
  ) {}

  @Post('sessions/oidc/begin')
  @HttpCode(200)
  @OpenToAll()
  @Endpoint({
    summary: 'Begin to sign in at the clinic’s identity provider (OpenID Connect, PKCE)',
    refuses: [IdentityProviderNotFound, IdentityProviderUnusable, SealingNotSetUp],
    limited: true,
  })
  begin(
    @Body() { clinic }: BeginOidc,
    @Ip() address: string,
    @Req() request: FastifyRequest,
  ): Promise<OidcBegun> {
    return this.signIns.begin(clinic, { requestId: request.id, address });
  }

  @Post('sessions/oidc')
  @OpenToAll()
  @Endpoint({
    summary: 'Finish signing in with what the identity provider sent back',
    refuses: [IdentityProviderRefused, IdentityProviderNotFound, SealingNotSetUp],
    limited: true,
  })
  finish(
    @Body() body: FinishOidc,
    @Ip() address: string,
    @Headers('user-agent') userAgent: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<SessionView> {
    return this.signIns.finish(body, { requestId: request.id, address, userAgent });
  }

  @Get('identity-provider')
  @Requires('sign-in:set-up')
  @Endpoint({
    summary: 'Read where the clinic’s people sign in instead',
    refuses: [IdentityProviderNotFound],
  })
  read(@CurrentActor() actor: RequestActor): Promise<IdentityProviderView> {
    return this.providers.read(actor);
  }

  @Put('identity-provider')
  @Requires('sign-in:set-up')
  @Endpoint({
    summary: 'Set where the clinic’s people sign in instead; the provider is asked about itself first',
    refuses: [AddressRefused, IdentityProviderNeeded, IdentityProviderUnusable, SealingNotSetUp],
    changes: true,
  })
  set(@CurrentActor() actor: RequestActor, @Body() body: SetIdentityProvider): Promise<IdentityProviderView> {
    return this.providers.set(actor, body);
  }

  @Delete('identity-provider')
  @HttpCode(204)
  @Requires('sign-in:set-up')
  @Endpoint({
    summary: 'Remove the identity provider: people sign in with their passwords again',
    refuses: [IdentityProviderNotFound, IdentityProviderNeeded],
    changes: true,
  })
  remove(@CurrentActor() actor: RequestActor): Promise<void> {
    return this.providers.remove(actor);
  }
}
