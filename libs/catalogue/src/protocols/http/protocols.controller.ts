import { Endpoint, EntityTag, IfMatch } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, Get, Param, Put, Query, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  CatalogueNotPublished,
  ProtocolBackdated,
  ProtocolNotFound,
  ProtocolOutOfOrder,
} from '../../domain/catalogue.errors.js';
import { ProtocolsService } from '../protocols.service.js';
import { ChangeProtocol, FindVersions, ProtocolInForceView, ProtocolVersionPage } from './protocols.dto.js';

@ApiTags('catalogue')
@Controller('protocols/:product/:area')
export class ProtocolsController {
  constructor(private readonly protocols: ProtocolsService) {}

  @Get()
  @UseInterceptors(EntityTag)
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'The figures of a product in an area, with the newest version of the clinic’s own',
    refuses: [ProtocolNotFound, CatalogueNotPublished],
  })
  read(
    @CurrentActor() actor: RequestActor,
    @Param('product') product: string,
    @Param('area') area: string,
  ): Promise<ProtocolInForceView> {
    return this.protocols.read(actor, product, area);
  }

  @Get('versions')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'Every version of the clinic’s own figures, newest first: who, why, from when',
    refuses: [ProtocolNotFound, CatalogueNotPublished],
  })
  versions(
    @CurrentActor() actor: RequestActor,
    @Param('product') product: string,
    @Param('area') area: string,
    @Query() query: FindVersions,
  ): Promise<ProtocolVersionPage> {
    return this.protocols.versions(actor, product, area, query);
  }

  @Put()
  @UseInterceptors(EntityTag)
  @Requires('protocols:write')
  @Endpoint({
    summary:
      'Decide on figures of the clinic’s own: a new version, and the open windows follow in the background',
    refuses: [ProtocolNotFound, ProtocolOutOfOrder, ProtocolBackdated, CatalogueNotPublished],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('product') product: string,
    @Param('area') area: string,
    @Body() body: ChangeProtocol,
    @IfMatch() read: number | undefined,
  ): Promise<ProtocolInForceView> {
    return this.protocols.change(actor, product, area, body, read);
  }
}
