import { UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { LocationNotFound } from '#scheduling';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { REFUSED_CODES } from '../../domain/gs1/gs1.errors.js';
import { LotExists, LotIncomplete, LotNotFound, LotStatusRefused } from '../../domain/lots.errors.js';
import { DeliveryUncounted, PackOfOtherProduct, PackOfOtherStrength } from '../domain/stock.errors.js';
import { LotsService } from '../lots.service.js';
import { ChangeLot, ListLots, LotPage, LotView, ReceivedLotView, ReceiveLot } from './lot.dto.js';

const OF_DELIVERY = [PackOfOtherProduct, PackOfOtherStrength, DeliveryUncounted, LocationNotFound];
const OF_VERB = [LotNotFound, LotStatusRefused];

@ApiTags('lots')
@Controller('lots')
export class LotsController {
  constructor(private readonly lots: LotsService) {}

  @Post()
  @Requires('lots:receive')
  @Endpoint({
    summary: 'Receive a lot, scanned or typed',
    refuses: [UnknownProduct, LotIncomplete, LotExists, ...REFUSED_CODES, ...OF_DELIVERY],
    changes: true,
  })
  receive(@CurrentActor() actor: RequestActor, @Body() body: ReceiveLot): Promise<ReceivedLotView> {
    return this.lots.receive(actor, body);
  }

  @Get()
  @Requires('lots:read')
  @Endpoint({ summary: 'List the lots in stock, first to expire first', refuses: [UnknownProduct] })
  list(@CurrentActor() actor: RequestActor, @Query() query: ListLots): Promise<LotPage> {
    return this.lots.list(actor, query);
  }

  @Get(':id')
  @Requires('lots:read')
  @Endpoint({ summary: 'Read a lot', refuses: [LotNotFound] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<LotView> {
    return this.lots.read(actor, id);
  }

  @Post(':id/quarantine')
  @HttpCode(200)
  @Requires('lots:receive')
  @Endpoint({ summary: 'Put a lot aside until it is known to be sound', refuses: OF_VERB, changes: true })
  quarantine(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ChangeLot,
  ): Promise<LotView> {
    return this.lots.change(actor, id, 'quarantine', reason);
  }

  @Post(':id/release')
  @HttpCode(200)
  @Requires('lots:receive')
  @Endpoint({ summary: 'Release a lot from quarantine', refuses: OF_VERB, changes: true })
  release(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() { reason }: ChangeLot,
  ): Promise<LotView> {
    return this.lots.change(actor, id, 'release', reason);
  }
}
