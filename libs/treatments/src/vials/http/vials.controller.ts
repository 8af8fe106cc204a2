import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, StaffNotFound, type RequestActor } from '#identity';
import { PatientNotFound } from '#patients';
import { LocationNotFound } from '#scheduling';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { NotADose } from '../../domain/dose/dose.errors.js';
import { LotExpired, LotNotFound, LotNotUsable } from '../../domain/lots.errors.js';
import { TooFewVials } from '../../stock/domain/stock.errors.js';
import * as refused from '../../domain/vials.errors.js';
import { OpeningService } from '../opening.service.js';
import { VialsService } from '../vials.service.js';
import { CorrectVial, DiscardVial, DrawUnits, ListMovements, OpenVial, WasteUnits } from './vial.dto.js';
import { VialMovementPage, VialView } from './vial.view.js';

const OF_DRAW = [
  refused.VialPastUseBy,
  refused.VialOfOtherPatient,
  refused.VialOverdrawn,
  LotExpired,
  LotNotUsable,
  NotADose,
  PatientNotFound,
];
const OF_STEP = [refused.VialNotFound, refused.VialStatusRefused];

@ApiTags('vials')
@Controller('vials')
export class VialsController {
  constructor(
    private readonly opening: OpeningService,
    private readonly vials: VialsService,
  ) {}

  @Post('open')
  @Requires('vials:use')
  @Endpoint({
    summary: 'Open a sealed vial and make it up; its use-by clock starts',
    refuses: [
      LotNotFound,
      LocationNotFound,
      LotExpired,
      LotNotUsable,
      TooFewVials,
      refused.NoReconstitution,
      refused.ReconstitutionMissing,
      refused.DilutionOutsideLabel,
    ],
    changes: true,
  })
  open(@CurrentActor() actor: RequestActor, @Body() body: OpenVial): Promise<VialView> {
    return this.opening.open(actor, body);
  }

  @Get(':id')
  @Requires('lots:read')
  @Endpoint({
    summary: 'Read a vial with its balance, its use-by and why it is refused, if so',
    refuses: [refused.VialNotFound],
  })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<VialView> {
    return this.vials.read(actor, id);
  }

  @Get(':id/movements')
  @Requires('lots:read')
  @Endpoint({ summary: 'Everything that happened to a vial, oldest first', refuses: [refused.VialNotFound] })
  movements(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ListMovements,
  ): Promise<VialMovementPage> {
    return this.vials.movements(actor, id, query);
  }

  @Post(':id/draw')
  @HttpCode(200)
  @Requires('vials:use')
  @Endpoint({
    summary:
      'Draw units for a patient outside a chart; what is charted is drawn when the treatment is signed',
    refuses: [...OF_STEP, ...OF_DRAW],
    changes: true,
  })
  draw(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: DrawUnits,
  ): Promise<VialView> {
    return this.vials.draw(actor, id, body);
  }

  @Post(':id/waste')
  @HttpCode(200)
  @Requires('vials:use')
  @Endpoint({
    summary: 'Record units that were lost',
    refuses: [...OF_STEP, refused.VialOverdrawn, NotADose, StaffNotFound],
    changes: true,
  })
  waste(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: WasteUnits,
  ): Promise<VialView> {
    return this.vials.waste(actor, id, body);
  }

  @Post(':id/discard')
  @HttpCode(200)
  @Requires('lots:receive')
  @Endpoint({
    summary: 'Throw a vial away, opened or sealed: the rest is wasted',
    refuses: [...OF_STEP, StaffNotFound],
    changes: true,
  })
  discard(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: DiscardVial,
  ): Promise<VialView> {
    return this.vials.discard(actor, id, body);
  }

  @Post(':id/corrections')
  @HttpCode(200)
  @Requires('vials:use')
  @Endpoint({
    summary: 'Take a draw, a waste or a discard back by a counter-entry',
    refuses: [refused.VialNotFound, refused.MovementNotFound, refused.MovementNotCorrectable],
    changes: true,
  })
  correct(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CorrectVial,
  ): Promise<VialView> {
    return this.vials.correct(actor, id, body);
  }
}
