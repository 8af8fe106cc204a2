import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  PathwayClosed,
  PathwayNeedsPrescriber,
  PathwayNotFound,
  PathwayStepsMissing,
} from '../domain/pathways.errors.js';
import { PathwaysService } from '../pathways.service.js';
import { ConcludePathway, PathwaysOfPatient, PathwayView, RecordStep } from './pathway.dto.js';

@ApiTags('follow-ups')
@Controller()
export class PathwaysController {
  constructor(private readonly pathways: PathwaysService) {}

  @Get('patients/:id/non-response-pathways')
  @Requires('charts:read')
  @Endpoint({
    summary: 'What was looked into where treatments of a patient showed nothing, the newest first',
    refuses: [PatientNotFound],
  })
  ofPatient(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<PathwaysOfPatient> {
    return this.pathways.ofPatient(actor, id);
  }

  @Get('non-response-pathways/:id')
  @Requires('charts:read')
  @Endpoint({ summary: 'Read a non-response pathway', refuses: [PathwayNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<PathwayView> {
    return this.pathways.read(actor, id);
  }

  @Post('non-response-pathways/:id/findings')
  @HttpCode(200)
  @Requires('follow-ups:record')
  @Endpoint({
    summary: 'Record what a prescriber found at a step; a later finding of the same step replaces it',
    refuses: [PathwayNotFound, PathwayClosed, PathwayNeedsPrescriber],
    changes: true,
    versioned: true,
  })
  find(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RecordStep,
    @IfMatch() read: number | undefined,
  ): Promise<PathwayView> {
    return this.pathways.find(actor, id, body, read);
  }

  @Post('non-response-pathways/:id/conclude')
  @HttpCode(200)
  @Requires('follow-ups:record')
  @Endpoint({
    summary: 'Close a non-response pathway with a prescriber’s conclusion, once every step has a finding',
    refuses: [PathwayNotFound, PathwayClosed, PathwayNeedsPrescriber, PathwayStepsMissing],
    changes: true,
    versioned: true,
  })
  conclude(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ConcludePathway,
    @IfMatch() read: number | undefined,
  ): Promise<PathwayView> {
    return this.pathways.conclude(actor, id, body, read);
  }
}
