import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { ClinicsService } from './clinics.service.js';
import { ClinicSettingsService } from './clinic-settings/clinic-settings.service.js';
import { ClinicSettingsController } from './clinic-settings/http/clinic-settings.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { SessionGuard } from './session.guard.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { StaffController } from './http/staff.controller.js';
import { StaffService } from './staff.service.js';

@Module({
  controllers: [SessionsController, StaffController, ClinicSettingsController],
  providers: [
    SessionsService,
    SessionsRepository,
    StaffService,
    ClinicsService,
    ClinicSettingsService,
    { provide: APP_GUARD, useClass: SessionGuard },
  ],
  exports: [StaffService, ClinicsService, SessionsService],
})
export class IdentityModule {}
