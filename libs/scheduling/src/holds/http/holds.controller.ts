import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { HoldNotFound, HoldOver, RoomNotFound } from '../../domain/scheduling.errors.js';
import { AppointmentView, BookAppointment } from '../../http/appointment.dto.js';
import { ABSENT, BARS_THE_PATIENT, BOOKING_REFUSALS } from '../../booking-refusals.js';
import { HoldIsOffered } from '../../waitlist/domain/waitlist.errors.js';
import { HoldsService } from '../holds.service.js';
import { HoldView } from './hold.dto.js';

@ApiTags('scheduling')
@Controller('holds')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Post()
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Keep a slot for minutes while the patient decides; it expires by itself',
    refuses: BOOKING_REFUSALS,
    changes: true,
  })
  hold(@CurrentActor() actor: RequestActor, @Body() body: BookAppointment): Promise<HoldView> {
    return this.holds.hold(actor, body);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Book what was held, while it is held',
    refuses: [HoldNotFound, HoldIsOffered, HoldOver, ...ABSENT, RoomNotFound, ...BARS_THE_PATIENT],
    changes: true,
  })
  confirm(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<AppointmentView> {
    return this.holds.confirm(actor, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Give a held slot back',
    refuses: [HoldNotFound, HoldIsOffered, HoldOver],
    changes: true,
  })
  release(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.holds.release(actor, id);
  }
}
