import { UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor, ShownWith } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  BirthDateImpossible,
  PatientLeftCare,
  PatientNotFound,
  PossibleDuplicate,
  RecordedDateImpossible,
} from '../domain/patients.errors.js';
import { PatientsService } from '../patients.service.js';
import {
  AddHealthFact,
  AddPriorToxin,
  ChangePatient,
  FindPatients,
  PatientPage,
  PatientView,
  RecordDeparture,
  RegisterPatient,
} from './patient.dto.js';

@ApiTags('patients')
@Controller('patients')
@ShownWith('charts:read', 'healthFacts', 'priorToxins')
export class PatientsController {
  constructor(private readonly patients: PatientsService) {}

  @Post()
  @Requires('patients:write')
  @Endpoint({
    summary: 'Register a patient; warns of someone who looks like the same person',
    refuses: [PossibleDuplicate, BirthDateImpossible],
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
  @Endpoint({ summary: 'Read a patient', refuses: [PatientNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<PatientView> {
    return this.patients.read(actor, id);
  }

  @Patch(':id')
  @Requires('patients:write')
  @Endpoint({
    summary: 'Change a patient',
    refuses: [PatientNotFound, BirthDateImpossible],
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

  @Post(':id/depart')
  @HttpCode(200)
  @Requires('patients:write')
  @Endpoint({
    summary: 'Record that a patient died or moved away',
    refuses: [PatientNotFound, PatientLeftCare, RecordedDateImpossible],
    changes: true,
    versioned: true,
  })
  depart(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RecordDeparture,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.patients.depart(actor, id, body, read);
  }

  @Post(':id/health-facts')
  @Requires('charts:write')
  @Endpoint({
    summary: 'Note an allergy, condition or medication',
    refuses: [PatientNotFound],
    changes: true,
  })
  addHealthFact(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddHealthFact,
  ): Promise<PatientView> {
    return this.patients.addHealthFact(actor, id, body);
  }

  @Post(':id/prior-toxins')
  @Requires('charts:write')
  @Endpoint({
    summary: 'Note botulinum toxin given elsewhere, medical uses included',
    refuses: [PatientNotFound, UnknownProduct, RecordedDateImpossible],
    changes: true,
  })
  addPriorToxin(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddPriorToxin,
  ): Promise<PatientView> {
    return this.patients.addPriorToxin(actor, id, body);
  }
}
