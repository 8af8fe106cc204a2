import { CatalogueModule } from '#catalogue';
import { FilesModule } from '#files';
import { Module, type OnModuleInit } from '@nestjs/common';

import { DocumentsRepository } from './documents/documents.repository.js';
import { DocumentsService } from './documents/documents.service.js';
import { DocumentsController } from './documents/http/documents.controller.js';
import { PatientFiles } from './files/patient-files.js';
import { StoredFilesRepository } from './files/stored-files.repository.js';
import { HealthRepository } from './health/health.repository.js';
import { HealthService } from './health/health.service.js';
import { HealthController } from './health/http/health.controller.js';
import { PatientsController } from './http/patients.controller.js';
import { IdentityChecksController } from './identity-checks/http/identity-checks.controller.js';
import { IdentityChecksRepository } from './identity-checks/identity-checks.repository.js';
import { IdentityChecksService } from './identity-checks/identity-checks.service.js';
import { MergesController } from './merges/http/merges.controller.js';
import { MergesRepository } from './merges/merges.repository.js';
import { MergesService } from './merges/merges.service.js';
import { PatientRecords } from './patient-records.js';
import { FutureVisitsPort, PatientEventsPort } from './patients.ports.js';
import { PatientsRepository } from './patients.repository.js';
import { PatientsService } from './patients.service.js';
import { RegisterService } from './register.service.js';
import { PhotosController } from './photos/http/photos.controller.js';
import { PhotosRepository } from './photos/photos.repository.js';
import { PhotosService } from './photos/photos.service.js';
import { StandingController } from './standing/http/standing.controller.js';
import { StandingService } from './standing/standing.service.js';
import { TimelineController } from './timeline/http/timeline.controller.js';
import { REGISTER_TIMELINE } from './timeline/register.timeline.js';
import { TimelinePort } from './timeline/timeline.port.js';
import { TimelineQueries } from './timeline/timeline.queries.js';
import { TimelineService } from './timeline/timeline.service.js';

@Module({
  imports: [CatalogueModule, FilesModule],
  controllers: [
    PatientsController,
    HealthController,
    IdentityChecksController,
    StandingController,
    MergesController,
    TimelineController,
    PhotosController,
    DocumentsController,
  ],
  providers: [
    RegisterService,
    PatientsService,
    PatientsRepository,
    PatientRecords,
    PatientEventsPort,
    FutureVisitsPort,
    HealthService,
    HealthRepository,
    IdentityChecksService,
    IdentityChecksRepository,
    StandingService,
    MergesService,
    MergesRepository,
    TimelineService,
    TimelineQueries,
    TimelinePort,
    PatientFiles,
    StoredFilesRepository,
    PhotosService,
    PhotosRepository,
    DocumentsService,
    DocumentsRepository,
  ],
  exports: [RegisterService, PatientsService, PatientEventsPort, FutureVisitsPort, TimelinePort],
})
export class PatientsModule implements OnModuleInit {
  constructor(private readonly timeline: TimelinePort) {}

  onModuleInit(): void {
    this.timeline.offer(...REGISTER_TIMELINE);
  }
}
