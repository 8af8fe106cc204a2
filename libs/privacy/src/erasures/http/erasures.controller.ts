import { Endpoint, IdPipe, IfMatch, PageQuery } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  AlreadyErased,
  CertificateKeyMissing,
  ErasureOver,
  ErasurePlanned,
  PatientNotHere,
  ReasonNamesPatient,
  UndeclaredTables,
  UnderLegalHold,
  VisitsAhead,
} from '../../domain/privacy.errors.js';
import { ErasuresService } from '../erasures.service.js';
import {
  EraseAgain,
  ErasedAgain,
  ErasedPatientPage,
  ErasurePage,
  ErasureReason,
  ErasureView,
  FindErasures,
} from './erasure.dto.js';

@ApiTags('privacy')
@Controller()
export class ErasuresController {
  constructor(private readonly erasures: ErasuresService) {}

  @Post('patients/:id/erasures')
  @Requires('privacy:manage')
  @Endpoint({
    summary: 'Plan the erasure of a patient: what will go, what is kept until when, and why',
    refuses: [PatientNotHere, UnderLegalHold, VisitsAhead, AlreadyErased, ErasurePlanned, ReasonNamesPatient],
    changes: true,
  })
  plan(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ErasureReason,
  ): Promise<ErasureView> {
    return this.erasures.plan(actor, id, body);
  }

  @Post('erasures/:id/execute')
  @HttpCode(200)
  @Requires('privacy:manage')
  @Endpoint({
    summary: 'Execute a planned erasure; answers with its certificate. It cannot be undone',
    refuses: [
      PatientNotHere,
      ErasureOver,
      UnderLegalHold,
      VisitsAhead,
      UndeclaredTables,
      CertificateKeyMissing,
    ],
    changes: true,
    versioned: true,
  })
  execute(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() read: number | undefined,
  ): Promise<ErasureView> {
    return this.erasures.execute(actor, id, read);
  }

  @Post('erasures/:id/withdraw')
  @HttpCode(200)
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Withdraw a planned erasure', refuses: [PatientNotHere, ErasureOver], changes: true })
  withdraw(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ErasureView> {
    return this.erasures.withdraw(actor, id);
  }

  @Get('erasures/:id')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'An erasure with its plan and certificate', refuses: [PatientNotHere] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ErasureView> {
    return this.erasures.read(actor, id);
  }

  @Get('erasures')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Erasures, newest first' })
  find(@CurrentActor() actor: RequestActor, @Query() query: FindErasures): Promise<ErasurePage> {
    return this.erasures.find(actor, query);
  }

  @Get('erased-patients')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Who was erased, by id: to be kept beside the backups' })
  erased(@CurrentActor() actor: RequestActor, @Query() query: PageQuery): Promise<ErasedPatientPage> {
    return this.erasures.erased(actor, query);
  }

  @Post('erased-patients/erase-again')
  @HttpCode(200)
  @Requires('privacy:manage')
  @Endpoint({
    summary: 'After a backup was restored: erase again who was erased since',
    refuses: [UndeclaredTables, ErasurePlanned, CertificateKeyMissing],
    changes: true,
  })
  again(@CurrentActor() actor: RequestActor, @Body() body: EraseAgain): Promise<ErasedAgain> {
    return this.erasures.again(actor, body);
  }
}
