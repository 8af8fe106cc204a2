import { Endpoint, IdPipe, IfMatch, PageQuery } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  BirthDateImpossible,
  PatientMerged,
  PatientNotFound,
  PossibleDuplicate,
  QuietHoursEmpty,
  RefusalReasonMisplaced,
} from '../domain/patients.errors.js';
import { RegisterService } from '../register.service.js';
import { ChangePatient, FindPatients, RegisterPatient } from './patient.dto.js';
import { PatientChangePage, PatientPage, PatientView } from './patient.views.js';

const OF_THE_FIELDS = [BirthDateImpossible, QuietHoursEmpty, RefusalReasonMisplaced];

@ApiTags('patients')
@Controller('patients')
export class PatientsController {
  constructor(private readonly patients: RegisterService) {}

  @Post()
  @Requires('patients:write')
  @Endpoint({
    summary: 'Register a patient; warns of someone who looks like the same person',
    refuses: [PossibleDuplicate, ...OF_THE_FIELDS],
    changes: true,
  })
  register(@CurrentActor() actor: RequestActor, @Body() body: RegisterPatient): Promise<PatientView> {
    return this.patients.register(actor, body);
  }

  @Get()
  @Requires('patients:read')
  @Endpoint({ summary: 'Find patients by any part of name, phone, birth date, e-mail or number' })
  find(@CurrentActor() actor: RequestActor, @Query() query: FindPatients): Promise<PatientPage> {
    return this.patients.find(actor, query);
  }

  @Get(':id')
  @Requires('patients:read')
  @Endpoint({
    summary: 'Read a patient; a merged record names the one it was merged into',
    refuses: [PatientNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<PatientView> {
    return this.patients.read(actor, id);
  }

  @Get(':id/changes')
  @Requires('patients:read')
  @Endpoint({
    summary: 'What was changed of a patient’s record: who, when, and what was before',
    refuses: [PatientNotFound],
  })
  changes(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<PatientChangePage> {
    return this.patients.changes(actor, id, query);
  }

  @Patch(':id')
  @Requires('patients:write')
  @Endpoint({
    summary: 'Change a patient',
    refuses: [PatientNotFound, PatientMerged, ...OF_THE_FIELDS],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangePatient,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.patients.change(actor, id, body, read);
  }
}
