import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AppointmentVerbsService } from '../appointment-verbs.service.js';
import {
  AppointmentNotFound,
  AppointmentStillAhead,
  AppointmentTransitionRefused,
  VisitTreated,
} from '../domain/scheduling.errors.js';
import { AppointmentView, CancelAppointment, ExplainChange, NoteNoShow } from './appointment.dto.js';

const CHANGE = {
  refuses: [AppointmentNotFound, AppointmentTransitionRefused],
  changes: true,
  versioned: true,
};
const ON_THE_DAY = { ...CHANGE, refuses: [...CHANGE.refuses, AppointmentStillAhead] };

/** One verb each, from URL to row. */
@ApiTags('scheduling')
@Controller('appointments/:id')
export class AppointmentVerbsController {
  constructor(private readonly appointments: AppointmentVerbsService) {}

  @Post('confirm')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({ summary: 'The patient confirmed that they will come', ...CHANGE })
  confirm(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'confirm', {}, read);
  }

  @Post('check-in')
  @HttpCode(200)
  @Requires('appointments:run')
  @Endpoint({ summary: 'The patient is here', ...ON_THE_DAY })
  checkIn(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'check-in', {}, read);
  }

  @Post('start')
  @HttpCode(200)
  @Requires('appointments:run')
  @Endpoint({ summary: 'The patient is in the room', ...CHANGE })
  start(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'start', {}, read);
  }

  @Post('complete')
  @HttpCode(200)
  @Requires('appointments:run')
  @Endpoint({ summary: 'The visit is over', ...CHANGE })
  complete(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'complete', {}, read);
  }

  @Post('cancel')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({ summary: 'Cancel an appointment; its time is free at once', ...CHANGE })
  cancel(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CancelAppointment,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'cancel', body, read);
  }

  @Post('no-show')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({ summary: 'The patient did not come', ...ON_THE_DAY })
  noShow(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: NoteNoShow,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'no-show', body, read);
  }

  @Post('enter-in-error')
  @HttpCode(200)
  @Requires('appointments:book')
  @Endpoint({
    summary: 'Withdraw an appointment that should never have been entered',
    ...CHANGE,
    refuses: [...CHANGE.refuses, VisitTreated],
  })
  enterInError(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ExplainChange,
    @IfMatch() read: number | undefined,
  ): Promise<AppointmentView> {
    return this.appointments.change(actor, id, 'enter-in-error', body, read);
  }
}
