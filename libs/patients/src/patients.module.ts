import { CatalogueModule } from '#catalogue';
import { Module } from '@nestjs/common';

import { PatientsController } from './http/patients.controller.js';
import { PatientsRepository } from './patients.repository.js';
import { PatientsService } from './patients.service.js';

@Module({
  imports: [CatalogueModule],
  controllers: [PatientsController],
  providers: [PatientsService, PatientsRepository],
  exports: [PatientsService],
})
export class PatientsModule {}
