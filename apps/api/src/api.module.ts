import { CatalogueModule } from '#catalogue';
import { ConfigModule, type Config } from '#config';
import { ConsultationsModule } from '#consultations';
import { DatabaseModule } from '#database';
import { FollowUpsModule } from '#follow-ups';
import { HttpModule } from '#http';
import { JobsModule } from '#jobs';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { PrivacyModule } from '#privacy';
import { RepeatVisitsModule } from '#repeat-visits';
import { ReportsModule } from '#reports';
import { SchedulingModule } from '#scheduling';
import { TreatmentsModule } from '#treatments';
import { Module, type DynamicModule } from '@nestjs/common';

import { HealthController } from './health.controller.js';

/** The contexts this API serves. */
@Module({
  imports: [
    DatabaseModule,
    HttpModule,
    JobsModule,
    IdentityModule,
    CatalogueModule,
    PatientsModule,
    ConsultationsModule,
    TreatmentsModule,
    FollowUpsModule,
    RepeatVisitsModule,
    ReportsModule,
    PrivacyModule,
    SchedulingModule,
  ],
  controllers: [HealthController],
})
export class ApiModule {
  static with(config: Config): DynamicModule {
    return { module: ApiModule, imports: [ConfigModule.with(config)] };
  }
}
