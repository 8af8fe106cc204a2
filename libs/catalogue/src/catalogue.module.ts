import { Module } from '@nestjs/common';

import { CatalogueRepository } from './catalogue.repository.js';
import { CatalogueService } from './catalogue.service.js';
import { CatalogueController } from './http/catalogue.controller.js';
import { ProtocolsController } from './protocols/http/protocols.controller.js';
import { ProtocolEventsPort } from './protocols/protocol-events.port.js';
import { ProtocolsRepository } from './protocols/protocols.repository.js';
import { ProtocolsService } from './protocols/protocols.service.js';

@Module({
  controllers: [CatalogueController, ProtocolsController],
  providers: [
    CatalogueService,
    CatalogueRepository,
    ProtocolsService,
    ProtocolsRepository,
    ProtocolEventsPort,
  ],
  exports: [CatalogueService, ProtocolsService, ProtocolEventsPort],
})
export class CatalogueModule {}
