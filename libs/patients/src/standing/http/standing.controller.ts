import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  PatientLeftCare,
  PatientMerged,
  PatientNotFound,
  RecordedDateImpossible,
} from '../../domain/patients.errors.js';
import { PatientView } from '../../http/patient.views.js';
import { DeathStands, NeverLeftCare } from '../standing.errors.js';
import { StandingService } from '../standing.service.js';
import { DepartedView, RecordDeparture, TakeBackDeparture } from './standing.dto.js';

@ApiTags('patients')
@Controller('patients/:id')
export class StandingController {
  constructor(private readonly standing: StandingService) {}

  @Post('depart')
  @HttpCode(200)
  @Requires('patients:write')
  @Endpoint({
    summary: 'Record that a patient died or moved away; lists the visits to come and cancels them on request',
    refuses: [PatientNotFound, PatientMerged, PatientLeftCare, RecordedDateImpossible],
    changes: true,
    versioned: true,
  })
  depart(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RecordDeparture,
    @IfMatch() read: number | undefined,
  ): Promise<DepartedView> {
    return this.standing.depart(actor, id, body, read);
  }

  @Post('reactivate')
  @HttpCode(200)
  @Requires('patients:write')
  @Endpoint({
    summary: 'A patient came back, or the departure was recorded by mistake',
    refuses: [PatientNotFound, PatientMerged, NeverLeftCare, DeathStands],
    changes: true,
    versioned: true,
  })
  takeBack(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: TakeBackDeparture,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.standing.takeBack(actor, id, body, read);
  }
}
