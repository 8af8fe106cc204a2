import { AuditModule } from '#audit';
import { ConsultationRecordsRepository } from '#consultations';
import { FilesModule } from '#files';
import { JobsModule } from '#jobs';
import { PatientsModule } from '#patients';
import { SignedTreatmentsRepository } from '#treatments';
import { Module } from '@nestjs/common';

import { EmergenciesRepository } from './emergencies/emergencies.repository.js';
import { EmergenciesService } from './emergencies/emergencies.service.js';
import { EmergenciesController } from './emergencies/http/emergencies.controller.js';
import { CertificatesRepository } from './erasures/certificates.repository.js';
import { Erasing } from './erasures/erasing.js';
import { ErasuresRepository } from './erasures/erasures.repository.js';
import { ErasuresService } from './erasures/erasures.service.js';
import { ErasuresController } from './erasures/http/erasures.controller.js';
import { RemoveErasedFiles } from './erasures/remove-erased-files.job.js';
import { SignedRecordsOfPatient } from './erasures/signed-records.js';
import { ExportsRepository } from './exports/exports.repository.js';
import { ExportsService } from './exports/exports.service.js';
import { ExportsController } from './exports/http/exports.controller.js';
import { MakeExport } from './exports/make-export.job.js';
import { PatientFiles } from './exports/patient-files.js';
import { LegalHoldsController } from './holds/http/legal-holds.controller.js';
import { LegalHoldsRepository } from './holds/legal-holds.repository.js';
import { LegalHoldsService } from './holds/legal-holds.service.js';
import { RetentionController } from './retention/http/retention.controller.js';
import { RetentionRun } from './retention/retention-run.job.js';
import { RetentionService } from './retention/retention.service.js';
import { MentionsQueries } from './rows/mentions.queries.js';
import { PatientRowsRepository } from './rows/patient-rows.repository.js';
import { SchemaQueries } from './rows/schema.queries.js';
import { SettingsController } from './settings/http/settings.controller.js';
import { SettingsRepository } from './settings/settings.repository.js';
import { SettingsService } from './settings/settings.service.js';
import { TrailController } from './trail/http/trail.controller.js';
import { TrailQueries } from './trail/trail.queries.js';
import { TrailService } from './trail/trail.service.js';

@Module({
  imports: [AuditModule, FilesModule, JobsModule, PatientsModule],
  controllers: [
    TrailController,
    ExportsController,
    ErasuresController,
    LegalHoldsController,
    RetentionController,
    SettingsController,
    EmergenciesController,
  ],
  providers: [
    SchemaQueries,
    PatientRowsRepository,
    MentionsQueries,
    TrailQueries,
    TrailService,
    SettingsRepository,
    SettingsService,
    LegalHoldsRepository,
    LegalHoldsService,
    ExportsRepository,
    ExportsService,
    PatientFiles,
    ErasuresRepository,
    CertificatesRepository,
    ConsultationRecordsRepository,
    SignedTreatmentsRepository,
    SignedRecordsOfPatient,
    Erasing,
    ErasuresService,
    RetentionService,
    EmergenciesRepository,
    EmergenciesService,
    MakeExport,
    RetentionRun,
    RemoveErasedFiles,
  ],
  exports: [MakeExport, RetentionRun, RemoveErasedFiles],
})
export class PrivacyModule {}
