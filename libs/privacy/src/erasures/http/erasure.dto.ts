import { IsFilled, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsOptional,
  IsUUID,
  Max,
  MaxLength,
  IsInt,
  Min,
} from 'class-validator';

export class ErasureReason {
  /** Why, without the patient's name: it is kept. @example Asked for by letter of 3 November 2026 */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class FindErasures extends PageQuery {
  @IsOptional()
  @IsUUID()
  patientId?: string;
}

export class EraseAgain {
  /** Ids of patients erased since the backup was made: `items` of the list of erased patients kept elsewhere. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @IsUUID(undefined, { each: true })
  patientIds!: string[];
}

export class TableOutcome {
  /** @example waitlist_entry */
  table!: string;

  /** erase: gone; keep: stays under a pseudonym; stay: never touched */
  does!: 'erase' | 'keep' | 'stay';
  rows!: number;

  /** Of the rows that stay, how many named the patient and do no more. */
  changed!: number;
  because!: string;
}

export class ErasurePlan {
  /** Years the clinic keeps a record after its last entry. */
  retentionYears!: number;

  /** The last entry of the record. @example 2026-03-01 */
  lastEntryOn!: string;

  /** Until when what is kept stays; null when the time is over and nothing stays. @example 2036-03-01 */
  keptUntil!: string | null;
  tables!: TableOutcome[];

  /** Tables it is not declared for what to do: none is erased while there are any. */
  undeclared!: string[];
}

export class ErasureView {
  id!: string;
  patientId!: string;

  /** request, retention or restore */
  kind!: 'request' | 'retention' | 'restore';

  /** planned, executed or withdrawn */
  status!: string;
  reason!: string;
  requestedBy!: string | null;
  requestedAt!: string;
  plan!: ErasurePlan;
  executedBy!: string | null;
  executedAt!: string | null;

  /** The certificate as JSON text: what was done, how many rows, when and by whom. */
  certificate!: string | null;

  /** Hexadecimal SHA-256 of the certificate's text. */
  certificateHash!: string | null;

  /** Also the ETag. */
  version!: number;
}

export class ErasurePage {
  items!: ErasureView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class ErasedPatientView {
  patientId!: string;
  erasedAt!: string;

  /** null once nothing is left. */
  keptUntil!: string | null;
}

export class ErasedPatientPage {
  items!: ErasedPatientView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

export class AgainOutcome {
  patientId!: string;

  /** erased: now; before: was erased in this database; absent: is not in it; held: a legal hold stands */
  outcome!: 'erased' | 'before' | 'absent' | 'held';
}

export class ErasedAgain {
  items!: AgainOutcome[];
}

export class FindErasable {
  /** Records a page, 1 to 25. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(25)
  limit: number = 25;

  /** `next` of the page before; leave out for the first page. */
  @IsOptional()
  @MaxLength(500)
  after?: string;
}

export class ErasableView {
  patientId!: string;
  lastEntryOn!: string;
  keptUntil!: string;

  /** How many rows would go. */
  rows!: number;
}

export class ErasablePage {
  items!: ErasableView[];

  /** Cursor of the next page; null on the last. A page may hold fewer than `limit` and still have a next. */
  next!: string | null;
}

export class RunStarted {
  /** The night's work was started now. */
  started!: boolean;
}
