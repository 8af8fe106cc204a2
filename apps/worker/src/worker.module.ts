import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { type JobHandler, JobsModule } from '#jobs';
import { MessagesModule } from '#messages';
import { PatientsModule } from '#patients';
import { RecomputeModule, RecomputeWindows, RestateWindows } from '#repeat-visits';
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
  RecomputeWindows,
  RestateWindows,
];

/** The queues every clinic gets a job in each night. */
export const NIGHTLY_QUEUES = [
  'tidy-up',
  'follow-ups-mark-missed',
  'end-expired-holds',
  'repeat-visits-restate',
] as const;

@Module({
  imports: [DatabaseModule, JobsModule, MessagesModule, PatientsModule, RecomputeModule],
  providers: [
    TidyUp,
    MarkMissedFollowUps,
    FollowUpsRepository,
    BookingConfirmation,
    AppointmentsRepository,
    EndExpiredHolds,
    ExpiredHoldsRepository,
  ],
})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return { module: WorkerModule, imports: [ConfigModule.with(config)] };
  }
}
