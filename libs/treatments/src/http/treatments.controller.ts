import * as assessed from '#consultations';
import { Endpoint, IdPipe, IfMatch } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { PatientLeftCare, PatientMerged, PatientNotFound } from '#patients';
import { AppointmentNotFound, LocationNotFound, PatientNotHere, ReinjectionTooEarly } from '#scheduling';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CorrectionsService } from '../corrections.service.js';
import { DoseFindingNotFound, DoseFindingsOpen, DoseNeedsPrescriber } from '../domain/dose/dose.errors.js';
import {
  TouchUpCompletesNothing,
  TouchUpNeedsPrescriber,
  TouchUpOfOtherProduct,
  TouchUpTooEarly,
  TouchUpTooLate,
  TouchUpsSwitchedOff,
} from '../domain/touch-up.errors.js';
import {
  AmendmentUnderWay,
  ConsentMissing,
  ReasonMissing,
  RecordIncomplete,
  TreatmentEmpty,
  TreatmentNotFound,
  TreatmentOfAnother,
  TreatmentSigned,
  TreatmentStatusRefused,
  VisitTreatedAlready,
} from '../domain/treatments.errors.js';
import { SigningService } from '../signing/signing.service.js';
import { TreatmentsService } from '../treatments.service.js';
import { ChartInjections } from './injection.dto.js';
import { ApproveDoses, BeginTreatment, GiveReason, ListTreatments, SignTreatment } from './treatment.dto.js';
import { OF_DRAFT, OF_FILL, OF_LOTS } from '../domain/draft-refusals.js';
import { TreatmentPage, TreatmentView } from './treatment.view.js';

const OF_CLEARANCE = [
  assessed.ClearanceNotFound,
  assessed.NotCleared,
  assessed.ClearanceExpired,
  assessed.CoolingOff,
];
const OF_SAFETY = [assessed.BlockedBySafetyRule, assessed.DecisionMissing, assessed.AcknowledgementMissing];
const OF_TOUCH_UP = [
  TouchUpCompletesNothing,
  TouchUpsSwitchedOff,
  TouchUpTooEarly,
  TouchUpTooLate,
  TouchUpOfOtherProduct,
  TouchUpNeedsPrescriber,
];
const OF_DOSES = [DoseFindingsOpen, DoseNeedsPrescriber, ConsentMissing];
const OF_RECORD = [TreatmentNotFound, TreatmentStatusRefused, ReasonMissing];

@ApiTags('treatments')
@Controller()
export class TreatmentsController {
  constructor(
    private readonly treatments: TreatmentsService,
    private readonly signing: SigningService,
    private readonly corrections: CorrectionsService,
  ) {}

  @Post('treatments')
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Begin a treatment, today at the location, under a clearance that holds',
    refuses: [
      PatientNotFound,
      PatientLeftCare,
      PatientMerged,
      LocationNotFound,
      AppointmentNotFound,
      PatientNotHere,
      assessed.AppointmentOfAnother,
      TouchUpCompletesNothing,
      TouchUpsSwitchedOff,
      TouchUpTooEarly,
      TouchUpTooLate,
      ReinjectionTooEarly,
      StaffNotFound,
      ...OF_CLEARANCE,
      ...OF_FILL,
      ...OF_LOTS,
    ],
    changes: true,
  })
  begin(@CurrentActor() actor: RequestActor, @Body() body: BeginTreatment): Promise<TreatmentView> {
    return this.treatments.begin(actor, body);
  }

  @Get('treatments/:id')
  @Requires('charts:read')
  @Endpoint({
    summary: 'Read a treatment with totals, dose findings, signature and every version',
    refuses: [TreatmentNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<TreatmentView> {
    return this.treatments.read(actor, id);
  }

  @Get('patients/:id/treatments')
  @Requires('charts:read')
  @Endpoint({ summary: 'List the treatments of a patient, newest first', refuses: [PatientNotFound] })
  list(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ListTreatments,
  ): Promise<TreatmentPage> {
    return this.treatments.list(actor, id, query);
  }

  @Put('treatments/:id/injections')
  @Requires('treatments:record')
  @Endpoint({
    summary: 'Chart the injections: the whole list; answers totals and what the dose guard finds',
    refuses: [...OF_DRAFT, ...OF_LOTS, ReinjectionTooEarly],
    changes: true,
    versioned: true,
  })
  chart(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChartInjections,
    @IfMatch() read: number | undefined,
  ): Promise<TreatmentView> {
    return this.treatments.chart(actor, id, body, read);
  }

  @Delete('treatments/:id')
  @HttpCode(204)
  @Requires('treatments:record')
  @Endpoint({ summary: 'Discard a draft', refuses: OF_DRAFT, changes: true })
  discard(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.corrections.discard(actor, id);
  }

  @Post('treatments/:id/approve')
  @HttpCode(200)
  @Requires('treatments:sign')
  @Endpoint({
    summary: 'Accept, as a prescriber and with a reason, what the dose guard finds in a draft',
    refuses: [TreatmentNotFound, TreatmentSigned, ReasonMissing, DoseFindingNotFound, DoseNeedsPrescriber],
    changes: true,
  })
  approve(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ApproveDoses,
  ): Promise<TreatmentView> {
    return this.signing.approve(actor, id, body);
  }

  @Post('treatments/:id/sign')
  @HttpCode(200)
  @Requires('treatments:sign')
  @Endpoint({
    summary: 'Sign a treatment: it never changes again, its visit is completed, what follows is planned',
    refuses: [
      ...OF_DRAFT,
      TreatmentEmpty,
      RecordIncomplete,
      VisitTreatedAlready,
      ...OF_CLEARANCE,
      ...OF_SAFETY,
      ...OF_LOTS,
      ...OF_DOSES,
      ...OF_TOUCH_UP,
      ReinjectionTooEarly,
      PatientNotHere,
    ],
    changes: true,
  })
  sign(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SignTreatment,
  ): Promise<TreatmentView> {
    return this.signing.sign(actor, id, body);
  }

  @Post('treatments/:id/amend')
  @Requires('treatments:sign')
  @Endpoint({
    summary: 'Begin a corrected version; it replaces this one when signed, and both stay readable',
    refuses: [...OF_RECORD, TreatmentOfAnother, AmendmentUnderWay],
    changes: true,
  })
  amend(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReason,
  ): Promise<TreatmentView> {
    return this.corrections.amend(actor, id, reason);
  }

  @Post('treatments/:id/enter-in-error')
  @HttpCode(200)
  @Requires('treatments:sign')
  @Endpoint({
    summary: 'Take a signed treatment back: it stays readable and counts no more',
    refuses: OF_RECORD,
    changes: true,
  })
  enterInError(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: GiveReason,
  ): Promise<TreatmentView> {
    return this.corrections.enterInError(actor, id, reason);
  }
}
