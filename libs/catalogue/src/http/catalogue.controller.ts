import { Endpoint } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CatalogueService } from '../catalogue.service.js';
import { CatalogueNotPublished, ProductNotFound } from '../domain/catalogue.errors.js';
import { CatalogueView } from './catalogue.dto.js';
import { FindLabels, LabelTableView } from './label.dto.js';
import { ProductView } from './product.dto.js';
import { SafetyRulesView } from './safety-rules.dto.js';
import { ProtocolsView } from './protocol.dto.js';

@ApiTags('catalogue')
@Controller()
export class CatalogueController {
  constructor(private readonly catalogue: CatalogueService) {}

  @Get('catalogue')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'Products licensed in the clinic’s market, areas, release and sources',
    refuses: [CatalogueNotPublished],
  })
  overview(@CurrentActor() actor: RequestActor): Promise<CatalogueView> {
    return this.catalogue.overview(actor);
  }

  @Get('catalogue/products/:id')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'Everything known of a product in every market, with sources and confidence',
    refuses: [ProductNotFound, CatalogueNotPublished],
  })
  product(@CurrentActor() actor: RequestActor, @Param('id') id: string): Promise<ProductView> {
    return this.catalogue.product(actor, id);
  }

  @Get('catalogue/safety-rules')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'The safety rules of the clinic’s market',
    refuses: [CatalogueNotPublished],
  })
  safetyRules(@CurrentActor() actor: RequestActor): Promise<SafetyRulesView> {
    return this.catalogue.safetyRules(actor);
  }

  @Get('catalogue/on-label')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'Which product is on label in which area and market, and within which units',
    refuses: [CatalogueNotPublished],
  })
  labels(@CurrentActor() actor: RequestActor, @Query() query: FindLabels): Promise<LabelTableView> {
    return this.catalogue.labels(actor, query);
  }

  @Get('protocols')
  @Requires('catalogue:read')
  @Endpoint({
    summary: 'The figures per product and area the clinic works by, the catalogue’s or its own',
    refuses: [CatalogueNotPublished],
  })
  protocols(@CurrentActor() actor: RequestActor): Promise<ProtocolsView> {
    return this.catalogue.protocols(actor);
  }
}
