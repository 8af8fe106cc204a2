import { UnknownProduct } from '#catalogue';
import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { LocationNotFound } from '#scheduling';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { REFUSED_CODES } from '../../domain/gs1/gs1.errors.js';
import { LotNotFound } from '../../domain/lots.errors.js';
import { DeliveriesService } from '../deliveries.service.js';
import * as refused from '../domain/stock.errors.js';
import { StockService } from '../stock.service.js';
import { DeliveryView, ReceiveVials, TransferVials } from './delivery.dto.js';
import {
  AskWhatToUse,
  ExpiryWatch,
  FindStock,
  FindVials,
  StockPage,
  SuggestionView,
  VialPage,
  WatchExpiry,
} from './stock.dto.js';

@ApiTags('stock')
@Controller()
export class StockController {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly stock: StockService,
  ) {}

  @Post('lots/:id/deliveries')
  @Requires('lots:receive')
  @Endpoint({
    summary: 'Receive vials of a lot at a location, counted, by serial or by scanning each pack',
    refuses: [
      LotNotFound,
      LocationNotFound,
      refused.DeliveryUncounted,
      refused.ScanOfOtherLot,
      refused.SerialKnown,
      ...REFUSED_CODES,
    ],
    changes: true,
  })
  receive(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ReceiveVials,
  ): Promise<DeliveryView> {
    return this.deliveries.receive(actor, id, body);
  }

  @Post('stock/transfers')
  @HttpCode(200)
  @Requires('lots:receive')
  @Endpoint({
    summary: 'Carry sealed vials to another location',
    refuses: [
      LotNotFound,
      LocationNotFound,
      refused.DeliveryUncounted,
      refused.TransferNowhere,
      refused.TooFewVials,
    ],
    changes: true,
  })
  transfer(@CurrentActor() actor: RequestActor, @Body() body: TransferVials): Promise<DeliveryView> {
    return this.deliveries.transfer(actor, body);
  }

  @Get('stock')
  @Requires('lots:read')
  @Endpoint({
    summary: 'What lies where, a row for each lot and location, first to expire first',
    refuses: [UnknownProduct, LocationNotFound],
  })
  list(@CurrentActor() actor: RequestActor, @Query() query: FindStock): Promise<StockPage> {
    return this.stock.list(actor, query);
  }

  @Get('stock/expiring')
  @Requires('lots:read')
  @Endpoint({
    summary: 'What expires within so many days, and how much of it will be left unused',
    refuses: [LocationNotFound],
  })
  expiring(@CurrentActor() actor: RequestActor, @Query() query: WatchExpiry): Promise<ExpiryWatch> {
    return this.stock.expiring(actor, query);
  }

  @Get('stock/suggestion')
  @Requires('lots:read')
  @Endpoint({
    summary: 'What to take: opened vials still in time first, then what expires first',
    refuses: [UnknownProduct, LocationNotFound],
  })
  suggest(@CurrentActor() actor: RequestActor, @Query() query: AskWhatToUse): Promise<SuggestionView> {
    return this.stock.suggest(actor, query);
  }

  @Get('vials')
  @Requires('lots:read')
  @Endpoint({ summary: 'The vials at a location, by status', refuses: [UnknownProduct, LocationNotFound] })
  vials(@CurrentActor() actor: RequestActor, @Query() query: FindVials): Promise<VialPage> {
    return this.stock.vials(actor, query);
  }
}
