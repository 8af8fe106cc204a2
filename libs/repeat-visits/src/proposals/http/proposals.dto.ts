import { IsCalendarDate } from '#http';
import { AvailabilityView } from '#scheduling';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

import { ReasonView } from '../../http/reason.dto.js';

export class FindProposals {
  /** Not before the last treatment; left out: today where the patient was last treated. @example 2026-11-30 */
  @IsOptional()
  @IsCalendarDate()
  assessedOn?: string;

  /** With `typeId`: free times inside each visit too, in the order of the patient's habits. */
  @IsOptional()
  @IsUUID()
  locationId?: string;

  /** The appointment type to book, with `locationId`. */
  @IsOptional()
  @IsUUID()
  typeId?: string;

  /** Only with this practitioner. */
  @IsOptional()
  @IsUUID()
  practitionerId?: string;

  /** Free times a visit, 1 to 20. @example 3 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(20)
  slots: number = 3;
}

/** One visit that serves several areas. */
export class ProposedVisitView {
  /** The day nearest the mean of the targets. @example 2026-06-01 */
  date!: string;

  /** First and last day on which every area is inside its window; null: no area has an end. */
  from!: string;
  to!: string | null;

  /** @example ["forehead", "glabella"] */
  areas!: string[];

  /** Those whose window is over already: sooner is better. */
  overdue!: string[];

  /** @example Forehead lines and glabellar lines in one visit: best on 2026-06-01, possible from 2026-05-20 to 2026-06-20. */
  says!: string;
}

/** Why two visits are not one. */
export class VisitConflictView {
  /** The area whose window ends first, and its last day. */
  area!: string;
  until!: string;

  /** The area that opens after it, and its first day. */
  other!: string;
  from!: string;
  says!: string;
}

export class ProposalsView {
  /** The fewest visits, in order of their days. */
  visits!: ProposedVisitView[];
  conflicts!: VisitConflictView[];

  /** Areas for which no visit can be proposed: a date is missing. */
  withoutDates!: string[];
}

export class BookableVisitView extends ProposedVisitView {
  /** Free times inside the visit; null unless a location and a type were given. */
  availability!: AvailabilityView | null;
}

/** An area that is not proposed, and why. */
export class LeftOutView {
  area!: string;
  reasons!: ReasonView[];
}

/** A treatment booked already, during which another area could be treated as well. */
export class CombinableView {
  appointmentId!: string;

  /** @example 2026-06-10 */
  on!: string;

  /** Areas inside their window on that day, not booked yet. */
  areas!: string[];
}

export class PatientProposalsView {
  patientId!: string;
  assessedOn!: string;
  visits!: BookableVisitView[];
  conflicts!: VisitConflictView[];
  withoutDates!: string[];

  /** Booked already, on hold, declined …: each with its reasons. */
  leftOut!: LeftOutView[];
  combinable!: CombinableView[];
}
