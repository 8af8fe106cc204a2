import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { LocalTimeDoesNotExist, LocalTimeIsAmbiguous } from '#kernel';
import { Body, Controller, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  LocationNotFound,
  SetUpEntryNotFound,
  SpanInverted,
  WorkingHoursInvalid,
} from '../../domain/scheduling.errors.js';
import { ExceptionsService } from '../exceptions.service.js';
import { WorkingHoursService } from '../working-hours.service.js';
import { SetUpChanged } from './location.view.js';
import { SetWeeklyHours } from './weekly-shift.dto.js';
import {
  AddExtraHours,
  ChangedAbsence,
  ChangedExtraHours,
  ChangedWorkingHours,
  ExceptionsView,
  NoteAbsence,
  WorkingHoursView,
} from './working-hours.dto.js';

const SPAN = [StaffNotFound, LocationNotFound, SpanInverted, LocalTimeDoesNotExist, LocalTimeIsAmbiguous];
const CHANGE = { changes: true, versioned: true };

@ApiTags('set-up')
@Controller('practitioners/:id')
export class WorkingHoursController {
  constructor(
    private readonly workingHours: WorkingHoursService,
    private readonly exceptions: ExceptionsService,
  ) {}

  @Get('working-hours/:locationId')
  @Requires('scheduling:read')
  @Endpoint({
    summary: 'Weekly hours of a practitioner at a location',
    refuses: [StaffNotFound, LocationNotFound],
  })
  weekly(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('locationId', IdPipe) locationId: string,
  ): Promise<WorkingHoursView> {
    return this.workingHours.weekly(actor, id, locationId);
  }

  @Put('working-hours/:locationId')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Set the weekly hours of a practitioner at a location, alternating weeks too',
    refuses: [StaffNotFound, LocationNotFound, WorkingHoursInvalid],
    ...CHANGE,
  })
  setWeekly(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('locationId', IdPipe) locationId: string,
    @Body() { hours }: SetWeeklyHours,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedWorkingHours> {
    return this.workingHours.setWeekly(actor, id, locationId, hours, read);
  }

  @Get('exceptions')
  @Requires('scheduling:read')
  @Endpoint({ summary: 'Absences and extra hours that have not ended yet', refuses: [StaffNotFound] })
  listExceptions(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ExceptionsView> {
    return this.exceptions.list(actor, id);
  }

  @Post('absences')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Note that a practitioner is away from every location, for whole days or part of one',
    refuses: SPAN,
    changes: true,
  })
  addAbsence(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: NoteAbsence,
  ): Promise<ChangedAbsence> {
    return this.exceptions.addAbsence(actor, id, body);
  }

  @Put('absences/:absenceId')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Say anew when and why a practitioner is away',
    refuses: [...SPAN, SetUpEntryNotFound],
    ...CHANGE,
  })
  changeAbsence(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('absenceId', IdPipe) absenceId: string,
    @Body() body: NoteAbsence,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedAbsence> {
    return this.exceptions.changeAbsence(actor, id, absenceId, body, read);
  }

  @Delete('absences/:absenceId')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Take an absence back', refuses: [SetUpEntryNotFound], ...CHANGE })
  dropAbsence(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('absenceId', IdPipe) absenceId: string,
    @IfMatch() read: number | undefined,
  ): Promise<SetUpChanged> {
    return this.exceptions.dropAbsence(actor, id, absenceId, read);
  }

  @Post('extra-hours')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Note that a practitioner works beside the weekly hours',
    refuses: SPAN,
    changes: true,
  })
  addExtraHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddExtraHours,
  ): Promise<ChangedExtraHours> {
    return this.exceptions.addExtraHours(actor, id, body);
  }

  @Put('extra-hours/:extraId')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Say anew where and when a practitioner works beside the weekly hours',
    refuses: [...SPAN, SetUpEntryNotFound],
    ...CHANGE,
  })
  changeExtraHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('extraId', IdPipe) extraId: string,
    @Body() body: AddExtraHours,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedExtraHours> {
    return this.exceptions.changeExtraHours(actor, id, extraId, body, read);
  }

  @Delete('extra-hours/:extraId')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Take extra hours back', refuses: [SetUpEntryNotFound], ...CHANGE })
  dropExtraHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('extraId', IdPipe) extraId: string,
    @IfMatch() read: number | undefined,
  ): Promise<SetUpChanged> {
    return this.exceptions.dropExtraHours(actor, id, extraId, read);
  }
}
