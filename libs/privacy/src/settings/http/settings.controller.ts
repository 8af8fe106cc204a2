import { Endpoint, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { SettingsService } from '../settings.service.js';
import { ChangePrivacySettings, PrivacySettingsView } from './settings.dto.js';

@ApiTags('privacy')
@Controller('privacy-settings')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @Requires('privacy:manage')
  @Endpoint({ summary: 'How long records are kept, and whether they may be opened in an emergency' })
  read(@CurrentActor() actor: RequestActor): Promise<PrivacySettingsView> {
    return this.settings.read(actor);
  }

  @Patch()
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Change them', changes: true, versioned: true })
  change(
    @CurrentActor() actor: RequestActor,
    @Body() body: ChangePrivacySettings,
    @IfMatch() read: number | undefined,
  ): Promise<PrivacySettingsView> {
    return this.settings.change(actor, body, read);
  }
}
