import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { AccountMail, AccountsRepository } from '#identity';
import type { JobHandler } from '#jobs';
import { MessagesModule } from '#messages';
import { PatientsModule } from '#patients';
import {
  AppointmentsRepository,
  BookingConfirmation,
  EndExpiredHolds,
  ExpiredHoldsRepository,
} from '#scheduling';
import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { TidyUp } from './tidy-up.job.js';

/** The job handlers this worker runs. */
export const HANDLERS: readonly Type<JobHandler>[] = [
  TidyUp,
  MarkMissedFollowUps,
  BookingConfirmation,
  EndExpiredHolds,
  AccountMail,
];

/** The queues every clinic gets a job in each night. */
export const NIGHTLY_QUEUES = ['tidy-up', 'follow-ups-mark-missed', 'end-expired-holds'] as const;

@Module({
  imports: [DatabaseModule, MessagesModule, PatientsModule],
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
  ],
})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return { module: WorkerModule, imports: [ConfigModule.with(config)] };
  }
}
