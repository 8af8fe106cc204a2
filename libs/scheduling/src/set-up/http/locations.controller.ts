import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  LocationNotFound,
  NameTaken,
  RoomNotFound,
  WorkingHoursInvalid,
} from '../../domain/scheduling.errors.js';
import { LocationsService } from '../locations.service.js';
import { RoomsService } from '../rooms.service.js';
import {
  AddRoom,
  ChangeLocation,
  ChangeRoom,
  OpenLocation,
  SetClosedDays,
  SetExtraOpenings,
} from './location.dto.js';
import { ChangedLocation, ChangedRoom, LocationList, LocationView } from './location.view.js';
import { SetWeeklyHours } from './weekly-shift.dto.js';

const CHANGE = { changes: true, versioned: true };

@ApiTags('set-up')
@Controller()
export class LocationsController {
  constructor(
    private readonly locations: LocationsService,
    private readonly rooms: RoomsService,
  ) {}

  @Get('locations')
  @Requires('scheduling:read')
  @Endpoint({ summary: 'Locations with opening hours, closed days, extra openings and rooms' })
  listLocations(@CurrentActor() actor: RequestActor): Promise<LocationList> {
    return this.locations.list(actor);
  }

  @Post('locations')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Open a location', refuses: [NameTaken], changes: true })
  openLocation(@CurrentActor() actor: RequestActor, @Body() body: OpenLocation): Promise<LocationView> {
    return this.locations.open(actor, body);
  }

  @Patch('locations/:id')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Rename a location, change its zone, or take it out of and back into booking',
    refuses: [LocationNotFound, NameTaken],
    ...CHANGE,
  })
  changeLocation(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeLocation,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedLocation> {
    return this.locations.change(actor, id, body, read);
  }

  @Put('locations/:id/opening-hours')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Set the weekly opening hours of a location',
    refuses: [LocationNotFound, WorkingHoursInvalid],
    ...CHANGE,
  })
  setOpeningHours(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { hours }: SetWeeklyHours,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedLocation> {
    return this.locations.setOpeningHours(actor, id, hours, read);
  }

  @Put('locations/:id/closed-days')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Set the days a location is closed', refuses: [LocationNotFound], ...CHANGE })
  setClosedDays(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { days }: SetClosedDays,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedLocation> {
    return this.locations.setClosedDays(actor, id, days, read);
  }

  @Put('locations/:id/extra-openings')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Set the days a location opens outside its weekly hours',
    refuses: [LocationNotFound, WorkingHoursInvalid],
    ...CHANGE,
  })
  setExtraOpenings(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { openings }: SetExtraOpenings,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedLocation> {
    return this.locations.setExtraOpenings(actor, id, openings, read);
  }

  @Post('locations/:id/rooms')
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Add a room', refuses: [LocationNotFound, NameTaken], changes: true })
  addRoom(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddRoom,
  ): Promise<LocationView> {
    return this.rooms.add(actor, id, body);
  }

  @Patch('rooms/:id')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Change the name, kind or equipment of a room, or take it out of and back into booking',
    refuses: [RoomNotFound, NameTaken],
    ...CHANGE,
  })
  changeRoom(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeRoom,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedRoom> {
    return this.rooms.change(actor, id, body, read);
  }
}
