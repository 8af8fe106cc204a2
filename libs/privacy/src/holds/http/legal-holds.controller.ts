import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { LegalHoldLifted, PatientNotHere } from '../../domain/privacy.errors.js';
import { LegalHoldsService } from '../legal-holds.service.js';
import { HoldReason, LegalHolds, LegalHoldView } from './legal-hold.dto.js';

@ApiTags('privacy')
@Controller()
export class LegalHoldsController {
  constructor(private readonly holds: LegalHoldsService) {}

  @Post('patients/:id/legal-holds')
  @Requires('privacy:manage')
  @Endpoint({
    summary: 'Keep a record whole while a dispute lasts',
    refuses: [PatientNotHere],
    changes: true,
  })
  place(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: HoldReason,
  ): Promise<LegalHoldView> {
    return this.holds.place(actor, id, body);
  }

  @Get('patients/:id/legal-holds')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Legal holds on a patient, newest first', refuses: [PatientNotHere] })
  list(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<LegalHolds> {
    return this.holds.list(actor, id);
  }

  @Post('legal-holds/:id/lift')
  @HttpCode(200)
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Lift a legal hold', refuses: [PatientNotHere, LegalHoldLifted], changes: true })
  lift(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: HoldReason,
  ): Promise<LegalHoldView> {
    return this.holds.lift(actor, id, body);
  }
}
