import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { LocationNotFound, SpanInverted } from '../../domain/scheduling.errors.js';
import { MisfitsService } from '../misfits.service.js';
import { MisfitPage, ReadMisfits } from './misfits.dto.js';

@ApiTags('scheduling')
@Controller('appointments/misfits')
export class MisfitsController {
  constructor(private readonly misfits: MisfitsService) {}

  @Get()
  @Requires('appointments:read')
  @Endpoint({
    summary:
      'Appointments still to come that no longer fit hours, absences, rooms or types, with the reasons',
    refuses: [LocationNotFound, StaffNotFound, SpanInverted],
  })
  list(@CurrentActor() actor: RequestActor, @Query() query: ReadMisfits): Promise<MisfitPage> {
    return this.misfits.list(actor, query);
  }
}
