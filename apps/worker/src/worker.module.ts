import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { AccountMail, AccountsRepository, Sealing } from '#identity';
import type { JobHandler } from '#jobs';
import { MessagesModule } from '#messages';
import { OutboundModule } from '#outbound';
import { PatientsModule } from '#patients';
import {
  AppointmentsRepository,
  BookingConfirmation,
  EndExpiredHolds,
  ExpiredHoldsRepository,
} from '#scheduling';
import { DeliverWebhook, WebhookDeliveriesRepository } from '#webhooks';
import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { TidyUp } from './tidy-up.job.js';

/** The job handlers this worker runs. */
export const HANDLERS: readonly Type<JobHandler>[] = [
  TidyUp,
  MarkMissedFollowUps,
  BookingConfirmation,
  EndExpiredHolds,
  AccountMail,
  DeliverWebhook,
];

/** The queues every clinic gets a job in each night. */
export const NIGHTLY_QUEUES = ['tidy-up', 'follow-ups-mark-missed', 'end-expired-holds'] as const;

@Module({
  imports: [DatabaseModule, MessagesModule, OutboundModule, PatientsModule],
  providers: [
    TidyUp,
    MarkMissedFollowUps,
    FollowUpsRepository,
    BookingConfirmation,
    AppointmentsRepository,
    EndExpiredHolds,
    ExpiredHoldsRepository,
    AccountMail,
    AccountsRepository,
    DeliverWebhook,
    WebhookDeliveriesRepository,
    Sealing,
  ],
})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return { module: WorkerModule, imports: [ConfigModule.with(config)] };
  }
}
