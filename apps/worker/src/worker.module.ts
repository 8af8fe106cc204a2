import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { JobsModule, type JobHandler } from '#jobs';
import { MessagesModule } from '#messages';
import { PatientsModule } from '#patients';
import { ForgetReportDocuments, MakeReportDocument, MendReturnCourses, ReportsModule } from '#reports';
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
  MendReturnCourses,
  MakeReportDocument,
  ForgetReportDocuments,
];

/** The queues every clinic gets a job in each night. */
export const NIGHTLY_QUEUES = [
  'tidy-up',
  'follow-ups-mark-missed',
  'end-expired-holds',
  'return-courses-mend',
  'report-documents-forget',
] as const;

@Module({
  imports: [DatabaseModule, JobsModule, MessagesModule, PatientsModule, ReportsModule],
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
