import { IsCalendarDate, IsFilled } from '#http';
import { MaxLength } from 'class-validator';

export class DecideOverride {
  /** The first day on which the area should be treated again; not before the earliest date. @example 2026-09-01 */
  @IsCalendarDate()
  notBefore!: string;

  /** Why, for colleagues. @example Wants full movement for a recital in August */
  @IsFilled()
  @MaxLength(1000)
  reason!: string;
}

/** A clinician's own day, with the calculated one beside it. */
export class OverrideView {
  id!: string;
  patientId!: string;

  /** @example glabella */
  area!: string;

  /** @example 2026-09-01 */
  notBefore!: string;

  /** The target the rule gives. @example 2026-05-23 */
  calculated!: string | null;

  /** A treatment of the area after this day drops it. */
  afterTreatmentOn!: string;
  reason!: string;

  /** @example Dr Ada Okafor */
  decidedBy!: string;
  decidedAt!: Date;
}
