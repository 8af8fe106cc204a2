import { IsCalendarDate, IsFilled, MayBeNull, PageQuery } from '#http';
import { IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';

export class FindClinicalTasks extends PageQuery {
  /** open, done, cancelled */
  @IsIn(['open', 'done', 'cancelled'])
  status: 'open' | 'done' | 'cancelled' = 'open';

  /** Only those of this colleague. */
  @IsOptional()
  @IsUUID()
  assignedTo?: string;

  @IsOptional()
  @IsIn(['urgent-review', 'report-to-regulator'])
  kind?: string;

  /** Only those due on this day or before. */
  @IsOptional()
  @IsCalendarDate()
  dueBy?: string;
}

export class AssignClinicalTask {
  /** The colleague; null or left out: nobody. */
  @MayBeNull()
  @IsOptional()
  @IsUUID()
  staffId?: string | null;
}

export class CompleteClinicalTask {
  /** The number the regulator gave the report; needed to complete one. @example YC-2026-104233 */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  reference?: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(2000)
  note?: string;
}

export class ClinicalTaskView {
  id!: string;

  /** urgent-review, report-to-regulator */
  kind!: string;
  adverseEventId!: string;
  patientId!: string;
  patientName!: string;

  /** What happened. */
  term!: string;

  /** yellow-card, medwatch, national-authority, swissmedic */
  regulator!: string | null;

  /** serious, seriousness-to-decide, black-triangle, black-triangle-unverified, unexpected */
  why!: string[];
  dueOn!: string;
  assignedTo!: string | null;

  /** open, done, cancelled */
  status!: string;
  reference!: string | null;
  note!: string | null;
  endedAt!: Date | null;
  endedBy!: string | null;

  /** Also the ETag. */
  version!: number;
}

export class ClinicalTaskPage {
  items!: ClinicalTaskView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
