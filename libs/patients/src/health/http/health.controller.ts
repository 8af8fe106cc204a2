import { UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { NotACalendarDate } from '#kernel';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientMerged, PatientNotFound, RecordedDateImpossible } from '../../domain/patients.errors.js';
import { PatientView } from '../../http/patient.views.js';
import {
  AlreadyEnteredInError,
  HealthCodeUnknown,
  HealthFactEnded,
  HealthFactNotFound,
  PriorToxinNotFound,
} from '../domain/health.errors.js';
import { HealthService } from '../health.service.js';
import {
  AddHealthFact,
  AddPriorToxin,
  CorrectHealthFact,
  CorrectPriorToxin,
  EndHealthFact,
} from './health.dto.js';
import { HealthView } from './health.views.js';

const OF_THE_PATIENT = [PatientNotFound, PatientMerged];

@ApiTags('patients')
@Controller('patients/:id')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('health')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Everything recorded of a patient’s health, ended and entered in error too',
    refuses: [PatientNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<HealthView> {
    return this.health.read(actor, id);
  }

  @Post('health-facts')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Note an allergy, condition or medication',
    refuses: [...OF_THE_PATIENT, HealthCodeUnknown],
    changes: true,
  })
  addHealthFact(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddHealthFact,
  ): Promise<PatientView> {
    return this.health.addHealthFact(actor, id, body);
  }

  @Post('health-facts/:factId/end')
  @HttpCode(200)
  @Requires('charts:read')
  @Endpoint({
    summary: 'Say until when it was so; If-Match takes the version of the fact',
    refuses: [
      ...OF_THE_PATIENT,
      HealthFactNotFound,
      HealthFactEnded,
      AlreadyEnteredInError,
      RecordedDateImpossible,
    ],
    changes: true,
    versioned: true,
  })
  endHealthFact(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('factId', IdPipe) factId: string,
    @Body() body: EndHealthFact,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.health.endHealthFact(actor, id, factId, body, read);
  }

  @Post('health-facts/:factId/correct')
  @HttpCode(200)
  @Requires('charts:read')
  @Endpoint({
    summary: 'Mark as entered in error, with what is right instead; If-Match takes the version of the fact',
    refuses: [...OF_THE_PATIENT, HealthFactNotFound, AlreadyEnteredInError, HealthCodeUnknown],
    changes: true,
    versioned: true,
  })
  correctHealthFact(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('factId', IdPipe) factId: string,
    @Body() body: CorrectHealthFact,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.health.correctHealthFact(actor, id, factId, body, read);
  }

  @Post('prior-toxins')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Note botulinum toxin given elsewhere, medical uses included',
    refuses: [...OF_THE_PATIENT, UnknownProduct, RecordedDateImpossible, NotACalendarDate],
    changes: true,
  })
  addPriorToxin(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddPriorToxin,
  ): Promise<PatientView> {
    return this.health.addPriorToxin(actor, id, body);
  }

  @Post('prior-toxins/:toxinId/correct')
  @HttpCode(200)
  @Requires('charts:read')
  @Endpoint({
    summary: 'Mark as entered in error, with what is right instead; If-Match takes the version of the entry',
    refuses: [
      ...OF_THE_PATIENT,
      PriorToxinNotFound,
      AlreadyEnteredInError,
      UnknownProduct,
      RecordedDateImpossible,
      NotACalendarDate,
    ],
    changes: true,
    versioned: true,
  })
  correctPriorToxin(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('toxinId', IdPipe) toxinId: string,
    @Body() body: CorrectPriorToxin,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.health.correctPriorToxin(actor, id, toxinId, body, read);
  }
}
