import { AuditModule, SealAudit } from '#audit';
import { ConfigModule, type Config } from '#config';
import { DatabaseModule } from '#database';
import { FollowUpsModule, FollowUpsRepository, MarkMissedFollowUps } from '#follow-ups';
import { AccountMail, AccountsRepository, Sealing } from '#identity';
import { type JobHandler, JobsModule } from '#jobs';
import { MessagesModule } from '#messages';
import { OutboundModule } from '#outbound';
import { FilesModule } from '#files';
import { PatientsModule, RemoveOrphanFiles, StoredFilesRepository } from '#patients';
import { MakeExport, PrivacyModule, RemoveErasedFiles, RetentionRun } from '#privacy';
import {
  NightlyRecallMessages,
  RecomputeWindows,
  RepeatVisitsModule,
  RestateWindows,
  SendRecallMessage,
} from '#repeat-visits';
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
import { DeliverWebhook, WebhookDeliveriesRepository, WebhooksModule } from '#webhooks';
import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { TidyUp } from './tidy-up.job.js';

/** The job handlers this worker runs. */
export const HANDLERS: readonly Type<JobHandler>[] = [
  TidyUp,
  SealAudit,
  MakeExport,
  RetentionRun,
  RemoveErasedFiles,
  MarkMissedFollowUps,
  BookingConfirmation,
  EndExpiredHolds,
  AccountMail,
  DeliverWebhook,
  RemoveOrphanFiles,
  RecomputeWindows,
  RestateWindows,
  SendRecallMessage,
  NightlyRecallMessages,
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
  'recall-messages-nightly',
  'return-courses-mend',
  'report-documents-forget',
  'waitlist-tidy',
  'retention-run',
  'remove-erased-files',
] as const;

/** The queues every clinic gets a job in every five minutes. */
export const OFTEN_QUEUES = ['audit-seal'] as const;

// Of the repeat visits the waitlist's jobs learn by the port whom a time is too early for; what they do is announced by the webhooks.
@Module({
  imports: [
    AuditModule,
    DatabaseModule,
    JobsModule,
    MessagesModule,
    OutboundModule,
    PatientsModule,
    PrivacyModule,
    SchedulingModule,
    RepeatVisitsModule,
    WebhooksModule,
    FilesModule,
    FollowUpsModule,
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
    AccountMail,
    AccountsRepository,
    DeliverWebhook,
    WebhookDeliveriesRepository,
    Sealing,
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
