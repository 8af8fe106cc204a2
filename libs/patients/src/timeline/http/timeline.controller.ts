import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientNotFound } from '../../domain/patients.errors.js';
import { TimelineService } from '../timeline.service.js';
import { ReadTimeline, TimelinePage } from './timeline.dto.js';

@ApiTags('patients')
@Controller('patients/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineService) {}

  @Get()
  @Requires('patients:read')
  @Endpoint({
    summary: 'Everything that happened to a patient, newest first, as far as your roles may see it',
    refuses: [PatientNotFound],
  })
  read(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ReadTimeline,
  ): Promise<TimelinePage> {
    return this.timeline.read(actor, id, query);
  }
}
