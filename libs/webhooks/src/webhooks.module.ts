import { FollowUpEvents, FollowUpsModule } from '#follow-ups';
import { IdentityModule } from '#identity';
import { OutboundModule } from '#outbound';
import { PatientEventsPort, PatientsModule } from '#patients';
import { RepeatVisitsModule, WindowEvents } from '#repeat-visits';
import { AppointmentEventsPort, SchedulingModule } from '#scheduling';
import { TreatmentEvents, TreatmentsModule } from '#treatments';
import { Module, type OnModuleInit } from '@nestjs/common';

import { ofAppointment, ofFollowUp, ofPatient, ofTreatment, ofWindow } from './domain/webhook-events.js';
import { WebhooksController } from './http/webhooks.controller.js';
import { WebhookAnnouncements } from './webhook-announcements.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

@Module({
  imports: [
    FollowUpsModule,
    IdentityModule,
    OutboundModule,
    PatientsModule,
    RepeatVisitsModule,
    SchedulingModule,
    TreatmentsModule,
  ],
  controllers: [WebhooksController],
  providers: [
    WebhookEndpointsService,
    WebhookEndpointsRepository,
    WebhookDeliveriesService,
    WebhookDeliveriesRepository,
    WebhookAnnouncements,
  ],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    private readonly appointments: AppointmentEventsPort,
    private readonly treatments: TreatmentEvents,
    private readonly patients: PatientEventsPort,
    private readonly followUps: FollowUpEvents,
    private readonly windows: WindowEvents,
    private readonly announcements: WebhookAnnouncements,
  ) {}

  /** Whoever wants to be told is noted in the transaction in which it happens, and told once it is committed. */
  onModuleInit(): void {
    this.appointments.subscribe((tx, event) => this.announcements.announce(tx, ofAppointment(event)));
    this.treatments.subscribe((tx, event) => this.announcements.announce(tx, ofTreatment(event)));
    this.patients.subscribe((tx, event) => this.announcements.announce(tx, ofPatient(event)));
    this.followUps.subscribe((tx, events) => this.announcements.announceAll(tx, events.map(ofFollowUp)));
    this.windows.subscribe((tx, events) => this.announcements.announceAll(tx, events.map(ofWindow)));
  }
}
