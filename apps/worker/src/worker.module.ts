import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { type JobHandler, JobsModule } from '#jobs';
import { MessagesModule } from '#messages';
import { FilesModule } from '#files';
import { PatientsModule, RemoveOrphanFiles, StoredFilesRepository } from '#patients';
import { RecomputeWindows, RepeatVisitsModule, RestateWindows } from '#repeat-visits';
import { ForgetReportDocuments, MakeReportDocument, MendReturnCourses, ReportsModule } from '#reports';
import {
  AppointmentsRepository,
  BookingConfirmation,
  EndExpiredHolds,
  EndWaitlistOffer,
  ExpiredHoldsRepository,
  MatchFreedTime,
  SchedulingModule,
  TidyWaitlist,
  WaitlistOfferMessage,
} from '#scheduling';
import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { TidyUp } from './tidy-up.job.js';

/** The job handlers this worker runs. */
export const HANDLERS: readonly Type<JobHandler>[] = [
  TidyUp,
  MarkMissedFollowUps,
  BookingConfirmation,
  EndExpiredHolds,
  RemoveOrphanFiles,
  RecomputeWindows,
  RestateWindows,
  MendReturnCourses,
  MakeReportDocument,
  ForgetReportDocuments,
  MatchFreedTime,
  EndWaitlistOffer,
  WaitlistOfferMessage,
  TidyWaitlist,
];

/** The queues every clinic gets a job in each night. */
export const NIGHTLY_QUEUES = [
  'tidy-up',
  'follow-ups-mark-missed',
  'end-expired-holds',
  'remove-orphan-files',
  'repeat-visits-restate',
  'return-courses-mend',
  'report-documents-forget',
  'waitlist-tidy',
] as const;

// Of the repeat visits the waitlist's jobs learn by the port whom a time is too early for.
@Module({
  imports: [
    DatabaseModule,
    FilesModule,
    JobsModule,
    MessagesModule,
    PatientsModule,
    SchedulingModule,
    RepeatVisitsModule,
    ReportsModule,
  ],
  providers: [
    TidyUp,
    MarkMissedFollowUps,
    FollowUpsRepository,
    BookingConfirmation,
    AppointmentsRepository,
    EndExpiredHolds,
    ExpiredHoldsRepository,
    RemoveOrphanFiles,
    StoredFilesRepository,
    MatchFreedTime,
    EndWaitlistOffer,
    WaitlistOfferMessage,
    TidyWaitlist,
  ],
})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return { module: WorkerModule, imports: [ConfigModule.with(config)] };
  }
}
