import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { PatientMerged, PatientNotFound } from '../../domain/patients.errors.js';
import { PatientView } from '../../http/patient.views.js';
import { MergeRefused, NotMerged } from '../domain/merging.errors.js';
import { MergesService } from '../merges.service.js';
import {
  DuplicatePage,
  DuplicatePairPage,
  FindDuplicates,
  MergedView,
  MergeList,
  MergePatients,
  UnmergePatient,
} from './merge.dto.js';

@ApiTags('patients')
@Controller()
export class MergesController {
  constructor(private readonly merges: MergesService) {}

  @Get('patient-duplicates')
  @Requires('patients:merge')
  @Endpoint({
    summary:
      'Pairs in the register that look like one person; a page looks at `limit` records and may be empty',
  })
  duplicates(
    @CurrentActor() actor: RequestActor,
    @Query() query: FindDuplicates,
  ): Promise<DuplicatePairPage> {
    return this.merges.duplicates(actor, query);
  }

  @Get('patients/:id/duplicates')
  @Requires('patients:read')
  @Endpoint({
    summary: 'Who may be the same person, by their number in the register',
    refuses: [PatientNotFound],
  })
  duplicatesOf(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: FindDuplicates,
  ): Promise<DuplicatePage> {
    return this.merges.duplicatesOf(actor, id, query);
  }

  @Post('patients/:id/merge')
  @HttpCode(200)
  @Requires('patients:merge')
  @Endpoint({
    summary: 'Unite a duplicate with this patient: everything read here shows both',
    refuses: [PatientNotFound, PatientMerged, MergeRefused],
    changes: true,
    versioned: true,
  })
  merge(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: MergePatients,
    @IfMatch() read: number | undefined,
  ): Promise<MergedView> {
    return this.merges.merge(actor, id, body, read);
  }

  @Post('patients/:id/unmerge')
  @HttpCode(200)
  @Requires('patients:merge')
  @Endpoint({
    summary: 'Take back that this record was merged into another: both stand as before',
    refuses: [PatientNotFound, NotMerged],
    changes: true,
    versioned: true,
  })
  unmerge(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: UnmergePatient,
    @IfMatch() read: number | undefined,
  ): Promise<PatientView> {
    return this.merges.unmerge(actor, id, body, read);
  }

  @Get('patients/:id/merges')
  @Requires('patients:read')
  @Endpoint({ summary: 'Every merge of this record or into it, undone ones too', refuses: [PatientNotFound] })
  history(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<MergeList> {
    return this.merges.history(actor, id);
  }
}
