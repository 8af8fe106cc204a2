import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { SessionsController } from './http/sessions.controller.js';
import { SessionGuard } from './session.guard.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';

@Module({
  controllers: [SessionsController],
  providers: [SessionsService, SessionsRepository, { provide: APP_GUARD, useClass: SessionGuard }],
})
export class IdentityModule {}
