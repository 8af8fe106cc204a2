import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { EmergencyAccessOff, NoEmergencyAccess, PatientNotHere } from '../../domain/privacy.errors.js';
import { EmergenciesService } from '../emergencies.service.js';
import {
  EmergencyPage,
  EmergencyRecord,
  EmergencyView,
  FindEmergencies,
  OpenRecord,
} from './emergency.dto.js';

@ApiTags('privacy')
@Controller()
export class EmergenciesController {
  constructor(private readonly emergencies: EmergenciesService) {}

  @Post('patients/:id/emergency-access')
  @Requires('records:emergency')
  @Endpoint({
    summary: 'Open a record in an emergency, with a reason; the office is shown it',
    refuses: [EmergencyAccessOff, PatientNotHere],
    changes: true,
  })
  open(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: OpenRecord,
  ): Promise<EmergencyView> {
    return this.emergencies.open(actor, id, body);
  }

  @Get('patients/:id/emergency-record')
  @Requires('records:emergency')
  @Endpoint({ summary: 'The whole record, while it is open', refuses: [NoEmergencyAccess, PatientNotHere] })
  record(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<EmergencyRecord> {
    return this.emergencies.record(actor, id);
  }

  @Get('emergency-access')
  @Requires('audit:read')
  @Endpoint({ summary: 'Records opened in an emergency, newest first' })
  find(@CurrentActor() actor: RequestActor, @Query() query: FindEmergencies): Promise<EmergencyPage> {
    return this.emergencies.find(actor, query);
  }

  @Post('emergency-access/:id/review')
  @HttpCode(200)
  @Requires('audit:read')
  @Endpoint({ summary: 'Say that it was looked at', refuses: [PatientNotHere], changes: true })
  review(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<EmergencyView> {
    return this.emergencies.review(actor, id);
  }
}
