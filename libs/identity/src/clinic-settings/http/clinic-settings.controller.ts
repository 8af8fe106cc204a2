import { Endpoint, IfMatch } from '#http';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor, type RequestActor } from '../../request-actor.js';
import { Requires } from '../../requires.js';
import { ClinicSettingsService } from '../clinic-settings.service.js';
import { ChangeClinicSettings, ClinicSettingsView } from './clinic-settings.dto.js';

@ApiTags('identity')
@Controller('clinic/settings')
export class ClinicSettingsController {
  constructor(private readonly settings: ClinicSettingsService) {}

  @Get()
  @Requires('clinic:set-up')
  @Endpoint({ summary: 'What the clinic has chosen' })
  read(@CurrentActor() actor: RequestActor): Promise<ClinicSettingsView> {
    return this.settings.read(actor);
  }

  @Patch()
  @Requires('clinic:set-up')
  @Endpoint({ summary: 'Change what the clinic has chosen', changes: true, versioned: true })
  change(
    @CurrentActor() actor: RequestActor,
    @Body() body: ChangeClinicSettings,
    @IfMatch() read: number | undefined,
  ): Promise<ClinicSettingsView> {
    return this.settings.change(actor, body, read);
  }
}
