import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  ClinicalTaskEnded,
  ClinicalTaskNotFound,
  ReportReferenceMissing,
} from '../../adverse-events/domain/adverse-events.errors.js';
import { ClinicalTasksService } from '../clinical-tasks.service.js';
import {
  AssignClinicalTask,
  ClinicalTaskPage,
  ClinicalTaskView,
  CompleteClinicalTask,
  FindClinicalTasks,
} from './clinical-task.dto.js';

@ApiTags('adverse events')
@Controller('clinical-tasks')
export class ClinicalTasksController {
  constructor(private readonly tasks: ClinicalTasksService) {}

  @Get()
  @Requires('clinical-tasks:work')
  @Endpoint({ summary: 'The worklist: urgent reviews and reports to the regulator, first due first' })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindClinicalTasks): Promise<ClinicalTaskPage> {
    return this.tasks.list(actor, query);
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Requires('clinical-tasks:work')
  @Endpoint({
    summary: 'Give a task to a colleague',
    refuses: [ClinicalTaskNotFound, ClinicalTaskEnded, StaffNotFound],
    changes: true,
    versioned: true,
  })
  assign(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AssignClinicalTask,
    @IfMatch() read: number | undefined,
  ): Promise<ClinicalTaskView> {
    return this.tasks.assign(actor, id, body, read);
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Requires('clinical-tasks:work')
  @Endpoint({
    summary: 'Complete a task; a report with the reference the regulator gave it',
    refuses: [ClinicalTaskNotFound, ClinicalTaskEnded, ReportReferenceMissing],
    changes: true,
    versioned: true,
  })
  complete(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CompleteClinicalTask,
    @IfMatch() read: number | undefined,
  ): Promise<ClinicalTaskView> {
    return this.tasks.complete(actor, id, body, read);
  }
}
