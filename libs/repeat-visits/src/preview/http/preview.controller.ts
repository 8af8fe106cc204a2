import { CatalogueNotPublished, ProtocolNotFound, ProtocolOutOfOrder } from '#catalogue';
import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { UnknownFigures } from '../../domain/repeat-visits.errors.js';
import { PreviewService } from '../preview.service.js';
import { PreviewProtocol, PreviewView } from './preview.dto.js';

@ApiTags('catalogue')
@Controller('protocols/:product/:area/preview')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Post()
  @HttpCode(200)
  @Requires('protocols:write')
  @Endpoint({
    summary: 'How many open windows would move with such figures, and by how many days; nothing is kept',
    refuses: [ProtocolNotFound, ProtocolOutOfOrder, CatalogueNotPublished, UnknownFigures],
  })
  preview(
    @CurrentActor() actor: RequestActor,
    @Param('product') product: string,
    @Param('area') area: string,
    @Body() body: PreviewProtocol,
  ): Promise<PreviewView> {
    return this.previews.preview(actor, product, area, body);
  }
}
