import { Endpoint, IdPipe, PageQuery } from '#http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { Requires } from '../../requires.js';
import { ApiKeysService } from '../api-keys.service.js';
import { ApiKeyExpiryInvalid, ApiKeyNotFound, ScopeBeyondOwn } from '../domain/api-key.errors.js';
import { ApiKeyPage, MakeApiKey, NewApiKey, RotateApiKey } from './api-key.dto.js';

@ApiTags('integrations')
@Controller('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @Requires('integrations:manage')
  @Endpoint({ summary: 'List the API keys that work, and when each was used last' })
  list(@CurrentActor() actor: RequestActor, @Query() query: PageQuery): Promise<ApiKeyPage> {
    return this.keys.list(actor, query);
  }

  @Post()
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Make an API key for a program',
    description:
      'The key is told once and kept only as a hash. A repeat makes another: revoke what you do not use.',
    refuses: [ScopeBeyondOwn, ApiKeyExpiryInvalid],
  })
  make(@CurrentActor() actor: RequestActor, @Body() body: MakeApiKey): Promise<NewApiKey> {
    return this.keys.make(actor, body);
  }

  @Post(':id/rotate')
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Give a program a new secret, the old one working on for some hours',
    refuses: [ApiKeyNotFound, ScopeBeyondOwn, ApiKeyExpiryInvalid],
  })
  rotate(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RotateApiKey,
  ): Promise<NewApiKey> {
    return this.keys.rotate(actor, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('integrations:manage')
  @Endpoint({ summary: 'Revoke an API key at once', refuses: [ApiKeyNotFound], changes: true })
  revoke(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.keys.revoke(actor, id);
  }
}
