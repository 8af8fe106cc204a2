import { IsCalendarDate, IsFilled } from '#http';
import { IsBoolean, IsIn, IsOptional, MaxLength } from 'class-validator';

import { PatientView } from '../../http/patient.views.js';

/** The patient left care: still in the register, in no recall list, and a competing event in return rates. */
export class RecordDeparture {
  @IsIn(['deceased', 'transferred'])
  cause!: 'deceased' | 'transferred';

  /** @example 2026-11-01 */
  @IsCalendarDate()
  on!: string;

  /** Cancels the visits still to come in the same act; otherwise they are only listed. */
  @IsOptional()
  @IsBoolean()
  cancelAppointments?: boolean;
}

export class TakeBackDeparture {
  @IsIn(['returned', 'recorded-by-mistake'])
  because!: 'returned' | 'recorded-by-mistake';

  /** @example It was her sister */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class FutureVisitView {
  appointmentId!: string;
  startsAt!: Date;
  endsAt!: Date;

  /** Name of the appointment type. */
  title!: string;

  locationName!: string;

  /** Whether this act cancelled it; false where it still has to be. */
  cancelled!: boolean;
}

export class DepartedView extends PatientView {
  /** Visits that were still to come, soonest first. */
  futureAppointments!: FutureVisitView[];
}
