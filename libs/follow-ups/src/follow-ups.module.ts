import { CatalogueModule } from '#catalogue';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { AppointmentEventsPort, SchedulingModule } from '#scheduling';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { BookedReviewsRepository } from './booked-reviews.repository.js';
import { BookedReviews } from './booked-reviews.service.js';
import { FollowUpsRepository } from './follow-ups.repository.js';
import { FollowUpsTimeline } from './follow-ups.timeline.js';
import { FollowUpsService } from './follow-ups.service.js';
import { FollowUpsController } from './http/follow-ups.controller.js';
import { NonResponses } from './non-responses.queries.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule, TreatmentsModule],
  controllers: [FollowUpsController],
  providers: [
    FollowUpsService,
    FollowUpsRepository,
    BookedReviews,
    BookedReviewsRepository,
    FollowUpsTimeline,
    NonResponses,
  ],
  exports: [FollowUpsService, NonResponses],
})
export class FollowUpsModule implements OnModuleInit {
  constructor(
    private readonly events: TreatmentEvents,
    private readonly followUps: FollowUpsService,
    private readonly appointments: AppointmentEventsPort,
    private readonly bookedReviews: BookedReviews,
  ) {}

  onModuleInit(): void {
    this.events.subscribe((tx, event) => this.followUps.answer(tx, event));
    this.appointments.subscribe((tx, event) => this.bookedReviews.answer(tx, event));
  }
}
