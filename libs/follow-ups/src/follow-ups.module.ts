import { CatalogueModule } from '#catalogue';
import { IdentityModule } from '#identity';
import { PatientsModule } from '#patients';
import { AppointmentEventsPort, ReviewDaysPort, SchedulingModule } from '#scheduling';
import { TouchUpApprovalsPort, TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { BookedReviewsRepository } from './booked-reviews.repository.js';
import { BookedReviews } from './booked-reviews.service.js';
import { FollowUpEvents } from './follow-up-events.port.js';
import { FollowUpsRepository } from './follow-ups.repository.js';
import { FollowUpsTimeline } from './follow-ups.timeline.js';
import { FollowUpsService } from './follow-ups.service.js';
import { FollowUpsOfTreatments } from './follow-ups-of-treatments.service.js';
import { FollowUpsController } from './http/follow-ups.controller.js';
import { ListedPatients } from './listed-patients.js';
import { NonResponses } from './non-responses.queries.js';
import { PathwaysController } from './pathways/http/pathways.controller.js';
import { PathwaysRepository } from './pathways/pathways.repository.js';
import { PathwaysService } from './pathways/pathways.service.js';
import { ReviewsService } from './reviews.service.js';
import { TouchUpsController } from './touch-ups/http/touch-ups.controller.js';
import { TouchUpDays } from './touch-ups/touch-up-days.js';
import { TouchUpsRepository } from './touch-ups/touch-ups.repository.js';
import { TouchUpsService } from './touch-ups/touch-ups.service.js';
import { WorklistsController } from './worklists/http/worklists.controller.js';
import { WorklistsQueries } from './worklists/worklists.queries.js';
import { WorklistsService } from './worklists/worklists.service.js';

@Module({
  imports: [CatalogueModule, IdentityModule, PatientsModule, SchedulingModule, TreatmentsModule],
  controllers: [TouchUpsController, FollowUpsController, PathwaysController, WorklistsController],
  providers: [
    FollowUpsService,
    FollowUpsOfTreatments,
    ReviewsService,
    FollowUpsRepository,
    FollowUpEvents,
    BookedReviews,
    BookedReviewsRepository,
    FollowUpsTimeline,
    ListedPatients,
    NonResponses,
    PathwaysRepository,
    PathwaysService,
    TouchUpDays,
    TouchUpsRepository,
    TouchUpsService,
    WorklistsQueries,
    WorklistsService,
  ],
  exports: [FollowUpsService, FollowUpEvents, NonResponses],
})
export class FollowUpsModule implements OnModuleInit {
  constructor(
    private readonly events: TreatmentEvents,
    private readonly followUps: FollowUpsOfTreatments,
    private readonly appointments: AppointmentEventsPort,
    private readonly bookedReviews: BookedReviews,
    private readonly reviewDays: ReviewDaysPort,
    private readonly reviews: BookedReviewsRepository,
    private readonly approvals: TouchUpApprovalsPort,
    private readonly touchUps: TouchUpsRepository,
  ) {}

  onModuleInit(): void {
    this.events.subscribe((tx, event) => this.followUps.answer(tx, event));
    this.appointments.subscribe((tx, event) => this.bookedReviews.answer(tx, event));
    this.reviewDays.subscribe((tx, patientId, areaIds) => this.reviews.daysToBook(tx, patientId, areaIds));
    this.approvals.subscribe((tx, treatmentIds) => this.touchUps.areasOf(tx, treatmentIds));
  }
}
