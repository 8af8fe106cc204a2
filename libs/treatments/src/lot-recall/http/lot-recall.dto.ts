import { IsFilled, PageQuery } from '#http';
import { IsIn, IsOptional, IsUUID, MaxLength } from 'class-validator';

import {
  RECALL_CHANNELS,
  RECALL_OUTCOMES,
  type RecallOutcome,
  type RecallProgress,
  type RecallState,
} from '../domain/recall-progress.js';

export class OpenLotRecall {
  /** @example Notice of the manufacturer: potency below specification */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;

  /** The number of the notice. @example EL(26)A/12 */
  @IsOptional()
  @IsFilled()
  @MaxLength(100)
  reference?: string;
}

export class CloseLotRecall {
  /** @example Everybody was told */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;
}

export class FindLotRecalls extends PageQuery {
  /** open, closed */
  @IsOptional()
  @IsIn(['open', 'closed'])
  status?: 'open' | 'closed';
}

export class FindRecallPatients extends PageQuery {
  /** outstanding, tried, told */
  @IsOptional()
  @IsIn(['outstanding', 'tried', 'told'])
  state?: RecallState;
}

export class ContactRecallPatient {
  @IsUUID()
  patientId!: string;

  @IsIn(RECALL_CHANNELS)
  channel!: (typeof RECALL_CHANNELS)[number];

  /** acknowledged and declined count as told. */
  @IsIn(RECALL_OUTCOMES)
  outcome!: RecallOutcome;

  @IsOptional()
  @IsFilled()
  @MaxLength(1000)
  note?: string;
}

/** Every patient is told, tried or outstanding. */
export class RecallProgressView implements RecallProgress {
  patients!: number;
  told!: number;
  tried!: number;
  outstanding!: number;
}

export class LotRecallSummary {
  id!: string;
  lotId!: string;
  lotNumber!: string;
  product!: string;
  reason!: string;
  reference!: string | null;
  openedAt!: Date;
  openedBy!: string;
  closedAt!: Date | null;
  closedBy!: string | null;
  closedReason!: string | null;

  /** Also the ETag. */
  version!: number;
}

export class LotRecallView extends LotRecallSummary {
  progress!: RecallProgressView;
}

export class LotRecallPage {
  items!: LotRecallSummary[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}

/** Who has to be told and how to reach them: what the desk needs, and nothing of the treatment. */
export class RecallPatient {
  patientId!: string;
  patientNumber!: number;
  patientName!: string;
  birthDate!: string;
  phone!: string | null;
  email!: string | null;
  contactChannels!: string[];

  /** Wishes no contact: a prescriber decides whether safety goes first. */
  doNotContact!: boolean;

  /** active, deceased, transferred */
  patientStatus!: string;

  /** outstanding, tried, told */
  state!: RecallState;
  contacts!: number;
  lastContactAt!: Date | null;
  lastChannel!: string | null;
  lastOutcome!: string | null;
}

export class RecallPatientPage {
  items!: RecallPatient[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
