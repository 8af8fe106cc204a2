import { Endpoint } from '#http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor, type RequestActor } from '../request-actor.js';
import { Requires } from '../requires.js';
import { StaffService } from '../staff.service.js';
import { FindStaff, StaffList } from './staff.dto.js';

@ApiTags('identity')
@Controller('staff')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  @Get()
  @Requires('scheduling:read')
  @Endpoint({ summary: 'Who works in the clinic' })
  list(@CurrentActor() actor: RequestActor, @Query() { role }: FindStaff): Promise<StaffList> {
    return this.staff.list(actor, role);
  }
}
