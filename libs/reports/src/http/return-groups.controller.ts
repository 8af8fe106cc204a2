import { UnknownArea, UnknownProduct } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { AsOfInFuture, ReportLocationNotFound } from '../domain/reports.errors.js';
import { ReturnGroupsService } from '../return-groups.service.js';
import {
  AskReturnCohorts,
  AskReturnGroups,
  ReturnCohortsView,
  ReturnGroupsView,
} from './return-groups.dto.js';

const REFUSES = [AsOfInFuture, StaffNotFound, ReportLocationNotFound, UnknownProduct, UnknownArea];
const SMALL =
  'Groups of fewer than five patients, and as many more as it takes that none follows by subtraction, are told only ' +
  'to somebody who may see charts.';

@ApiTags('reports')
@Controller('reports')
export class ReturnGroupsController {
  constructor(private readonly returns: ReturnGroupsService) {}

  @Get('return-groups')
  @Requires('reports:read')
  @Endpoint({
    summary:
      'Whether patients come back, cut by who, where, what and when, with curves and whether the groups differ',
    description: `A cut asks the treatment a cycle starts with; one with doses in two groups stands in both. ${SMALL}`,
    refuses: REFUSES,
  })
  groups(@CurrentActor() actor: RequestActor, @Query() query: AskReturnGroups): Promise<ReturnGroupsView> {
    return this.returns.groups(actor, query);
  }

  @Get('return-cohorts')
  @Requires('reports:read')
  @Endpoint({
    summary:
      'The cohort table: of the treatments of each month or quarter, how many were followed by a return so far',
    description: `Counts only; a cell is complete when all its treatments were watched that long. ${SMALL}`,
    refuses: REFUSES,
  })
  cohorts(@CurrentActor() actor: RequestActor, @Query() query: AskReturnCohorts): Promise<ReturnCohortsView> {
    return this.returns.cohorts(actor, query);
  }
}
