import { CatalogueModule } from '#catalogue';
import { Module } from '@nestjs/common';

import { PatientsController } from './http/patients.controller.js';
import { PatientEventsPort } from './patients.ports.js';
import { PatientsRepository } from './patients.repository.js';
import { PatientsService } from './patients.service.js';

@Module({
  imports: [CatalogueModule],
  controllers: [PatientsController],
  providers: [PatientsService, PatientsRepository, PatientEventsPort],
  exports: [PatientsService, PatientEventsPort],
})
export class PatientsModule {}
