import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AppointmentVerbsService } from '../appointment-verbs.service.js';
import { AvailabilityService } from '../availability.service.js';
import { BookingService } from '../booking.service.js';
import {
  AppointmentNotFound,
  AppointmentTransitionRefused,
  AvailabilityRangeInvalid,
  PatientNotBookable,
  PatientUnderAge,
  RoomNotFound,
  SlotStepInvalid,
  SlotTaken,
} from '../domain/scheduling.errors.js';
import {
  AppointmentHistory,
  AppointmentView,
  BookAppointment,
  ExplainChange,
  RescheduleAppointment,
} from './appointment.dto.js';
import { AvailabilityView, SearchAvailability } from './availability.dto.js';
import { ABSENT, BARS_THE_PATIENT, BOOKING_REFUSALS } from '../booking-refusals.js';

@ApiTags('scheduling')
@Controller()
export class AppointmentsController {
  constructor(
    private readonly booking: BookingService,
    private readonly appointments: AppointmentVerbsService,
    private readonly availability: AvailabilityService,
  ) {}

  @Get('availability')
  @Requires('appointments:read')
  @Endpoint({
    summary:
      'Find bookable slots over up to 60 days; for a repeat visit inside its window, by the patient’s habits',
    refuses: [...ABSENT, PatientNotBookable, PatientUnderAge, AvailabilityRangeInvalid, SlotStepInvalid],
  })
  search(@CurrentActor() actor: RequestActor, @Query() query: SearchAvailability): Promise<AvailabilityView> {
    return this.availability.search(actor, query);
  }

  @Post('appointments')
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Book an appointment; nobody and no room is ever booked twice at a time',
    refuses: BOOKING_REFUSALS,
    changes: true,
  })
  book(@CurrentActor() actor: RequestActor, @Body() body: BookAppointment): Promise<AppointmentView> {
    return this.booking.book(actor, body);
  }

  @Get('appointments/:id')
  @Requires('appointments:read')
  @Endpoint({ summary: 'Read an appointment', refuses: [AppointmentNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<AppointmentView> {
    return this.appointments.read(actor, id);
  }

  @Get('appointments/:id/history')
  @Requires('appointments:read')
  @Endpoint({ summary: 'Who changed an appointment, when and why', refuses: [AppointmentNotFound] })
  history(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<AppointmentHistory> {
    return this.appointments.history(actor, id);
  }

  @Post('appointments/:id/reschedule')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Move an appointment to another time, practitioner, room, type or location',
    refuses: [AppointmentNotFound, AppointmentTransitionRefused, ...BOOKING_REFUSALS],
    changes: true,
    versioned: true,
  })
  reschedule(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RescheduleAppointment,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.booking.reschedule(actor, id, body, read);
  }

  @Post('appointments/:id/reinstate')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Take a cancelled or missed appointment up again, if its time is still free',
    refuses: [
      AppointmentNotFound,
      AppointmentTransitionRefused,
      SlotTaken,
      ...ABSENT,
      RoomNotFound,
      ...BARS_THE_PATIENT,
    ],
    changes: true,
    versioned: true,
  })
  reinstate(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ExplainChange,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.booking.reinstate(actor, id, reason, read);
  }
}
