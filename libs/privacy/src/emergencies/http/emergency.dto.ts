import { IsFilled, PageQuery } from '#http';
import { IsOptional, MaxLength, MinLength } from 'class-validator';
import { IsFlag } from '#http';

export class OpenRecord {
  /** Why this record must be seen now. @example Swelling and difficulty breathing after treatment elsewhere; history needed. */
  @IsFilled()
  @MinLength(10)
  @MaxLength(500)
  reason!: string;
}

export class FindEmergencies extends PageQuery {
  /** Only those nobody has reviewed. */
  @IsOptional()
  @IsFlag()
  unreviewed?: boolean;
}

export class EmergencyView {
  id!: string;
  patientId!: string;
  staffId!: string;

  /** @example Nadia Nurse */
  staffName!: string;
  reason!: string;
  openedAt!: string;

  /** Until when the record stays open. */
  endsAt!: string;
  reviewedBy!: string | null;
  reviewedAt!: string | null;
}

export class EmergencyPage {
  items!: EmergencyView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class EmergencyRecord {
  patientId!: string;

  /** The rows of the record as they are kept, by table. */
  record!: Record<string, Record<string, unknown>[]>;
}
