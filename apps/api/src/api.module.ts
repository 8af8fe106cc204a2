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
import { WebhooksModule } from '#webhooks';
import { Module, type DynamicModule } from '@nestjs/common';

import { HealthController } from './health.controller.js';

/** The contexts this API serves. */
@Module({
  imports: [
    DatabaseModule,
    // Before HTTP: what a caller may not see is left out of the kept answer of a repeated request too.
    IdentityModule,
    HttpModule,
    JobsModule,
    CatalogueModule,
    PatientsModule,
    ConsultationsModule,
    TreatmentsModule,
    FollowUpsModule,
    RepeatVisitsModule,
    ReportsModule,
    PrivacyModule,
    SchedulingModule,
    WebhooksModule,
  ],
  controllers: [HealthController],
})
export class ApiModule {
  static with(config: Config): DynamicModule {
    return { module: ApiModule, imports: [ConfigModule.with(config)] };
  }
}
