import { IsFilled, PageQuery } from '#http';
import { IsUUID, MaxLength } from 'class-validator';

import { PatientSummary, PatientView } from '../../http/patient.views.js';

export class MergePatients {
  /** The record that is united with the one in the address, and answers with a pointer to it from then on. */
  @IsUUID('all', { message: 'This is not an id (UUID)' })
  duplicateId!: string;

  /** @example Registered twice: maiden name */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class UnmergePatient {
  /** @example Twins, not one person */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class FindDuplicates extends PageQuery {}

export class DuplicateView extends PatientSummary {
  /** Why they look alike: name, birth-date, phone, email. */
  because!: string[];
}

export class DuplicatePage {
  items!: DuplicateView[];
  next!: string | null;
}

export class DuplicatePairView {
  patient!: PatientSummary;
  duplicate!: PatientSummary;

  /** Why they look alike: name, birth-date, phone, email. */
  because!: string[];
}

export class DuplicatePairPage {
  items!: DuplicatePairView[];

  /** Cursor of the next page; a page may be empty and not the last. */
  next!: string | null;
}

export class UnitedVisitView {
  appointmentId!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** Name of the appointment type. */
  title!: string;

  locationName!: string;

  /** Whether the patient is now booked twice at that time: somebody has to decide which one stays. */
  conflict!: boolean;
}

export class MergedView extends PatientView {
  /** Visits to come of both, soonest first; a merge cancels none. */
  futureAppointments!: UnitedVisitView[];
}

export class MergeView {
  id!: string;

  /** The record that was merged … */
  fromId!: string;
  fromNumber!: number;

  /** … and the one it was merged into. */
  intoId!: string;
  intoNumber!: number;

  reason!: string;
  mergedAt!: Date;
  mergedById!: string;
  undoneAt!: Date | null;
  undoneById!: string | null;
  undoneReason!: string | null;
}

export class MergeList {
  /** Newest first, undone ones too. */
  items!: MergeView[];
}
