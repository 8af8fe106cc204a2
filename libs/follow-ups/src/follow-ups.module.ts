import { CatalogueModule } from '#catalogue';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { FollowUpsRepository } from './follow-ups.repository.js';
import { FollowUpsService } from './follow-ups.service.js';
import { FollowUpsController } from './http/follow-ups.controller.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, TreatmentsModule],
  controllers: [FollowUpsController],
  providers: [FollowUpsService, FollowUpsRepository],
  exports: [FollowUpsService],
})
export class FollowUpsModule implements OnModuleInit {
  constructor(
    private readonly events: TreatmentEvents,
    private readonly followUps: FollowUpsService,
  ) {}

  onModuleInit(): void {
    this.events.subscribe((tx, event) => this.followUps.answer(tx, event));
  }
}
