import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  LocationNotFound,
  NameTaken,
  SetUpEntryNotFound,
  SpanInverted,
  WorkingHoursInvalid,
} from '../domain/scheduling.errors.js';
import { LocationsService } from '../set-up/locations.service.js';
import { WorkingHoursService } from '../set-up/working-hours.service.js';
import {
  AbsenceView,
  AppointmentTypeList,
  AppointmentTypeView,
  ExceptionsView,
  ExtraHoursView,
  LocationList,
  LocationView,
  WorkingHoursView,
} from './set-up-view.dto.js';
import {
  AddAbsence,
  AddAppointmentType,
  AddExtraHours,
  AddRoom,
  OpenLocation,
  SetClosedDays,
  SetWeeklyHours,
} from './set-up.dto.js';

@ApiTags('set-up')
@Controller()
export class SetUpController {
  constructor(
    private readonly locations: LocationsService,
    private readonly workingHours: WorkingHoursService,
  ) {}

  @Get('locations')
  @Requires('scheduling:read')
  @Endpoint({ summary: 'Locations with opening hours, closed days and rooms' })
  listLocations(@CurrentActor() actor: RequestActor): Promise<LocationList> {
    return this.locations.list(actor);
  }

  @Post('locations')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Open a location', refuses: [NameTaken], changes: true })
  openLocation(@CurrentActor() actor: RequestActor, @Body() body: OpenLocation): Promise<LocationView> {
    return this.locations.open(actor, body);
  }

  @Put('locations/:id/opening-hours')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Set the weekly opening hours of a location',
    refuses: [LocationNotFound, WorkingHoursInvalid],
    changes: true,
  })
  setOpeningHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { hours }: SetWeeklyHours,
  ): Promise<LocationView> {
    return this.locations.setOpeningHours(actor, id, hours);
  }

  @Put('locations/:id/closed-days')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Set the days a location is closed', refuses: [LocationNotFound], changes: true })
  setClosedDays(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { days }: SetClosedDays,
  ): Promise<LocationView> {
    return this.locations.setClosedDays(actor, id, days);
  }

  @Post('locations/:id/rooms')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Add a room', refuses: [LocationNotFound, NameTaken], changes: true })
  addRoom(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddRoom,
  ): Promise<LocationView> {
    return this.locations.addRoom(actor, id, body);
  }

  @Get('appointment-types')
  @Requires('scheduling:read')
  @Endpoint({ summary: 'What can be booked' })
  listTypes(@CurrentActor() actor: RequestActor): Promise<AppointmentTypeList> {
    return this.locations.types(actor);
  }

  @Post('appointment-types')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Add an appointment type', refuses: [NameTaken, StaffNotFound], changes: true })
  addType(
    @CurrentActor() actor: RequestActor,
    @Body() body: AddAppointmentType,
  ): Promise<AppointmentTypeView> {
    return this.locations.addType(actor, body);
  }

  @Get('practitioners/:id/working-hours/:locationId')
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

  @Put('practitioners/:id/working-hours/:locationId')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Set the weekly hours of a practitioner at a location',
    refuses: [StaffNotFound, LocationNotFound, WorkingHoursInvalid],
    changes: true,
  })
  setWeekly(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('locationId', IdPipe) locationId: string,
    @Body() { hours }: SetWeeklyHours,
  ): Promise<WorkingHoursView> {
    return this.workingHours.setWeekly(actor, id, locationId, hours);
  }

  @Get('practitioners/:id/exceptions')
  @Requires('scheduling:read')
  @Endpoint({ summary: 'Absences and extra hours that have not ended yet', refuses: [StaffNotFound] })
  exceptions(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ExceptionsView> {
    return this.workingHours.exceptions(actor, id);
  }

  @Post('practitioners/:id/absences')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Note that a practitioner is away, for a whole day or part of it',
    refuses: [StaffNotFound, LocationNotFound, SpanInverted],
    changes: true,
  })
  addAbsence(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddAbsence,
  ): Promise<AbsenceView> {
    return this.workingHours.addAbsence(actor, id, body);
  }

  @Delete('practitioners/:id/absences/:absenceId')
  @HttpCode(204)
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Take an absence back', refuses: [SetUpEntryNotFound], changes: true })
  dropAbsence(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('absenceId', IdPipe) absenceId: string,
  ): Promise<void> {
    return this.workingHours.dropAbsence(actor, id, absenceId);
  }

  @Post('practitioners/:id/extra-hours')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Note that a practitioner works beside the weekly hours',
    refuses: [StaffNotFound, LocationNotFound, SpanInverted],
    changes: true,
  })
  addExtraHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddExtraHours,
  ): Promise<ExtraHoursView> {
    return this.workingHours.addExtraHours(actor, id, body);
  }

  @Delete('practitioners/:id/extra-hours/:extraId')
  @HttpCode(204)
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Take extra hours back', refuses: [SetUpEntryNotFound], changes: true })
  dropExtraHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('extraId', IdPipe) extraId: string,
  ): Promise<void> {
    return this.workingHours.dropExtraHours(actor, id, extraId);
  }
}
