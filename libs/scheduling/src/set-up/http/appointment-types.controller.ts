import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, StaffNotFound } from '#identity';
import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AppointmentTypeNotFound, NameTaken } from '../../domain/scheduling.errors.js';
import { AppointmentTypesService } from '../appointment-types.service.js';
import {
  AddAppointmentType,
  AppointmentTypeList,
  AppointmentTypeView,
  ChangeAppointmentType,
  ChangedAppointmentType,
} from './appointment-type.dto.js';

@ApiTags('set-up')
@Controller('appointment-types')
export class AppointmentTypesController {
  constructor(private readonly types: AppointmentTypesService) {}

  @Get()
  @Requires('scheduling:read')
  @Endpoint({ summary: 'What can be booked' })
  listTypes(@CurrentActor() actor: RequestActor): Promise<AppointmentTypeList> {
    return this.types.list(actor);
  }

  @Post()
  @Requires('scheduling:set-up')
  @Endpoint({ summary: 'Add an appointment type', refuses: [NameTaken, StaffNotFound], changes: true })
  addType(
    @CurrentActor() actor: RequestActor,
    @Body() body: AddAppointmentType,
  ): Promise<AppointmentTypeView> {
    return this.types.add(actor, body);
  }

  @Patch(':id')
  @Requires('scheduling:set-up')
  @Endpoint({
    summary: 'Change an appointment type, or take it out of and back into booking',
    refuses: [AppointmentTypeNotFound, NameTaken, StaffNotFound],
    changes: true,
    versioned: true,
  })
  changeType(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeAppointmentType,
    @IfMatch() read: number | undefined,
  ): Promise<ChangedAppointmentType> {
    return this.types.change(actor, id, body, read);
  }
}
