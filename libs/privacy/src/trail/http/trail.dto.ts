import { IsCalendarDate, PageQuery } from '#http';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';

export class FindAuditEvents extends PageQuery {
  /** Who did it. */
  @IsOptional()
  @IsUUID()
  staffId?: string;

  /** To or of whom. */
  @IsOptional()
  @IsUUID()
  patientId?: string;

  /** @example patient.read */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,60}\.[a-z][a-z0-9_-]{0,60}$/, {
    message: 'This is not an action, e.g. patient.read',
  })
  action?: string;

  /** @example treatment */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,60}$/, { message: 'This is not a kind of record, e.g. treatment' })
  entity?: string;

  @IsOptional()
  @IsUUID()
  entityId?: string;

  @IsOptional()
  @IsIn(['done', 'refused'])
  outcome?: 'done' | 'refused';

  /** First day, in UTC. Without a person or patient the last 31 days before `to` are shown. @example 2026-11-01 */
  @IsOptional()
  @IsCalendarDate()
  from?: string;

  /** Last day, in UTC. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  to?: string;
}

export class AuditEventView {
  id!: number;
  at!: string;
  staffId!: string | null;

  /** null where the service itself did it. */
  staffName!: string | null;

  /** @example patient.read */
  action!: string;
  entity!: string;
  entityId!: string | null;
  patientId!: string | null;
  outcome!: 'done' | 'refused';

  /** Where the request came from. */
  address!: string | null;
  requestId!: string | null;

  /** Names of changed fields and ids, and of the clinic's own affairs what was set: nothing of a patient's. */
  detail!: Record<string, unknown> | null;
}

export class AuditEventPage {
  items!: AuditEventView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class LookView {
  at!: string;

  /** @example Nadia Nurse */
  who!: string;

  /** In plain words. @example saw the treatment record */
  what!: string;
}

export class LookPage {
  items!: LookView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class AnchorView {
  clinicId!: string;
  number!: number;

  /** Hexadecimal: what `npm run verify:audit -- --anchors` compares. */
  mac!: string;
  keyId!: string;
  sealedAt!: string;
}

export class AnchorAnswer {
  /** null while nothing is sealed. */
  anchor!: AnchorView | null;
}
