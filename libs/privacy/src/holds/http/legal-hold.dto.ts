import { IsFilled } from '#http';
import { MaxLength } from 'class-validator';

export class HoldReason {
  /** @example Complaint before the ombudsman, file 2026/118 */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class LegalHoldView {
  id!: string;
  patientId!: string;
  reason!: string;
  placedBy!: string;
  placedAt!: string;
  liftedBy!: string | null;
  liftedAt!: string | null;
  liftReason!: string | null;
}

export class LegalHolds {
  items!: LegalHoldView[];
}
